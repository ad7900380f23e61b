"""What is shown while the figures of another version of the catalogue are all that is there."""

from __future__ import annotations

from datetime import date

import asyncpg
import grpc
import pytest
from geju.aggregation.v1 import board_service_pb2 as board_pb

from services.aggregation.catalogue import INDICATORS
from services.aggregation.database import LEADER
from services.chassis import testing
from tests.integration.aggregation.serving.conftest import Board, dispute

MAY = date(2012, 5, 10)
ACCEPTED, SESSIONS = "mediation.accepted", "mediation.sessions"


async def test_figures_of_another_meaning_are_left_out_until_they_are_measured(board: Board) -> None:
    """While another version's projection is read, the board says so and shows only what still means the same."""
    running = await board.start()
    await board.ready()
    await board.publish(dispute("wuma", MAY))
    await board.becomes(ACCEPTED, 1)
    await running.stop()
    [[schema]] = await board.rows("select schema_name from current")
    await board.rows("update current set fingerprint = 'another'")
    await board.rows(f"update {schema}.definition set digest = 'another' where indicator = $1", SESSIONS)  # noqa: S608
    leader = await asyncpg.connect(board.urls.app)
    try:
        await leader.execute("select pg_advisory_lock($1)", LEADER)
        await board.start()
        await board.ready()
        shown = (await board.board().GetBoard(board_pb.GetBoardRequest(period="2012"))).board
        codes = {figure.indicator for pattern in shown.patterns for figure in pattern.figures}
        assert shown.rebuilding
        assert codes == {i.code for i in INDICATORS} - {SESSIONS}
        asked = board_pb.GetIndicatorRequest(indicator=SESSIONS, period="2012")
        with pytest.raises(grpc.RpcError) as refused:
            await board.board().GetIndicator(asked)
        assert refused.value.code() == grpc.StatusCode.UNAVAILABLE
        assert f'indicator="{SESSIONS}"'.encode() not in board.running.runtime.metrics.render()
    finally:
        await leader.close()

    async def rebuilt() -> bool:
        return not (await board.board().GetBoard(board_pb.GetBoardRequest())).board.rebuilding

    await testing.eventually(rebuilt)
    assert (await board.figure(SESSIONS)).n == 0
    assert (await board.figure(ACCEPTED)).n == 1
