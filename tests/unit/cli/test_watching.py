"""Following the board: what has come is merged, and what has changed is marked on one screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from io import StringIO
from types import SimpleNamespace

import grpc
import pytest
from geju.aggregation.v1 import board_pb2, board_service_pb2, figure_pb2
from rich.console import Console

from services.cli import watching
from services.cli.watching import Watch, changes, merge, moves, states

NOON = dt.datetime(2012, 6, 1, 12, tzinfo=dt.UTC)
RATE = figure_pb2.Figure(
    indicator="a.rate", label="甲率", form=figure_pb2.FORM_RATIO, better=figure_pb2.BETTER_UP, measure="%",
    n=110, denominator=120, value="0.916667", scale=1, denominator_scale=1, light=figure_pb2.LIGHT_AMBER,
)  # fmt: skip
COUNT = figure_pb2.Figure(
    indicator="a.count", label="乙数", form=figure_pb2.FORM_COUNT, better=figure_pb2.BETTER_DOWN, measure="件",
    n=5, value="5", scale=1, denominator_scale=1,
)  # fmt: skip


def board(attainment: float = 0.5, behind: int = 0) -> board_pb2.Board:
    """Return a board of one pattern, of which so many are behind."""
    pattern = board_pb2.PatternBoard(
        pattern="mediation", label="大调解", attainment=attainment, figures=[RATE, COUNT],
        contributions=[board_pb2.Contribution(indicator="a.rate", weight=1, attainment=attainment)],
        behind=[board_pb2.Behind(indicator="a.rate")] * behind,
    )  # fmt: skip
    return board_pb2.Board(unit_label="全区", period="2012", patterns=[pattern], attainment=attainment)


def after(state: board_pb2.Board, *, n: int = 110, attainment: float = 0.5) -> board_pb2.Board:
    """Return a board in which the rate counts so many."""
    found = board_pb2.Board()
    found.CopyFrom(state)
    found.attainment = found.patterns[0].attainment = attainment
    found.patterns[0].figures[0].n = n
    found.patterns[0].figures[0].value = str(n / 120)
    return found


def test_a_change_is_merged_into_the_board() -> None:
    """After a change the board shows the new figure and keeps the others."""
    state = board_pb2.Board(
        patterns=[board_pb2.PatternBoard(pattern="mediation", attainment=0.5, figures=[RATE, COUNT])]
    )
    fresh = figure_pb2.Figure()
    fresh.CopyFrom(RATE)
    fresh.n = 111
    head = board_pb2.PatternBoard(pattern="mediation", attainment=0.6)
    change = board_service_pb2.BoardChange(version=7, figures=[fresh], patterns=[head], attainment=0.7)
    merge(state, change)
    [pattern] = state.patterns
    assert (7, 0.6, [111, 5]) == (state.version, pattern.attainment, [figure.n for figure in pattern.figures])
    assert pytest.approx(0.7) == state.attainment
    merge(state, board_service_pb2.BoardChange(version=8))
    assert not state.HasField("attainment")


def test_a_change_brings_who_is_still_behind() -> None:
    """The pattern of a change comes without figures: they stay."""
    state = board(behind=3)
    head = board(behind=1).patterns[0]
    del head.figures[:]
    merge(state, board_service_pb2.BoardChange(patterns=[head]))
    assert (1, 2) == (len(state.patterns[0].behind), len(state.patterns[0].figures))


def test_a_change_says_which_way_the_value_went_and_how_far_the_counts() -> None:
    """An arrow of the value, coloured by whether that is progress, and n and N by how much; nothing else is marked."""
    more = changes(board(), after(board(), n=112))
    assert [("a.rate", "▲ n+2", "green")] == [(code, text.plain, text.style) for code, text in more.items()]
    less = changes(board(), after(board(), n=109))
    assert [("a.rate", "▼ n-1", "red")] == [(code, text.plain, text.style) for code, text in less.items()]
    assert {} == changes(board(), board(behind=2))
    fewer = after(board())
    fewer.patterns[0].figures[1].n, fewer.patterns[0].figures[1].value = 3, "3"
    assert [("▼ n-2", "green")] == [(text.plain, text.style) for text in changes(board(), fewer).values()]


def test_an_attainment_moves_by_points() -> None:
    """The pattern's and the whole board's, and only when it moves."""
    assert {} == moves(board(), board())
    found = {code: text.plain for code, text in moves(board(), after(board(), attainment=0.51)).items()}
    assert {"": " ▲1.00", "mediation": " ▲1.00"} == found


def test_a_withheld_change_tells_no_number() -> None:
    """That something has changed is all that is said."""
    hidden = board()
    hidden.patterns[0].figures[0].CopyFrom(figure_pb2.Figure(indicator="a.rate", label="甲率", withheld=True))
    assert {"a.rate": "◆ 有变化"} == {code: text.plain for code, text in changes(board(), hidden).items()}


def test_the_screen_marks_the_last_change_and_remembers_those_before() -> None:
    """The figure is marked where it stands; at the foot stand the last changes with their time."""
    watch = Watch(Console(file=StringIO(), width=100, height=30))
    assert "正在连接" in watch.render(30).plain
    watch.take(board(), NOON)
    assert "▲" not in watch.render(30).plain
    watch.take(after(board(), n=112), NOON)
    watch.take(after(board(), n=111, attainment=0.49), NOON + dt.timedelta(seconds=5))
    shown = watch.render(30).plain
    assert [True] * 4 == [
        words in shown for words in ("12:00:00 甲率 ▲ n+2", "12:00:05 甲率 ▼ n-1", "-50.0 ▼ n-1", "49.0% ▼1.00")
    ]
    assert 1 == shown.count("n+2")


def test_a_lost_connection_is_said_and_the_figures_stay() -> None:
    """While the stream is opened again the last state stands; what ends the stream for good is raised."""
    watch = Watch(Console(file=StringIO(), width=80, height=24))
    watch.take(board(), NOON)
    watch.take(None, NOON)
    assert [True, True] == [words in watch.render(24).plain for words in ("正在重连", "甲率")]
    watch.take(board(), NOON)
    assert "正在重连" not in watch.render(24).plain
    with pytest.raises(ValueError, match="over"):
        watch.take(ValueError("over"), NOON)


class _Ended(grpc.RpcError, grpc.Call):
    """A stream that ended with a status."""

    def __init__(self, code: grpc.StatusCode) -> None:
        self._code = code

    def code(self) -> grpc.StatusCode:
        """Return the status."""
        return self._code


def test_a_watch_goes_on_after_its_token_and_not_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that was good may have expired since; one that was refused at once will be so again."""
    board = board_service_pb2.WatchBoardResponse(board=board_pb2.Board(unit="wuma"))

    def watched(_request: object) -> Iterator[board_service_pb2.WatchBoardResponse]:
        yield from streams.pop(0)
        raise _Ended(grpc.StatusCode.UNAUTHENTICATED)

    monkeypatch.setattr(watching, "_AGAIN_SECONDS", 0)
    streams, geju = [[board], [board], []], SimpleNamespace(stub=lambda _: SimpleNamespace(WatchBoard=watched))
    found = states(geju, board_service_pb2.WatchBoardRequest())  # type: ignore[arg-type]
    assert ["wuma", "wuma"] == [next(found).unit, next(found).unit]
    with pytest.raises(_Ended):
        next(found)
