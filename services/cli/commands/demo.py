"""`geju demo`: the invented district, written as spreadsheets and taken over as any other spreadsheet is."""

# Docstrings of commands are their help, in Chinese; their arguments are the options.
# ruff: noqa: D400, PLR0913, PLR0917

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from services.chassis.files import write_private
from services.chassis.profile_file import load as load_profile
from services.cli import session
from services.cli.commands import demo_exports, demo_legalaid, demo_story
from services.cli.commands.records import records, run_import
from services.cli.failure import Exit, Failure
from services.cli.importing import Result, Wish, write_errors
from services.cli.kinds import get
from services.cli.output import console, say
from services.client import Geju

SIZE = 1200
PERSONS = 100
PRACTITIONERS = 600
CASES = 600
CONSULTATIONS = 15_000
ACTIVITIES = 400
SEED = 2008
_PROBED = ("dispute", "committee", "correction_officer")

group = typer.Typer(help="演示数据:虚构的一个区县五年的工作。", no_args_is_help=True)
Size = Annotated[int, typer.Option("--size", help="每年大约多少件纠纷。", min=1, max=200_000, envvar="GEJU_DEMO_SIZE")]
Persons = Annotated[
    int,
    typer.Option("--persons", help="每年大约接收多少名社区矫正对象。", min=1, max=20_000, envvar="GEJU_DEMO_PERSONS"),
]
Practitioners = Annotated[
    int,
    typer.Option(
        "--practitioners", help="最后大约有多少名执业人员。", min=1, max=20_000, envvar="GEJU_DEMO_PRACTITIONERS"
    ),
]
Cases = Annotated[
    int, typer.Option("--cases", help="每年大约多少件法律援助案件。", min=1, max=50_000, envvar="GEJU_DEMO_CASES")
]
Consultations = Annotated[
    int,
    typer.Option(
        "--consultations", help="每年大约多少次法律咨询。", min=12, max=190_000, envvar="GEJU_DEMO_CONSULTATIONS"
    ),
]
Activities = Annotated[
    int,
    typer.Option("--activities", help="每年大约举办多少场普法活动。", min=1, max=20_000, envvar="GEJU_DEMO_ACTIVITIES"),
]
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
    size: Size = SIZE,
    persons: Persons = PERSONS,
    practitioners: Practitioners = PRACTITIONERS,
    cases: Cases = CASES,
    consultations: Consultations = CONSULTATIONS,
    activities: Activities = ACTIVITIES,
    seed: Seed = SEED,
    profile: Profile = None,
) -> None:
    """只生成演示表格,不导入。"""
    amount = Amount(size, persons, practitioners, cases, consultations, activities, seed)
    files = write_files(out, _profile(session.of(context), profile), amount)
    say(f"已生成 {len(files)} 张表,共 {sum(file.rows for file in files)} 行,在 {out}")


@group.command("load")
def load(
    context: typer.Context,
    size: Size = SIZE,
    persons: Persons = PERSONS,
    practitioners: Practitioners = PRACTITIONERS,
    cases: Cases = CASES,
    consultations: Consultations = CONSULTATIONS,
    activities: Activities = ACTIVITIES,
    seed: Seed = SEED,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="库中已有记录时什么也不做。")] = False,  # noqa: FBT002
) -> None:
    """生成演示表格并逐张导入;中断后再次运行会接着导入。"""
    current = session.of(context)
    state_file = current.home.demo / "state.json"
    state = _read(state_file)
    with current.client() as geju:
        if state.get("complete") or (if_empty and not state and not _empty(geju)):
            say("演示数据已在库中,没有再次导入" if state else "库中已有记录,没有导入演示数据")
            return
        if not state:
            amount = Amount(size, persons, practitioners, cases, consultations, activities, seed)
            files = write_files(current.home.demo, _profile(current, None), amount)
            state = {"files": [[f.kind, str(f.path), f.rows, f.after] for f in files], "done": [], "complete": False}
            _store(state_file, state)
        files = [File(kind, Path(path), rows, after) for kind, path, rows, after in state["files"]]
        _load(geju, current, files, state, state_file)


@dataclass(frozen=True)
class Amount:
    """How much there is to be: of what a year (practitioners: in the end), and the seed."""

    size: int
    persons: int
    practitioners: int
    cases: int
    consultations: int
    activities: int
    seed: int


def write_files(out: Path, profile: Path, amount: Amount) -> list[File]:
    """Write the spreadsheets; returns them in load order."""
    from services import demo  # noqa: PLC0415 - only this command knows the demonstration

    with console.status("生成演示数据 …"):
        sheets = demo.generate(out, load_profile(profile), **asdict(amount))
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

    def end(file: File, result: Result) -> None:
        _say(file, result, f"[{files.index(file) + 1}/{len(files)}]")
        note(file.path.name)

    waiting = [file for file in files if file.path.name not in done and file.rows]
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


def _say(file: File, result: Result, place: str) -> None:
    if result.errors:
        # A refused row is a fault of the generator; it must be seen, but need not keep the system down.
        where = write_errors(file.path, result.errors)
        first = result.errors[0][1]
        say(f"! {file.path.name} 有 {result.bad} 行没有导入:{first.label} {first.message}(见 {where})", "yellow")
    console.print(f"  {place} {get(file.kind).zh} {file.path.name}:{file.rows} 行", markup=False)


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
