"""`geju board`: the figures of a unit for a period."""

# Docstrings of commands are their help, in Chinese; their arguments are the options.
# ruff: noqa: D400, PLR0913, PLR0917

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from itertools import groupby
from typing import Annotated, Any

import grpc
import typer
from geju.aggregation.v1 import board_pb2, board_service_pb2, board_service_pb2_grpc
from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from services.cli import figures, session
from services.cli.commands.plans import completion_of
from services.cli.figures import as_json
from services.cli.output import Form, Head, Output, console, dump, emit, tabled
from services.cli.session import Session
from services.cli.waiting import until_measured, until_proven
from services.client import Geju

Unit = Annotated[str, typer.Option("--unit", "-u", help="司法所代码或名称;缺省为全区。")]
Period = Annotated[str, typer.Option("--period", "-p", help="2012-03、2012-Q1 或 2012;缺省为本年。")]
AsOf = Annotated[str, typer.Option("--as-of", help="以这一天为准(按今天所知),如 2012-06-30。")]
_AGAIN_SECONDS = 1.0
_WIDE = 110
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
    watch: Annotated[bool, typer.Option("--watch", "-w", help="持续显示,有变化即刷新。")] = False,  # noqa: FBT002
    output: Output = Form.TABLE,
) -> None:
    """显示看板:每项指标的 n、N、值、目标、达成度。"""
    current = session.of(context)
    code, patterns = current.office_code(unit), current.pattern_codes(pattern or [])
    with current.client() as geju:
        if watch:
            _watch(geju, board_service_pb2.WatchBoardRequest(unit=code, period=period, patterns=patterns), output)
            return
        request = board_service_pb2.GetBoardRequest(unit=code, period=period, patterns=patterns)
        if as_of:
            request.as_of_date.CopyFrom(session.date_of(as_of))
        stub = geju.stub(board_service_pb2_grpc.BoardServiceStub)
        found = stub.GetBoard(request).board
        show(found, output)
        if output == Form.TABLE and not as_of:
            _show_plan(geju, found)


def _show_plan(geju: Geju, found: board_pb2.Board) -> None:
    """Show under the board of an office for a year how far it has come with its plan of law publicity."""
    if found.unit and found.period.isdigit() and any(pattern.pattern == PUBLICITY for pattern in found.patterns):
        told = completion_of(geju, found.unit, int(found.period))
        if told:
            console.print(told, markup=False, highlight=False, soft_wrap=True)


def show(found: board_pb2.Board, output: Form) -> None:
    """Show a board."""
    if output == Form.JSON:
        dump(as_json(found))
    elif output == Form.CSV:
        heads = [Head("pattern", "格局"), Head("unit", "单位"), Head("period", "期间"), *figures.HEADS]
        rows = ([p.label, found.unit_label, found.period, *figures.row(f)] for p in found.patterns for f in p.figures)
        emit(output, heads, rows)
    else:
        console.print(rendered(found))


def show_when_current(current: Session) -> None:
    """Show the patterns that are kept, once their figures are measured and proven equal to the records."""
    with current.client() as geju:
        until_measured(geju)
        until_proven(geju)
        patterns = ["mediation", "legalaid", "publicity", "legalservices", "correction"]
        request = board_service_pb2.GetBoardRequest(patterns=patterns)
        show(geju.stub(board_service_pb2_grpc.BoardServiceStub).GetBoard(request).board, Form.TABLE)


def rendered(found: board_pb2.Board) -> Group:
    """Return a board as tables, one for each pattern."""
    demonstration = "  (演示数据,人和事均为虚构)" if found.demonstration else ""
    proven = figures.day(found, "proven_time")
    rebuilding = "  (正在按新版本重建,含义有变的指标暂缺)" if found.rebuilding else ""
    state = f"截至 {figures.day(found, 'as_of_date')},上次与记录核对一致:{proven or '尚未核对'}{rebuilding}"
    head = Text(f"{found.unit_label}  {found.period}{demonstration}", style="bold")
    tables = (table for pattern in found.patterns for table in (_pattern(pattern), *_behind(pattern)))
    return Group(head, Text(state, style="dim"), *tables, Text(_NOTE, style="dim"))


def _pattern(found: board_pb2.PatternBoard) -> Table:
    total = f"  达成度 {figures.percent(found.attainment)}" if found.HasField("attainment") else ""
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
    """Show every state of the board until interrupted."""
    if output == Form.TABLE:
        with Live(console=console, auto_refresh=False) as live:
            for state in _states(geju, request):
                live.update(rendered(state), refresh=True)
        return
    for state in _states(geju, request):
        if output == Form.CSV:
            show(state, output)
        else:
            # One line per state, so that a program can read them as they come.
            dump(as_json(state), indent=None)
        sys.stdout.flush()


def _states(geju: Geju, request: board_service_pb2.WatchBoardRequest) -> Iterator[board_pb2.Board]:
    """Yield the board after every change; a stream that a stopping server ended is opened again."""
    stub = geju.stub(board_service_pb2_grpc.BoardServiceStub)
    state = board_pb2.Board()
    while True:
        try:
            for event in stub.WatchBoard(request):
                kind = event.WhichOneof("event")
                if kind == "board":
                    state = event.board
                elif kind == "change":
                    merge(state, event.change)
                if kind != "heartbeat":
                    yield state
        except grpc.RpcError as error:
            if not isinstance(error, grpc.Call) or error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
        time.sleep(_AGAIN_SECONDS)


def merge(state: board_pb2.Board, change: board_service_pb2.BoardChange) -> None:
    """Put what changed into a board."""
    state.version, state.attainment_text = change.version, change.attainment_text
    state.ClearField("attainment")
    if change.HasField("attainment"):
        state.attainment = change.attainment
    fresh = {_place(figure): figure for figure in change.figures}
    heads = {pattern.pattern: pattern for pattern in change.patterns}
    for pattern in state.patterns:
        if pattern.pattern in heads:
            kept: Any = list(pattern.figures)
            pattern.CopyFrom(heads[pattern.pattern])
            del pattern.figures[:]
            pattern.figures.extend(kept)
        for figure in pattern.figures:
            if _place(figure) in fresh:
                figure.CopyFrom(fresh[_place(figure)])


def _place(figure: Any) -> tuple[str, str, str, str]:
    return figure.indicator, figure.unit, figure.breakdown, figure.key


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("board")(board)
