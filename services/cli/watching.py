"""Following the board: its states as they come, and what has changed from one to the next."""

from __future__ import annotations

import datetime as dt
import time
from collections import deque
from collections.abc import Iterator, Mapping
from decimal import Decimal
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import grpc
from geju.aggregation.v1 import board_pb2, board_service_pb2, board_service_pb2_grpc, figure_pb2
from rich.console import Console
from rich.live import Live
from rich.text import Text

from services.chassis.domain.dates import SHANGHAI
from services.cli import figures
from services.cli.screen import Marks, screen
from services.client import Geju
from services.client.batches import may_go_on

_AGAIN_SECONDS = 1.0
#: A terminal says nothing when its size changes: so often it is looked at.
_LOOK_SECONDS = 0.25
#: So many changes are remembered at the foot of the screen, and so many figures named of each.
_REMEMBERED, _NAMED = 3, 4
Event = board_pb2.Board | Exception | None


class Watch:
    """What a terminal shows while it follows the board."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._state: board_pb2.Board | None = None
        self._marks = Marks()
        self._told: deque[Text] = deque(maxlen=_REMEMBERED)

    def follow(self, geju: Geju, request: board_service_pb2.WatchBoardRequest) -> None:
        """Show every state until interrupted; the last one stays when the screen is given back."""
        events: SimpleQueue[Event] = SimpleQueue()
        Thread(target=_feed, args=(geju, request, events), daemon=True).start()
        try:
            with Live(console=self._console, auto_refresh=False, screen=True) as live:
                self._show(live, events)
        except KeyboardInterrupt:
            self._console.print(self.render(self._console.height - 1))

    def _show(self, live: Live, events: SimpleQueue[Event]) -> None:
        """Draw what comes, and the same again for another size of the terminal."""
        drawn = None
        while True:
            try:
                self.take(events.get(timeout=_LOOK_SECONDS), dt.datetime.now(SHANGHAI))
            except Empty:
                if drawn == self._console.size:
                    continue
            drawn = self._console.size
            live.update(self.render(drawn.height), refresh=True)

    def take(self, event: Event, now: dt.datetime) -> None:
        """Take what has come: a state, None for a stream that is lost for the moment, or why there will be no other."""
        if isinstance(event, Exception):
            raise event
        if event is None:
            self._marks = Marks(self._marks.figures, self._marks.patterns, "连接已中断,正在重连", tuple(self._told))
            return
        changed = {} if self._state is None else changes(self._state, event)
        if changed:
            names = {figure.indicator: figure.label for pattern in event.patterns for figure in pattern.figures}
            self._told.append(_told(now, {names[code]: text for code, text in changed.items()}))
        moved = {} if self._state is None else moves(self._state, event)
        state = f"实时跟踪(Ctrl-C 结束),{now:%H:%M:%S} 更新"
        self._state, self._marks = event, Marks(changed, moved, state, tuple(self._told))

    def render(self, height: int) -> Text:
        """Return the screen as it is now."""
        if self._state is None:
            return Text(self._marks.state or "正在连接看板……")
        return screen(self._state, self._console.width, height, self._marks)


def _told(now: dt.datetime, changed: Mapping[str, Text]) -> Text:
    """Return one change as a line: when, and which figures by how much."""
    line = Text(f"{now:%H:%M:%S} ", style="bold")
    parts = [Text.assemble((f"{label} ", "not bold"), text) for label, text in list(changed.items())[:_NAMED]]
    line.append(Text(";").join(parts))
    return line.append(f";等 {len(changed)} 项" if len(changed) > _NAMED else "", style="not bold")


def changes(before: board_pb2.Board, now: board_pb2.Board) -> dict[str, Text]:
    """Return by indicator how its figure has changed: which way the value went, and by how much n and N."""
    known = {figure.indicator: figure for pattern in before.patterns for figure in pattern.figures}
    every = (figure for pattern in now.patterns for figure in pattern.figures)
    pairs = ((known[figure.indicator], figure) for figure in every if figure.indicator in known)
    return {figure.indicator: _change(past, figure) for past, figure in pairs if _counts(past) != _counts(figure)}


def _counts(figure: figure_pb2.Figure) -> tuple[int, int, bool]:
    return figure.n, figure.denominator, figure.withheld


def _change(before: figure_pb2.Figure, now: figure_pb2.Figure) -> Text:
    if before.withheld or now.withheld:
        return Text("◆ 有变化", style="cyan")
    value = Decimal(now.value or 0) - Decimal(before.value or 0)
    arrow = "▲" if value > 0 else "▼" if value < 0 else "◆"
    parts = [("n", now.n - before.n, now.scale), ("N", now.denominator - before.denominator, now.denominator_scale)]
    told = " ".join(f"{name}{'+' if by > 0 else ''}{figures.amount(by, scale)}" for name, by, scale in parts if by)
    return Text(f"{arrow} {told}", style=_style(value, now.better))


def _style(value: Decimal, better: figure_pb2.Better.ValueType) -> str:
    if not value or better == figure_pb2.BETTER_NONE:
        return "cyan"
    return "green" if (value > 0) is (better == figure_pb2.BETTER_UP) else "red"


def moves(before: board_pb2.Board, now: board_pb2.Board) -> dict[str, Text]:
    """Return by pattern, "" for the whole board, by how many points its attainment has moved."""
    past, present = _attainments(before), _attainments(now)
    points = {code: 100 * (present[code] - past[code]) for code in present.keys() & past.keys()}
    return {
        code: Text(f" {'▲' if by > 0 else '▼'}{abs(by):.2f}", style="green" if by > 0 else "red")
        for code, by in points.items()
        if round(by, 2)
    }


def _attainments(state: board_pb2.Board) -> dict[str, float]:
    found = {pattern.pattern: pattern.attainment for pattern in state.patterns if pattern.HasField("attainment")}
    return found | ({"": state.attainment} if state.HasField("attainment") else {})


def _feed(geju: Geju, request: board_service_pb2.WatchBoardRequest, events: SimpleQueue[Event]) -> None:
    try:
        for state in states(geju, request, lost=lambda: events.put(None)):
            events.put(state)
    except Exception as error:  # noqa: BLE001 - whoever follows is told, in his own thread
        events.put(error)


def states(
    geju: Geju, request: board_service_pb2.WatchBoardRequest, lost: Any = lambda: None
) -> Iterator[board_pb2.Board]:
    """Give the board after every change, each a copy; a stream that ends with server or token is opened again."""
    stub = geju.stub(board_service_pb2_grpc.BoardServiceStub)
    state = board_pb2.Board()
    while True:
        used = False
        try:
            for event in stub.WatchBoard(request):
                used = True
                kind = event.WhichOneof("event")
                if kind == "heartbeat":
                    continue
                fresh = board_pb2.Board()
                fresh.CopyFrom(event.board if kind == "board" else state)
                if kind == "change":
                    merge(fresh, event.change)
                state = fresh
                yield state
        except grpc.RpcError as error:
            if not isinstance(error, grpc.Call) or not may_go_on(error.code(), used=used):
                raise
            lost()
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
