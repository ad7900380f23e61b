"""Stored figures are told exactly, with the state that they are of."""

from __future__ import annotations

from datetime import date
from typing import Any

import grpc
import pytest
from geju.aggregation.v1 import board_service_pb2
from geju.aggregation.v1 import figure_service_pb2 as pb

from services.aggregation import figure_service
from services.chassis.client import Failure
from tests.integration.aggregation.serving.conftest import Board, dispute

RATE = "mediation.success_rate"


async def listed(board: Board, *roles: str, **wanted: Any) -> tuple[pb.FigureState, list[pb.StoredFigure]]:
    """Return the state and the figures that are told."""
    answers = [answer async for answer in board.figures(*roles).ListFigures(pb.ListFiguresRequest(**wanted))]
    assert [True, *[False] * (len(answers) - 1)] == [answer.HasField("state") for answer in answers]
    return answers[0].state, [figure for answer in answers for figure in answer.figures]


@pytest.fixture
async def counted(board: Board) -> Board:
    """Run a board with a dispute that was settled and one that was not."""
    await board.start()
    await board.ready()
    await board.publish(dispute("wuma", date(2012, 3, 1), date(2012, 3, 9)))
    await board.publish(dispute("nanmen", date(2012, 3, 1), date(2012, 3, 9), agreed=False))
    await board.becomes(RATE, 1, 2)
    return board


async def test_figures_are_told_as_they_are_stored(counted: Board) -> None:
    """Only what was asked for: n and N exact, of the units and periods that were named."""
    wanted = {"units": ["", "wuma"], "periods": ["2012-03", "2012"], "indicators": [RATE]}
    state, figures = await listed(counted, **wanted)
    whole = sorted((f.unit, f.period, f.n, f.denominator) for f in figures if not f.breakdown)
    assert [("", "2012", 1, 2), ("", "2012-03", 1, 2), ("wuma", "2012", 1, 1), ("wuma", "2012-03", 1, 1)] == whole
    assert {("type", "marriage")} == {(f.breakdown, f.key) for f in figures if f.breakdown}
    assert not state.rebuilding
    board = (await counted.board().GetBoard(board_service_pb2.GetBoardRequest())).board
    assert (board.version, board.as_of_date) == (state.version, state.as_of_date)


async def test_everything_comes_in_batches(counted: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a wish every stored figure comes, however many messages that takes, also to auditors."""
    _, whole = await listed(counted)
    monkeypatch.setattr(figure_service, "BATCH", 7)
    _, again = await listed(counted, "auditor")
    [(rows,)] = await counted.rows(f"select count(*) from {(await listed(counted))[0].projection}.figure")  # noqa: S608
    assert rows == len(whole) == len(again)


@pytest.mark.parametrize(
    ("roles", "wanted", "reason"),
    [
        (("office_head",), {}, "PERMISSION_DENIED"),
        (("department",), {"units": ["atlantis"]}, "UNKNOWN_OFFICE"),
        (("department",), {"indicators": ["mediation.wishes"]}, "UNKNOWN_INDICATOR"),
        (("department",), {"periods": ["2012-13"]}, "INVALID_FIELD"),
        (("department",), {"periods": ["2012", "2099-01"]}, "PERIOD_NOT_ENDED"),
        (("department",), {"periods": ["1970"]}, "PERIOD_TOO_EARLY"),
    ],
)
async def test_what_is_refused(board: Board, roles: tuple[str, ...], wanted: dict[str, Any], reason: str) -> None:
    """Whoever is withheld cells elsewhere, and wishes for what there is not."""
    await board.start()
    await board.ready()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await listed(board, *roles, **wanted)
    assert reason == Failure.of(refused.value).reason
