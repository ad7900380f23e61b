"""Calls from the board to a service's proof side, over a network that loses calls and answers."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import grpc

from services.chassis import context
from services.chassis.context import Call, Caller
from tests.simulation.service import Service
from tests.simulation.world import Process


class Channel:
    """Calls of a service's proof side over a network that loses calls and answers."""

    def __init__(self, service: Service) -> None:
        self._world, self._service = service.world, service

    def unary_unary(self, path: str, request_serializer: Any, response_deserializer: Any, **_: Any) -> Any:
        """Return a function that calls."""
        method = path.rpartition("/")[2]

        async def call(request: Any) -> Any:
            answer = await self._call(method, type(request).FromString(request_serializer(request)))
            return response_deserializer(answer.SerializeToString())

        return call

    async def _call(self, method: str, request: Any) -> Any:
        world = self._world
        await asyncio.sleep(world.latency())
        alive = [one for one in self._service.processes if one.alive]
        if not alive or world.chance(world.trouble.call):
            raise _unavailable()
        process = world.rng.choice(alive)
        task = process.spawn(_answer(self._service, process, method, request))
        await asyncio.wait([task])
        await asyncio.sleep(world.latency())
        if task.cancelled() or task.exception() is not None or world.chance(world.trouble.call):
            world.took("call lost")
            if not task.cancelled() and not isinstance(task.exception(), asyncpg.PostgresError | OSError | None):
                world.forbid(f"{method}: {task.exception()!r}")
            raise _unavailable()
        return task.result()

    async def close(self) -> None:
        """Pass."""


async def _answer(service: Service, process: Process, method: str, request: Any) -> Any:
    caller = Caller("geju/aggregation", frozenset({"service"}), frozenset({"*"}))
    context.enter(Call(caller, method, traceparent="", id="simulated"))
    return await getattr(service.proof_side(process), method)(request)


def _unavailable() -> grpc.aio.AioRpcError:
    return grpc.aio.AioRpcError(grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), grpc.aio.Metadata(), "unavailable")
