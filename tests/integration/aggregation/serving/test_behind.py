"""Who is behind the pace of a quota while its year runs is named on the board."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.aggregation.v1 import board_service_pb2 as pb
from geju.publicity.v1 import study_session_pb2 as sp
from geju.publicity.v1.facts_pb2 import StudySessionFacts

from services.aggregation import boards
from services.chassis import testing
from services.chassis.domain.dates import from_date
from tests.integration.aggregation.serving.conftest import Board

STUDIES = "publicity.cadre_study_rate"
TWO = "已学 {} 次,按进度应满 {} 次,全年 4 次"


def study(month: int) -> StudySessionFacts:
    """Return the facts of a study of the street of wuma."""
    held = from_date(date(2012, month, 1))
    return StudySessionFacts(office="wuma", organisation=sp.STUDY_ORGANISATION_STREET, held_date=held)


async def named(board: Board, *, offices: tuple[str, ...] = ("*",), **asked: Any) -> dict[str, str]:
    """Return who is named as behind, and with what."""
    request = pb.GetBoardRequest(**{"period": "2012", **asked})
    answer = await board.board("clerk", offices=offices).GetBoard(request)
    assert {"publicity"} >= {pattern.pattern for pattern in answer.board.patterns if pattern.behind}
    found = [one for pattern in answer.board.patterns for one in pattern.behind]
    assert {STUDIES} >= {one.indicator for one in found}
    return {one.label: one.detail for one in found}


async def test_the_board_names_who_is_behind(board: Board) -> None:
    """By the office in scope, on the day asked for, for the year that runs; who has studied in time is not named."""
    await board.start()
    await board.ready()
    today = board.clock.now().date()
    due = 4 * (today.timetuple().tm_yday) // 366
    assert due >= 1, "the clock of the test stands in the middle of the year"
    behind = await named(board)
    assert TWO.format(0, due) == behind["五马街道"] == behind["五马示例第一社区"]
    assert "五马示例第三社区" not in behind
    for month in range(1, due + 1):
        await board.publish(study(month))
    await testing.eventually(lambda: _is_not_named(board, "五马街道"))
    assert len(behind) - 1 == len(await named(board))
    own = await named(board, offices=("wuma",))
    assert own == await named(board, unit="wuma") == await named(board, unit="wuma", offices=("wuma",))
    assert {} == await named(board, unit="guanghua", offices=("wuma",))
    assert {} == await named(board, period="2011")
    assert {} == await named(board, period="2012", as_of_date=from_date(date(2012, 3, 20)))
    assert {} == await named(board, patterns=["mediation"])


async def _is_not_named(board: Board, label: str) -> bool:
    return label not in await named(board)


async def test_a_watcher_learns_of_who_is_in_time_again(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """A study that changes no figure takes who held it off the list all the same, with the next sign of life."""
    monkeypatch.setattr(boards, "HEARTBEAT", 0.05)
    await board.start()
    await board.ready()
    stream = board.board("clerk").WatchBoard(pb.WatchBoardRequest(unit="wuma", period="2012"))
    first = {one.label for pattern in (await stream.read()).board.patterns for one in pattern.behind}
    await board.publish(study(1))
    event = await stream.read()
    while not event.HasField("change"):
        event = await stream.read()
    [pattern] = event.change.patterns
    assert ("publicity", 0, first - {"五马街道"}) == (
        pattern.pattern,
        len(event.change.figures),
        {one.label for one in pattern.behind},
    )
    stream.cancel()


async def test_a_watcher_is_told_who_has_caught_up(board: Board) -> None:
    """The change that moves a figure brings the pattern with those who are still behind."""
    await board.start()
    await board.ready()
    stream = board.board("clerk").WatchBoard(pb.WatchBoardRequest(unit="wuma", period="2012"))
    first = {one.label for pattern in (await stream.read()).board.patterns for one in pattern.behind}
    assert "五马街道" in first
    for month in (1, 2, 3, 4):
        await board.publish(study(month))
    still = first
    while "五马街道" in still:
        event = await stream.read()
        [pattern] = [pattern for pattern in event.change.patterns if pattern.pattern == "publicity"] or [None]
        still = still if pattern is None else {one.label for one in pattern.behind}
    assert first - {"五马街道"} == still
    stream.cancel()
