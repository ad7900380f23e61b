"""Who has sent nothing for unusually long is shown on the board and told as a metric."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from geju.aggregation.v1 import board_service_pb2 as pb
from geju.aggregation.v1.proof_service_pb2 import RebuildRequest

from services.aggregation import boards, silences
from services.chassis import testing
from services.chassis.domain.dates import from_date
from tests.integration.aggregation.serving.conftest import SOURCE, Board, dispute

MAY = date(2012, 5, 10)
NEXT_WEEK = datetime(2012, 6, 11, 4, tzinfo=UTC)


@pytest.fixture
async def heard(board: Board, monkeypatch: pytest.MonkeyPatch) -> Board:
    """Run the service, and let two of three offices send something on a Friday."""
    monkeypatch.setattr(silences, "LOOK", timedelta(seconds=0.05))
    monkeypatch.setattr(boards, "HEARTBEAT", 0.05)
    await board.start()
    await board.ready()
    for office in ("wuma", "guanghua"):
        await board.publish(dispute(office, MAY, MAY))
    await board.becomes("mediation.success_rate", 2, 2)
    return board


async def silent(board: Board, **asked: Any) -> dict[str, bool]:
    """Return who is silent, and whether it never sent anything."""
    answer = await board.board("clerk").GetBoard(pb.GetBoardRequest(**{"period": "2012", **asked}))
    return {one.source or one.unit: one.never for one in answer.board.silences}


async def lines(board: Board) -> set[str]:
    """Return the metrics of silence."""
    assert board.running
    page = board.running.runtime.metrics.render().decode()
    return {line for line in page.splitlines() if "silen" in line and not line.startswith("#")}


async def test_the_board_names_who_has_been_silent(heard: Board) -> None:
    """After days of work without a change, not before; an office's board names the sources and itself alone."""
    assert {} == await silent(heard)
    heard.clock.set(NEXT_WEEK)
    await heard.publish(dispute("guanghua", MAY))
    await testing.eventually(lambda: _silent(heard, {"wuma": False, "nanmen": True}))
    assert {"wuma": False} == await silent(heard, unit="wuma")
    assert {} == await silent(heard, unit="guanghua")
    assert {} == await silent(heard, as_of_date=from_date(date(2012, 6, 8)))


async def test_metrics_tell_of_sources_and_offices(heard: Board) -> None:
    """Each has a line, silent or not, and one of how long nothing came in seconds of work."""
    heard.clock.set(NEXT_WEEK)
    await heard.publish(dispute("guanghua", MAY))
    await testing.eventually(lambda: _says(heard, 'geju_office_silent{unit="wuma"} 1.0'))
    await testing.eventually(lambda: _says(heard, f'geju_source_silent{{source="{SOURCE}"}} 0.0'))
    found = await lines(heard)
    assert f'geju_source_silent{{source="{SOURCE}"}} 0.0' in found
    assert 'geju_office_silent{unit="guanghua"} 0.0' in found
    # From noon to noon, and a weekend between: six days of nine hours.
    assert f'geju_office_silence_seconds{{unit="wuma"}} {6 * 9 * 3600}.0' in found


async def test_a_rebuild_does_not_forget_when_anything_was_heard(heard: Board) -> None:
    """The projection that is built anew knows the hours of the events that it is built from."""
    heard.clock.set(NEXT_WEEK)
    before = await silent(heard)
    async for _ in heard.proofs().Rebuild(RebuildRequest()):
        pass
    assert {SOURCE: False, "wuma": False, "guanghua": False, "nanmen": True} == before == await silent(heard)


async def test_a_watcher_learns_who_falls_silent(heard: Board) -> None:
    """No figure changes: the whole board comes again."""
    stream = heard.board("clerk").WatchBoard(pb.WatchBoardRequest(unit="wuma", period="2012-05"))
    assert [] == [*(await stream.read()).board.silences]
    heard.clock.set(NEXT_WEEK)
    event = await stream.read()
    while not (event.HasField("board") and event.board.silences):
        event = await stream.read()
    assert [SOURCE, "wuma"] == [one.source or one.unit for one in event.board.silences]
    stream.cancel()


async def _silent(board: Board, expected: dict[str, bool]) -> bool:
    return expected == await silent(board)


async def _says(board: Board, line: str) -> bool:
    return line in await lines(board)
