"""A small service on a real server, with a clerk's channel to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from geju.common.v1 import limit_service_pb2, limit_service_pb2_grpc
from geju.funds.v1 import fund_entry_service_pb2_grpc

from services.chassis.client import Channel, Failure, connect
from services.chassis.context import Call, current
from services.chassis.server import App, Registration, Running, Runtime, serving
from services.chassis.settings import Settings
from services.chassis.testing.keys import Tokens

PROFILE = Path(__file__).parents[3] / "deploy/districts/lucheng"
Handler = Callable[[Any], Awaitable[limit_service_pb2.ListLimitsResponse]]
EMPTY = limit_service_pb2.ListLimitsResponse()


@dataclass
class Limits(limit_service_pb2_grpc.LimitServiceServicer):
    """Does whatever a test puts in."""

    handler: Handler | None = None
    calls: list[Call] = field(default_factory=list)

    async def ListLimits(self, request: Any, _context: Any) -> limit_service_pb2.ListLimitsResponse:
        """Answer as the test says."""
        self.calls.append(current())
        return EMPTY if self.handler is None else await self.handler(request)


class Funds(fund_entry_service_pb2_grpc.FundEntryServiceServicer):
    """Implements nothing."""


@dataclass
class Bench:
    """A served app with a clerk's channel to it."""

    running: Running
    limits: Limits
    tokens: Tokens
    channel: Channel

    @property
    def stub(self) -> limit_service_pb2_grpc.LimitServiceAsyncStub:
        """The toy service, called by the clerk."""
        return limit_service_pb2_grpc.LimitServiceStub(self.channel)

    def connect(self, roles: set[str], offices: set[str]) -> Channel:
        """Open a channel for another account."""
        return connect(f"127.0.0.1:{self.running.port}", self.tokens("other", roles, offices))


def make_settings(folder: Path, **more: Any) -> Settings:
    """Return settings without waits."""
    return Settings(profile=PROFILE, jwt_keys=folder / "public", drain_seconds=0, log_level="error", **more)


@asynccontextmanager
async def bench(
    folder: Path, runtime_hook: Callable[[Runtime], None] = lambda _: None, **more: Any
) -> AsyncIterator[Bench]:
    """Serve the toy app, with a clerk's channel to it."""
    tokens = Tokens(folder)
    limits = Limits()

    async def build(runtime: Runtime) -> list[Registration]:
        runtime_hook(runtime)
        return [
            Registration(limit_service_pb2_grpc.add_LimitServiceServicer_to_server, limits),
            Registration(fund_entry_service_pb2_grpc.add_FundEntryServiceServicer_to_server, Funds()),
        ]

    async with serving(App("toy", build), make_settings(folder, **more)) as running:
        token = tokens("clerk1", {"clerk"}, {"wuma"})
        async with connect(f"127.0.0.1:{running.port}", token) as channel:
            yield Bench(running, limits, tokens, channel)


async def failure_of(call: Awaitable[Any]) -> Failure:
    """Return what a call failed with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return Failure.of(caught.value)


async def get(port: int, path: str) -> str:
    """Return the whole answer of the HTTP port."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    text = (await reader.read()).decode()
    writer.close()
    return text
