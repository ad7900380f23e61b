"""Streams go through the same guard as single calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from geju.common.v1.limit_service_pb2 import ListLimitsRequest, ListLimitsResponse

from services.chassis.client import Channel, Failure, connect
from services.chassis.context import Caller, current
from services.chassis.domain.errors import Unauthenticated
from services.chassis.identity import Verifier
from services.chassis.server import App, Registration, Running, Runtime, serving
from services.chassis.testing import eventually
from services.chassis.testing.keys import Tokens
from tests.integration.chassis.toy import failure_of, get, make_settings

METHOD = "/geju.common.v1.LimitService/ListLimits"


def registration(handler: Any) -> Registration:
    """Serve the toy method by a handler of any form."""

    def add(servicer: Any, server: Any) -> None:
        server.add_registered_method_handlers("geju.common.v1.LimitService", {"ListLimits": servicer})

    return Registration(add, handler)


def downward(handler: Any) -> Registration:
    """Serve a method that answers with a stream."""
    return registration(grpc.unary_stream_rpc_method_handler(handler, None, ListLimitsResponse.SerializeToString))


def app(*registrations: Registration) -> App:
    """Make an app of what is given."""

    async def build(_runtime: Runtime) -> list[Registration]:
        return list(registrations)

    return App("toy", build)


def watch(channel: Channel, request: ListLimitsRequest) -> Any:
    """Begin a call that is answered with a stream."""
    codec = {"request_serializer": ListLimitsRequest.SerializeToString}
    return channel.unary_stream(METHOD, response_deserializer=ListLimitsResponse.FromString, **codec)(request)


async def test_a_stream_is_guarded(tmp_path: Path) -> None:
    """A stream's request is checked, its caller known, its messages counted."""
    tokens = Tokens(tmp_path)

    async def handler(request: ListLimitsRequest, _: Any) -> AsyncIterator[ListLimitsResponse]:
        for number in range(request.page_size):
            yield ListLimitsResponse(next_page_token=f"{current().caller.subject}{number}")

    async with (
        serving(app(downward(handler)), make_settings(tmp_path)) as running,
        connect(f"127.0.0.1:{running.port}", tokens("a", {"clerk"}, {"*"})) as channel,
    ):
        answers = [answer.next_page_token async for answer in watch(channel, ListLimitsRequest(page_size=3))]
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            [answer async for answer in watch(channel, ListLimitsRequest(page_size=-1))]
        text = await get(running.metrics_port, "/metrics")
    assert answers == ["a0", "a1", "a2"]
    assert Failure.of(caught.value).code == grpc.StatusCode.INVALID_ARGUMENT
    labels = 'grpc_method="ListLimits",grpc_service="geju.common.v1.LimitService",grpc_type="server_stream"'
    assert f"grpc_server_msg_sent_total{{{labels}}} 3.0" in text


async def test_a_stream_that_breaks_a_rule(tmp_path: Path) -> None:
    """An exception in the middle of a stream ends it with a status that says nothing of its text."""
    tokens = Tokens(tmp_path)

    async def handler(_request: Any, _: Any) -> AsyncIterator[ListLimitsResponse]:
        yield ListLimitsResponse()
        raise ValueError("张某某")

    async with (
        serving(app(downward(handler)), make_settings(tmp_path)) as running,
        connect(f"127.0.0.1:{running.port}", tokens("a", {"clerk"}, {"*"})) as channel,
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            [answer async for answer in watch(channel, ListLimitsRequest())]
    failure = Failure.of(caught.value)
    assert (failure.code, failure.reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    assert "张某某" not in failure.message


async def test_long_streams_end_with_the_service(tmp_path: Path) -> None:
    """A stream that watches `stopping` ends by itself when the service drains, long before the grace is over."""
    tokens = Tokens(tmp_path)
    runtimes: list[Runtime] = []

    async def handler(_request: Any, _: Any) -> AsyncIterator[ListLimitsResponse]:
        yield ListLimitsResponse()
        await runtimes[0].stopping.wait()

    async with serving(app(downward(handler)), make_settings(tmp_path, stop_seconds=60)) as running:
        runtimes.append(running.runtime)
        async with connect(f"127.0.0.1:{running.port}", tokens("a", {"clerk"}, {"*"})) as channel:
            answers = aiter(watch(channel, ListLimitsRequest()))
            await anext(answers)
            stop = asyncio.create_task(running.stop())
            with pytest.raises(StopAsyncIteration):
                await anext(answers)
            await asyncio.wait_for(stop, 10)


async def test_a_stream_of_requests(tmp_path: Path) -> None:
    """Every message of a stream of requests is checked on its own; a bad one ends the call."""
    tokens = Tokens(tmp_path)

    async def handler(requests: AsyncIterator[ListLimitsRequest], _: Any) -> ListLimitsResponse:
        return ListLimitsResponse(next_page_token=str([request.page_size async for request in requests]))

    upward = grpc.stream_unary_rpc_method_handler(handler, None, ListLimitsResponse.SerializeToString)
    async with (
        serving(app(registration(upward)), make_settings(tmp_path)) as running,
        connect(f"127.0.0.1:{running.port}", tokens("a", {"clerk"}, {"*"})) as channel,
    ):
        call = channel.stream_unary(
            METHOD,
            request_serializer=ListLimitsRequest.SerializeToString,
            response_deserializer=ListLimitsResponse.FromString,
        )
        answer = await call(ListLimitsRequest(page_size=n) for n in (1, 2))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(ListLimitsRequest(page_size=n) for n in (1, -2))
    assert answer == ListLimitsResponse(next_page_token="[1, 2]")  # noqa: S106 (no password)
    assert Failure.of(caught.value).code == grpc.StatusCode.INVALID_ARGUMENT


def both_ways(handler: Any) -> Registration:
    """Serve a method with streams in both directions."""
    return registration(grpc.stream_stream_rpc_method_handler(handler, None, ListLimitsResponse.SerializeToString))


def exchange(channel: Channel) -> Any:
    """Begin a call with streams in both directions."""
    codec = {"request_serializer": ListLimitsRequest.SerializeToString}
    return channel.stream_stream(METHOD, response_deserializer=ListLimitsResponse.FromString, **codec)()


async def echo(requests: AsyncIterator[ListLimitsRequest], _: Any) -> AsyncIterator[ListLimitsResponse]:
    """Answer each request with who sent it and what."""
    async for request in requests:
        yield ListLimitsResponse(next_page_token=f"{current().caller.subject}{request.page_size}")


async def ended(call: Any) -> Failure:
    """Return what a stream ended with."""

    async def read_on() -> None:
        while await call.read() != grpc.aio.EOF:
            pass

    return await failure_of(read_on())


async def test_a_stream_in_both_directions_is_guarded(tmp_path: Path) -> None:
    """Each message is checked and answered in its turn; a bad one ends the stream, after what came before it."""
    tokens = Tokens(tmp_path)
    async with (
        serving(app(both_ways(echo)), make_settings(tmp_path)) as running,
        connect(f"127.0.0.1:{running.port}", tokens("a", {"clerk"}, {"*"})) as channel,
    ):
        call = exchange(channel)
        for number in (1, 2, -3, 4):
            await call.write(ListLimitsRequest(page_size=number))
        answers = [(await call.read()).next_page_token for _ in range(2)]
        failure = await ended(call)
        whole = exchange(channel)
        await whole.done_writing()
        assert grpc.aio.EOF == await whole.read()
        assert grpc.StatusCode.OK == await whole.code()
        text = await get(running.metrics_port, "/metrics")
    assert ["a1", "a2"] == answers
    assert (grpc.StatusCode.INVALID_ARGUMENT, "page_size") == (failure.code, failure.fields[0][0])
    labels = 'grpc_method="ListLimits",grpc_service="geju.common.v1.LimitService",grpc_type="bidi_stream"'
    assert f"grpc_server_msg_received_total{{{labels}}} 3.0" in text


async def test_who_may_not_call_opens_no_stream(tmp_path: Path) -> None:
    """Neither without the role nor without a token."""
    tokens = Tokens(tmp_path)
    for token, code in ((tokens("a", {"service"}, {"*"}), "PERMISSION_DENIED"), ("", "UNAUTHENTICATED")):
        async with (
            serving(app(both_ways(echo)), make_settings(tmp_path)) as running,
            connect(f"127.0.0.1:{running.port}", token) as channel,
        ):
            assert code == (await ended(exchange(channel))).code.name


async def test_a_token_that_expires_ends_the_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends is asked with every message, not only at the beginning."""
    tokens, expired = Tokens(tmp_path), asyncio.Event()
    real = Verifier.verify

    def verify(self: Verifier, header: str) -> Caller:
        if expired.is_set():
            raise Unauthenticated
        return real(self, header)

    monkeypatch.setattr(Verifier, "verify", verify)
    async with (
        serving(app(both_ways(echo)), make_settings(tmp_path)) as running,
        connect(f"127.0.0.1:{running.port}", tokens("a", {"clerk"}, {"*"})) as channel,
    ):
        call = exchange(channel)
        await call.write(ListLimitsRequest(page_size=1))
        assert "a1" == (await call.read()).next_page_token
        expired.set()
        await call.write(ListLimitsRequest(page_size=2))
        assert "UNAUTHENTICATED" == (await ended(call)).reason


class Held:
    """A handler that keeps each request until it is let go; knows what it took and how it ended."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.let_go = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, requests: AsyncIterator[ListLimitsRequest], _: Any) -> AsyncIterator[ListLimitsResponse]:
        """Answer each request when it may."""
        try:
            async for request in requests:
                self.taken.append(request.page_size)
                await self.let_go.wait()
                yield ListLimitsResponse(next_page_token=str(request.page_size))
        finally:
            self.ended.set()


async def drained(running: Running) -> None:
    """Wait until a service has begun to refuse calls."""
    await running.runtime.stopping.wait()


async def test_the_next_message_is_read_when_the_one_before_is_answered(tmp_path: Path) -> None:
    """Whoever sends faster waits in the transport; when the service drains what is in hand is finished, no more."""
    tokens, held = Tokens(tmp_path), Held()
    async with (
        serving(app(both_ways(held)), make_settings(tmp_path, stop_seconds=60)) as running,
        connect(f"127.0.0.1:{running.port}", tokens("a", {"clerk"}, {"*"})) as channel,
    ):
        call = exchange(channel)
        for number in (1, 2, 3):
            await call.write(ListLimitsRequest(page_size=number))
        await eventually(lambda: held.taken == [1])
        stop = asyncio.create_task(running.stop())
        await drained(running)
        assert not held.ended.is_set()
        held.let_go.set()
        assert "1" == (await call.read()).next_page_token
        failure = await ended(call)
        assert ([1], grpc.StatusCode.UNAVAILABLE) == (held.taken, failure.code)
        await asyncio.wait_for(stop, 10)


async def test_an_idle_stream_ends_with_the_service(tmp_path: Path) -> None:
    """It waits for nobody's next message."""
    tokens = Tokens(tmp_path)
    async with (
        serving(app(both_ways(echo)), make_settings(tmp_path, stop_seconds=60)) as running,
        connect(f"127.0.0.1:{running.port}", tokens("a", {"clerk"}, {"*"})) as channel,
    ):
        call = exchange(channel)
        await call.write(ListLimitsRequest(page_size=1))
        await call.read()
        stop = asyncio.create_task(running.stop())
        assert grpc.StatusCode.UNAVAILABLE == (await ended(call)).code
        await asyncio.wait_for(stop, 10)


async def test_a_client_that_goes_away_leaves_nothing_behind(tmp_path: Path) -> None:
    """The handler is ended, too, and nothing holds the service when it stops."""
    tokens, held = Tokens(tmp_path), Held()
    async with serving(app(both_ways(held)), make_settings(tmp_path, stop_seconds=60)) as running:
        async with connect(f"127.0.0.1:{running.port}", tokens("a", {"clerk"}, {"*"})) as channel:
            call = exchange(channel)
            await call.write(ListLimitsRequest(page_size=1))
            await eventually(lambda: held.taken == [1])
            call.cancel()
            await asyncio.wait_for(held.ended.wait(), 10)
        await asyncio.wait_for(running.stop(), 10)
