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
from services.chassis.context import current
from services.chassis.server import App, Registration, Runtime, serving
from services.chassis.testing.keys import Tokens
from tests.integration.chassis.toy import get, make_settings

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
