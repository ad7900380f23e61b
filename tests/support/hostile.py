"""Every method that an installation serves, as its own reflection names them, and ways to call them with any bytes."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from services.chassis.client import Channel, Failure
from services.chassis.contract import Method, method, role_name
from tests.support.system import SERVICES, System

T = TypeVar("T")
GEN = Path(__file__).parents[2] / "proto" / "gen"
#: Calls under way at once.
AT_ONCE = 24
#: What gRPC's client makes of a refusal that comes while it sends the first message of a stream: it loses the status.
_STILL_SENDING = "Internal error from Core"
_TRIES = 20


@dataclass(frozen=True)
class Served:
    """A method as one service serves it."""

    service: str
    method: Method
    descriptor: MethodDescriptor

    def __str__(self) -> str:
        return f"{self.service} {self.method.full_name}"

    @property
    def roles(self) -> frozenset[str] | None:
        """Who may call it by the contract; None: anyone."""
        access = self.method.access
        return None if access.open else frozenset(map(role_name, access.roles))


async def served(system: System) -> list[Served]:
    """Return every method of the product that a running service says it serves."""
    _know_contract()
    found = []
    for service in SERVICES:
        async with grpc.aio.insecure_channel(system.home.targets()[service]) as channel:
            for name in await _names(channel):
                descriptor = descriptor_pool.Default().FindServiceByName(name)
                found += [Served(service, method(f"/{name}/{one.name}"), one) for one in descriptor.methods]
    return found


async def _names(channel: grpc.aio.Channel) -> list[str]:
    stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)

    async def ask() -> AsyncIterator[Any]:
        yield reflection_pb2.ServerReflectionRequest(list_services="")

    async for answer in stub.ServerReflectionInfo(ask()):
        names = [one.name for one in answer.list_services_response.service]
        return sorted(name for name in names if name.startswith("geju."))
    return []


@cache
def _know_contract() -> None:
    for path in sorted((GEN / "geju").rglob("*_pb2.py")):
        importlib.import_module(str(path.relative_to(GEN))[:-3].replace("/", "."))


@dataclass(frozen=True)
class Answer:
    """What came back: a status by name, the reason that it gives and the field that it names; a message when OK."""

    code: str
    reason: str = ""
    field: str = ""
    message: Any = None


async def send(channel: Channel | grpc.aio.Channel, one: Served, raw: bytes, seconds: float = 20) -> Answer:
    """Send bytes as the one request of a method, whether a stream or not; of a stream the first answer counts."""
    sides = (one.descriptor.client_streaming, one.descriptor.server_streaming)
    kind = ["stream" if streaming else "unary" for streaming in sides]
    make: Any = getattr(channel, "_".join(kind))
    call = make(one.method.full_name, request_serializer=bytes, response_deserializer=one.method.response.FromString)
    for _ in range(_TRIES):
        try:
            return Answer("OK", message=await _first(one, call([raw] if sides[0] else raw, timeout=seconds)))
        except grpc.aio.AioRpcError as error:
            if not (sides[0] and error.details() == _STILL_SENDING):
                failure = Failure.of(error)
                return Answer(failure.code.name, failure.reason, failure.fields[0][0] if failure.fields else "")
    raise AssertionError(f"{one} never told why it refuses")


async def _first(one: Served, call: Any) -> Any:
    if not one.descriptor.server_streaming:
        return await call
    async for message in call:
        call.cancel()
        return message
    return None


async def all_of(calls: Iterable[Awaitable[T]]) -> list[T]:
    """Wait for many calls, some at a time; their results are in order."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(call: Awaitable[T]) -> T:
        async with free:
            return await call

    return list(await asyncio.gather(*(one(call) for call in calls)))
