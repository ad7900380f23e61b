"""A district in store: its facts in the stream, the aggregation service that has read them, and one who looks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
from geju.aggregation.v1 import board_pb2, board_service_pb2_grpc, proof_service_pb2, proof_service_pb2_grpc
from geju.aggregation.v1 import board_service_pb2 as pb

from services.chassis.stream import FactEvent
from tests.bench.facts import clock_offset, publish
from tests.bench.surroundings import Child, Surroundings

SECONDS = 600.0
LOOK = 0.1
LARGE = (("grpc.max_receive_message_length", 16 * 1024 * 1024),)


class Viewer:
    """Calls the aggregation service as somebody who may see and do everything there."""

    def __init__(self, port: int, token: str) -> None:
        self.channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}", LARGE)
        self._board: Any = board_service_pb2_grpc.BoardServiceStub(self.channel)
        self._proof: Any = proof_service_pb2_grpc.ProofServiceStub(self.channel)
        self._metadata = (("authorization", f"Bearer {token}"),)

    async def board(self, unit: str = "", period: str = "2012") -> board_pb2.Board:
        """Return a board."""
        request = pb.GetBoardRequest(unit=unit, period=period)
        answer = await self._board.GetBoard(request, metadata=self._metadata, timeout=30)
        return answer.board  # type: ignore[no-any-return]

    async def watch(self, unit: str, period: str) -> AsyncIterator[pb.WatchBoardResponse]:
        """Give a board and its changes."""
        request = pb.WatchBoardRequest(unit=unit, period=period)
        async for event in self._board.WatchBoard(request, metadata=self._metadata):
            yield event

    async def rebuild(self) -> AsyncIterator[proof_service_pb2.RebuildResponse]:
        """Rebuild everything, and tell how it goes."""
        async for progress in self._proof.Rebuild(proof_service_pb2.RebuildRequest(), metadata=self._metadata):
            yield progress

    async def settled(self) -> None:
        """Wait until nothing is rebuilt, nor what was before a rebuild being dropped."""
        while (
            await self._proof.ListSources(proof_service_pb2.ListSourcesRequest(), metadata=self._metadata)
        ).rebuilding:
            await asyncio.sleep(LOOK)

    async def ready(self) -> None:
        """Wait until there is a board."""
        async with asyncio.timeout(SECONDS):
            while True:
                try:
                    await self.board()
                except grpc.aio.AioRpcError as error:
                    if error.code() is not grpc.StatusCode.UNAVAILABLE:
                        raise
                    await asyncio.sleep(LOOK)
                else:
                    return


def shown(figures: Any, indicator: str) -> int | None:
    """Return n of an indicator among figures; None when it is not there."""
    return next((figure.n for figure in figures if figure.indicator == indicator), None)


def of_board(board: board_pb2.Board) -> Iterator[Any]:
    """Give every figure of a board."""
    return (figure for pattern in board.patterns for figure in pattern.figures)


@asynccontextmanager
async def aggregating(
    around: Surroundings, made: Iterable[FactEvent], **settings: str
) -> AsyncIterator[tuple[Child, Viewer]]:
    """Publish facts and serve the board of them."""
    await publish(around.nats.url, made)
    urls = await around.database("aggregation")
    token = around.tokens("bench", ["department", "operations"], ["*"])
    plain = {"clock_offset_seconds": clock_offset(), "reconcile_seconds": "86400", "log_level": "warning"}
    # A projection is a schema that the service makes by itself: that takes the owner's right to make one.
    async with around.serving("aggregation", urls, **plain | settings) as child:
        viewer = Viewer(child.port, token)
        async with viewer.channel:
            await viewer.ready()
            yield child, viewer
