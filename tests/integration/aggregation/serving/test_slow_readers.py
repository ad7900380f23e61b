"""Whoever asks for much and takes none of it keeps nobody else from the board."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date

import pytest
from geju.aggregation.v1 import board_pb2
from geju.aggregation.v1 import board_service_pb2 as pb

from services.aggregation.boards import Boards
from services.chassis.testing import eventually
from tests.integration.aggregation.serving.conftest import Board, dispute
from tests.support import frames

MANY = 30


@pytest.fixture
async def counted(board: Board) -> Board:
    """Run a board with a dispute that was settled."""
    await board.start()
    await board.ready()
    await board.publish(dispute("wuma", date(2012, 3, 1), date(2012, 3, 9)))
    await board.becomes("mediation.success_rate", 1, 1)
    return board


@asynccontextmanager
async def asked(board: Board, path: str) -> AsyncIterator[Callable[[], int]]:
    """Ask for an answer many times without room for a byte of one; gives how many have been begun."""
    assert board.running is not None
    block = frames.call(path, board.token("测试员", ("department",), ("*",)))
    reader, writer = await asyncio.open_connection("127.0.0.1", board.running.port)
    streams = range(1, 2 * MANY, 2)
    try:
        writer.write(frames.begin(window=0))
        writer.write(b"".join(frames.opened(block, one) + frames.message(b"", one) for one in streams))
        begun: set[int] = set()

        async def listen() -> None:
            while True:
                kind, _, stream, _ = await frames.read(reader)
                if kind == frames.Type.HEADERS:
                    begun.add(stream)

        listening = asyncio.ensure_future(listen())
        yield lambda: len(begun)
        listening.cancel()
    finally:
        writer.close()


async def test_figures_that_nobody_takes_hold_few_connections(counted: Board) -> None:
    """The board is read while more ask for all figures, and take none, than there are connections to the database."""
    async with asked(counted, "/geju.aggregation.v1.FigureService/ListFigures") as begun:
        await eventually(lambda: begun() > 0)
        for _ in range(5):
            await counted.board().GetBoard(pb.GetBoardRequest(), timeout=10)


async def test_a_board_is_made_once_for_those_who_begin_to_watch_it(
    counted: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many begin at the same time, each is told the board, and it is made about once."""
    made = 0
    make: Callable[..., Awaitable[board_pb2.Board]] = Boards._board

    async def counting(self: Boards, *args: object) -> board_pb2.Board:
        nonlocal made
        made += 1
        return await make(self, *args)

    monkeypatch.setattr(Boards, "_board", counting)
    async with asked(counted, "/geju.aggregation.v1.BoardService/WatchBoard") as begun:
        await eventually(lambda: begun() == MANY)
    assert made < MANY / 4
