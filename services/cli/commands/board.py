"""`geju board`: the figures of a unit for a period."""

# Docstrings of commands are their help, in Chinese; their arguments are the options.
# ruff: noqa: D400, PLR0913, PLR0917

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from typing import Annotated

import typer
from geju.aggregation.v1 import board_pb2, board_service_pb2, board_service_pb2_grpc
from rich.console import Group
from rich.table import Table
from rich.text import Text

from services.chassis.domain.percentages import percent
from services.cli import figures, session
from services.cli.commands.plans import completion_of
from services.cli.failure import Exit, Failure
from services.cli.figures import as_json
from services.cli.output import Form, Head, Output, console, dump, emit, tabled
from services.cli.screen import Marks, screen, silent
from services.cli.session import Session
from services.cli.waiting import until_measured, until_proven
from services.cli.watching import Watch, states
from services.client import Geju

Unit = Annotated[str, typer.Option("--unit", "-u", help="司法所代码或名称;缺省为全区。")]
Period = Annotated[str, typer.Option("--period", "-p", help="2012-03、2012-Q1 或 2012;缺省为本年。")]
AsOf = Annotated[str, typer.Option("--as-of", help="以这一天为准(按今天所知),如 2012-06-30。")]
_WIDE = 110
#: Rows of the one screen where no terminal has a number of its own.
_ROWS = 40
_UNMARKED = Marks()
PUBLICITY = "publicity"
#: So many of those who are behind are named under a pattern; the board of an office has fewer than that.
_NAMED = 12
_BEHIND = [Head("who", "单位"), Head("office", "司法所"), Head("detail", "进度")]
_NOTE = "* 为本局起步值,其余目标出自规划;geju explain 代码 可看到每个数字背后的记录"


def board(
    context: typer.Context,
    unit: Unit = "",
    period: Period = "",
    as_of: AsOf = "",
    pattern: Annotated[
        list[str] | None,
        typer.Option("--pattern", help="只看某个格局,代码或名称,如 mediation 或 大调解;可重复。"),
    ] = None,
    every: Annotated[bool, typer.Option("--all", "-a", help="列出每个格局的全部指标;指明格局时总是如此。")] = False,  # noqa: FBT002
    watch: Annotated[bool, typer.Option("--watch", "-w", help="持续显示,有变化即刷新;Ctrl-C 结束。")] = False,  # noqa: FBT002
    output: Output = Form.TABLE,
) -> None:
    """显示看板:各格局的达成度和失分最多的指标;--all 或 --pattern 列出每项指标的 n、N、值、目标、达成度。"""
    current = session.of(context)
    code, patterns = current.office_code(unit), current.pattern_codes(pattern or [])
    if watch and as_of:
        raise Failure("--watch 跟踪的是今天,不能与 --as-of 同用", Exit.USAGE, "去掉其中一个")
    with current.client() as geju:
        if watch:
            _watch(geju, board_service_pb2.WatchBoardRequest(unit=code, period=period, patterns=patterns), output)
            return
        request = board_service_pb2.GetBoardRequest(unit=code, period=period, patterns=patterns)
        if as_of:
            request.as_of_date.CopyFrom(session.date_of(as_of))
        stub = geju.stub(board_service_pb2_grpc.BoardServiceStub)
        found = stub.GetBoard(request).board
        plan = "" if as_of or output != Form.TABLE else _plan(geju, found)
        show(found, output, every=every or bool(patterns), marks=Marks(foot=(Text(plan),) if plan else (), as_of=as_of))


def _plan(geju: Geju, found: board_pb2.Board) -> str:
    """Return of the board of an office for a year how far it has come with its plan of law publicity."""
    if found.unit and found.period.isdigit() and any(pattern.pattern == PUBLICITY for pattern in found.patterns):
        return completion_of(geju, found.unit, int(found.period))
    return ""


def show(found: board_pb2.Board, output: Form, *, every: bool = False, marks: Marks = _UNMARKED) -> None:
    """Show a board: for people on one screen, or every figure of it, with what `marks` tells at the foot."""
    if output == Form.JSON:
        dump(as_json(found))
    elif output == Form.CSV:
        heads = [Head("pattern", "格局"), Head("unit", "单位"), Head("period", "期间"), *figures.HEADS]
        rows = ([p.label, found.unit_label, found.period, *figures.row(f)] for p in found.patterns for f in p.figures)
        emit(output, heads, rows)
    elif every:
        console.print(rendered(found))
        for line in marks.foot:
            console.print(line, soft_wrap=True)
    else:
        # The prompt takes a row of the terminal too; a file has no rows to run out of.
        height = console.height - 1 if console.is_terminal else _ROWS
        console.print(screen(found, console.width, height, marks))


def show_when_current(current: Session) -> None:
    """Show the board once its figures are measured and proven equal to the records."""
    with current.client() as geju:
        until_measured(geju)
        until_proven(geju)
        request = board_service_pb2.GetBoardRequest()
        show(geju.stub(board_service_pb2_grpc.BoardServiceStub).GetBoard(request).board, Form.TABLE)


def rendered(found: board_pb2.Board) -> Group:
    """Return a board as tables, one for each pattern."""
    demonstration = "  (演示数据,人和事均为虚构)" if found.demonstration else ""
    proven = figures.shown(found, "proven_time")
    rebuilding = "  (正在按新版本重建,含义有变的指标暂缺)" if found.rebuilding else ""
    state = f"截至 {figures.shown(found, 'as_of_date')},上次与记录核对一致:{proven or '尚未核对'}{rebuilding}"
    overall = f"  总达成度 {percent(found.attainment)}" if found.HasField("attainment") else ""
    head = Text(f"{found.unit_label}  {found.period}{overall}{demonstration}", style="bold")
    tables = (table for pattern in found.patterns for table in (_pattern(pattern), *_behind(pattern)))
    return Group(head, Text(state, style="dim"), *silent(found), *tables, Text(_NOTE, style="dim"))


def _pattern(found: board_pb2.PatternBoard) -> Table:
    total = f"  达成度 {percent(found.attainment)}" if found.HasField("attainment") else ""
    # The codes are long: on a narrow terminal the figures need the room; `geju indicator` lists them.
    width = len(figures.HEADS) - (console.width < _WIDE)
    # What the pattern is judged by comes first, heaviest first; what is only watched follows.
    weighed = {part.indicator: place for place, part in enumerate(found.contributions)}
    ordered = sorted(found.figures, key=lambda figure: weighed.get(figure.indicator, len(weighed)))
    rows = (figures.row(figure)[:width] for figure in ordered)
    return tabled(figures.HEADS[:width], rows, f"{found.label}{total}")


def _behind(found: board_pb2.PatternBoard) -> Iterator[Table | Text]:
    """Yield who is behind the pace of each quota, the first of them by name."""
    labels = {figure.indicator: figure.label for figure in found.figures}
    for code, group in groupby(found.behind, key=lambda one: one.indicator):
        late = list(group)
        rows = ([one.label or one.record, one.office_label, one.detail] for one in late[:_NAMED])
        # Apart from the table: as its title it would be broken where the table ends.
        yield Text(f"{labels.get(code, code)}:{len(late)} 个单位落后于时间进度")
        yield tabled(_BEHIND, rows)
        if len(late) > _NAMED:
            yield Text(
                f"只列出前 {_NAMED} 个;geju explain {code} --reason {late[0].reason} --limit 0 列出全部", style="dim"
            )


def _watch(geju: Geju, request: board_service_pb2.WatchBoardRequest, output: Form) -> None:
    """Show every state of the board until interrupted: on a terminal on one screen, else one after the other."""
    if output == Form.TABLE and console.is_terminal:
        Watch(console).follow(geju, request)
        return
    with suppress(KeyboardInterrupt):
        for state in states(geju, request):
            if output == Form.JSON:
                # One line per state, so that a program can read them as they come.
                dump(as_json(state), indent=None)
            else:
                show(state, output)
            sys.stdout.flush()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("board")(board)
