"""`geju demo`: the invented district, written as spreadsheets and taken over as any other spreadsheet is."""

# Docstrings of commands are their help, in Chinese; their arguments are the options.
# ruff: noqa: D400, PLR0913, PLR0917

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from services.chassis.files import write_private
from services.chassis.profile_file import load as load_profile
from services.cli import session
from services.cli.commands import demo_exports, demo_legalaid, demo_story
from services.cli.commands.demo_amount import (
    Activities,
    Cases,
    Consultations,
    Disputes,
    Persons,
    Practitioners,
    Size,
    factor,
)
from services.cli.commands.demo_pace import Pace
from services.cli.commands.records import records, run_import
from services.cli.failure import Exit, Failure
from services.cli.importing import Result, Wish, write_errors
from services.cli.kinds import get
from services.cli.output import console, say
from services.client import Geju

DEFAULT = "district"
SEED = 2008
_PROBED = ("dispute", "committee", "correction_officer")

group = typer.Typer(help="演示数据:虚构的一个区县五年的工作。", no_args_is_help=True)
Seed = Annotated[int, typer.Option("--seed", help="随机种子;相同的种子得到相同的数据。")]
Profile = Annotated[Path | None, typer.Option("--profile", help="区划档案文件夹,缺省为正在运行的系统所用的。")]


@dataclass(frozen=True)
class File:
    """One spreadsheet of the demonstration, in load order; `after` names what must have happened before it."""

    kind: str
    path: Path
    rows: int
    after: str

    @property
    def export(self) -> bool:
        """What another system gives out; it comes through the stream."""
        return self.path.suffix == ".csv"


@group.command("generate")
def generate(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-O", help="要写入的文件夹。")],
    size: Size = DEFAULT,
    disputes: Disputes = None,
    persons: Persons = None,
    practitioners: Practitioners = None,
    cases: Cases = None,
    consultations: Consultations = None,
    activities: Activities = None,
    seed: Seed = SEED,
    profile: Profile = None,
) -> None:
    """只生成演示表格,不导入。"""
    wish = Wanted(size, (disputes, persons, practitioners, cases, consultations, activities), seed)
    files = write_files(out, _profile(session.of(context), profile), wish)
    say(f"已生成 {len(files)} 张表,共 {sum(file.rows for file in files)} 行,在 {out}")


@group.command("load")
def load(
    context: typer.Context,
    size: Size = DEFAULT,
    disputes: Disputes = None,
    persons: Persons = None,
    practitioners: Practitioners = None,
    cases: Cases = None,
    consultations: Consultations = None,
    activities: Activities = None,
    seed: Seed = SEED,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="库中已有记录时什么也不做。")] = False,  # noqa: FBT002
) -> None:
    """生成演示表格并逐张导入;中断后再次运行会接着导入。"""
    current = session.of(context)
    state_file = current.home.demo / "state.json"
    state = _read(state_file)
    wanted = Wanted(size, (disputes, persons, practitioners, cases, consultations, activities), seed)
    with current.client() as geju:
        if state.get("complete") or (if_empty and not state and not _empty(geju)):
            say("演示数据已在库中,没有再次导入" if state else "库中已有记录,没有导入演示数据")
            return
        if not state:
            files = write_files(current.home.demo, _profile(current, None), wanted)
            listed = [[f.kind, str(f.path), f.rows, f.after] for f in files]
            state = {"wanted": wanted.text, "files": listed, "done": [], "complete": False}
            _store(state_file, state)
        elif state.get("wanted") != wanted.text:
            say("上次的演示数据还没有载入完,接着载入的仍是上次的规模", "yellow")
        files = [File(kind, Path(path), rows, after) for kind, path, rows, after in state["files"]]
        _load(geju, current, files, state, state_file)


@dataclass(frozen=True)
class Wanted:
    """What is asked for: the size, amounts of their own (None: as the size says), and the seed."""

    size: str
    amounts: tuple[int | None, ...]
    seed: int

    @property
    def text(self) -> str:
        """The wish in words: equal for equal wishes only."""
        return f"{self.size} {self.amounts} {self.seed}"


def write_files(out: Path, profile: Path, wanted: Wanted) -> list[File]:
    """Write the spreadsheets; returns them in load order. Errors: Failure when there is no such size."""
    from services import demo  # noqa: PLC0415 - only this command knows the demonstration

    names = (field.name for field in fields(demo.Amount))
    amount = demo.scaled(factor(wanted.size), **dict(zip(names, wanted.amounts, strict=True)))
    with console.status("生成演示数据 …") as status:

        def tell(part: demo.Part) -> None:
            if part.of > 1:
                status.update(f"生成演示数据,第 {part.number}/{part.of} 部分 …")

        sheets = demo.generate(out, load_profile(profile), amount, seed=wanted.seed, progress=tell)
    return [File(sheet.kind, sheet.path, sheet.rows, sheet.after) for sheet in sheets]


def _load(geju: Geju, current: session.Session, files: Sequence[File], state: dict[str, Any], state_file: Path) -> None:
    """Import file after file; what some of them wait for happens before them, the rest of the story at the end.

    Exports are sent beside the rest: they are many, and nothing refers to them.
    """
    done = [str(name) for name in state["done"]]

    def note(name: str) -> None:
        done.append(name)
        _store(state_file, state | {"done": done})

    def happen(name: str, happens: demo_story.Happening) -> None:
        if name not in done:
            with current.second() as other:
                happens(geju, other)
            note(name)

    waiting = [file for file in files if file.path.name not in done and file.rows]
    places = {file.path.name: number for number, file in enumerate(files, 1)}
    pace = Pace(sum(file.rows for file in waiting), time.monotonic())

    def end(file: File, result: Result) -> None:
        pace.done(file.rows)
        _say(file, result, f"[{places[file.path.name]}/{len(files)}]", pace.told(time.monotonic()))
        note(file.path.name)

    exports = demo_exports.Exports([file for file in waiting if file.export], lambda file: _taken(geju, current, file))
    for file in (file for file in waiting if not file.export):
        if file.after == demo_story.CLOSED:
            exports.finish(end)
        if file.after:
            happen(file.after, demo_story.BEFORE[file.after])
        end(file, _taken(geju, current, file))
    exports.finish(end)
    for name, happens in demo_story.AFTER.items():
        happen(name, happens)
    _store(state_file, state | {"done": done, "complete": True})


def _taken(geju: Geju, current: session.Session, file: File) -> Result:
    kind = get(file.kind)
    # The generator obeys the rules, so every row is checked when it is written, not once more before.
    wish = Wish(check=False, partial=True, codes=current.codes)
    if file.export:
        return demo_legalaid.record(geju, file.path, kind, wish)
    return run_import(geju, kind, file.path, replace(wish, codes=demo_legalaid.codes(geju, kind, current.codes)))


def _say(file: File, result: Result, place: str, pace: str) -> None:
    if result.errors:
        # A refused row is a fault of the generator; it must be seen, but need not keep the system down.
        where = write_errors(file.path, result.errors)
        first = result.errors[0][1]
        say(f"! {file.path.name} 有 {result.bad} 行没有导入:{first.label} {first.message}(见 {where})", "yellow")
    console.print(f"  {place} {get(file.kind).zh} {file.path.name}:{file.rows} 行{pace}", markup=False)


def _empty(geju: Geju) -> bool:
    """Say whether the store holds none of the kinds that every installation has."""
    return not any(next(iter(records(geju, get(kind))), None) for kind in _PROBED)


def _profile(current: session.Session, given: Path | None) -> Path:
    folder = given or current.profile
    if folder is None:
        raise Failure("不知道用哪个区划档案", Exit.USAGE, "请以 --profile 指明,或先运行 geju run")
    return folder


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _store(path: Path, state: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, json.dumps(state, ensure_ascii=False))


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="demo")
