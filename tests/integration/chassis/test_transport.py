"""What the transport of a real server takes of a client, said by hand where no library would say it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from geju.common.v1 import limit_service_pb2, limit_service_pb2_grpc

from services.chassis.client import connect
from services.chassis.transport import METADATA_LIMIT
from tests.integration.chassis.toy import EMPTY, Bench, bench, failure_of
from tests.support import frames
from tests.support.frames import Type

pytestmark = pytest.mark.timeout(60)
LISTING = "/geju.common.v1.LimitService/ListLimits"
ASKED = limit_service_pb2.ListLimitsRequest()


@dataclass
class Line:
    """A connection to a server, without a client."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def until(self, *kinds: Type) -> tuple[int, bytes]:
        """Return stream and payload of the next frame of some kinds."""
        while True:
            kind, _, stream, payload = await frames.read(self.reader)
            if kind in kinds:
                return stream, payload


@asynccontextmanager
async def line(b: Bench) -> AsyncIterator[Line]:
    """Connect by hand for the length of the block."""
    reader, writer = await asyncio.open_connection("127.0.0.1", b.running.port)
    try:
        writer.write(frames.begin())
        yield Line(reader, writer)
    finally:
        writer.close()


@pytest.mark.parametrize("token", ["", "nonsense"])
async def test_of_a_stranger_no_message_is_read(tmp_path: Path, token: str) -> None:
    """Whoever shows no valid token is refused by his headers alone, whatever would have come after them."""
    async with bench(tmp_path) as b, line(b) as by_hand:
        by_hand.writer.write(frames.opened(frames.call(LISTING, token), 1))
        stream, _ = await asyncio.wait_for(by_hand.until(Type.HEADERS), 10)
        assert (1, []) == (stream, b.limits.calls)
        text = b.running.runtime.metrics.render().decode()
    method = 'grpc_method="ListLimits",grpc_service="geju.common.v1.LimitService",grpc_type="unary"'
    assert f"grpc_server_msg_received_total{{{method}}} 0.0" in text


async def test_a_caller_s_message_is_waited_for(tmp_path: Path) -> None:
    """Of a caller the message is read before anything is said."""
    async with bench(tmp_path) as b, line(b) as by_hand:
        by_hand.writer.write(frames.opened(frames.call(LISTING, b.tokens("clerk1", {"clerk"}, {"wuma"})), 1))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(by_hand.until(Type.HEADERS), 0.3)
        by_hand.writer.write(frames.message(b"", 1))
        assert 1 == (await by_hand.until(Type.HEADERS))[0]


async def test_more_metadata_than_is_taken_is_refused(tmp_path: Path) -> None:
    """Metadata beyond the limit is RESOURCE_EXHAUSTED, always, and up to it is taken, always."""
    async with bench(tmp_path) as b:
        for size, wanted in ((METADATA_LIMIT, grpc.StatusCode.RESOURCE_EXHAUSTED), (METADATA_LIMIT * 3 // 4, None)):
            for _ in range(20):
                call = b.stub.ListLimits(ASKED, metadata=(("x-much", "x" * size),))
                if wanted is None:
                    await call
                else:
                    assert wanted == (await failure_of(call)).code


async def test_a_message_beyond_the_transport_is_refused(tmp_path: Path) -> None:
    """A message so large that it is not even taken in is RESOURCE_EXHAUSTED."""
    async with bench(tmp_path) as b, grpc.aio.insecure_channel(f"127.0.0.1:{b.running.port}", _UNLIMITED) as channel:
        call: Any = channel.unary_unary(LISTING, request_serializer=bytes, response_deserializer=bytes)
        token = b.tokens("clerk1", {"clerk"}, {"wuma"})
        failure = await failure_of(call(bytes(17 * 2**20), metadata=(("authorization", f"Bearer {token}"),)))
    assert grpc.StatusCode.RESOURCE_EXHAUSTED == failure.code


async def test_nothing_is_unpacked(tmp_path: Path) -> None:
    """A compressed message is refused as what is not served: a small one could unpack to any size."""
    async with bench(tmp_path) as b:
        failure = await failure_of(b.stub.ListLimits(ASKED, compression=grpc.Compression.Gzip))
    assert grpc.StatusCode.UNIMPLEMENTED == failure.code


async def test_calls_beyond_the_limit_of_a_connection_wait(tmp_path: Path) -> None:
    """A client begins no more calls at once than a connection may have; the others are served in their turn."""
    under_way = most = 0
    over = asyncio.Event()  # one came too many, or none in a second

    async def handler(_: Any) -> Any:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way > 3:
            over.set()
        await over.wait()
        under_way -= 1
        return EMPTY

    async with bench(tmp_path, streams_per_connection=3) as b:
        b.limits.handler = handler
        await b.channel.ready()
        asyncio.get_running_loop().call_later(1, over.set)
        await asyncio.gather(*(b.stub.ListLimits(ASKED) for _ in range(30)))
    assert 3 == most


async def test_who_begins_more_is_refused(tmp_path: Path) -> None:
    """Calls that are begun beyond the limit all the same are refused, and the connection goes on."""
    async with bench(tmp_path, streams_per_connection=3) as b, line(b) as by_hand:
        await by_hand.until(Type.SETTINGS)
        by_hand.writer.write(frames.frame(Type.SETTINGS, flags=frames.ACK))
        block = frames.call(LISTING, b.tokens("clerk1", {"clerk"}, {"wuma"}))
        by_hand.writer.write(b"".join(frames.opened(block, stream) for stream in range(1, 9, 2)))
        assert 7 == (await asyncio.wait_for(by_hand.until(Type.RST_STREAM), 10))[0]
        by_hand.writer.write(frames.message(b"", 1))
        assert 1 == (await by_hand.until(Type.HEADERS))[0]


async def test_connections_beyond_the_limit_are_closed(tmp_path: Path) -> None:
    """One process holds so many connections; the next is closed, and there is room again when one has gone."""
    async with bench(tmp_path, connections=2) as b:
        await b.stub.ListLimits(ASKED)
        async with line(b) as first:
            await first.until(Type.SETTINGS)
            async with line(b) as second:
                with pytest.raises((asyncio.IncompleteReadError, OSError)):
                    await second.until(Type.SETTINGS)
            await b.stub.ListLimits(ASKED)
        token = b.tokens("clerk1", {"clerk"}, {"wuma"})
        async with connect(f"127.0.0.1:{b.running.port}", token) as channel:
            await limit_service_pb2_grpc.LimitServiceStub(channel).ListLimits(ASKED)


async def test_whoever_pings_without_end_is_sent_away(tmp_path: Path) -> None:
    """Pings that keep nothing alive end the connection."""
    async with bench(tmp_path) as b, line(b) as by_hand:
        said = b""
        while b"too_many_pings" not in said:
            by_hand.writer.write(frames.frame(Type.PING, bytes(8)))
            said = (await by_hand.until(Type.PING, Type.GOAWAY))[1]


_UNLIMITED = [("grpc.max_send_message_length", -1)]
