"""Puts the simulation in the place of the machine's time, chance and log, and of databases, broker and calls."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch
from uuid import UUID

import asyncpg
import nats
import structlog

from services.aggregation import leader, measure, projection, proofs, rebuild
from services.chassis import facts_source, publisher
from tests.simulation.board import Reading
from tests.simulation.channel import Channel
from tests.simulation.client import connect
from tests.simulation.installation import Installation
from tests.simulation.source_database import event_id
from tests.simulation.world import World, here


@contextmanager
def instead(world: World) -> Iterator[None]:
    """Put simulated time, chance and log in the place of the machine's."""
    config = structlog.get_config()

    def tell(_logger: Any, _method: str, event: dict[str, Any]) -> Any:
        process = here.get()
        told = " ".join(f"{name}={value}" for name, value in event.items() if name not in ("event", "exc_info"))
        world.note(f"{process.name if process else '-'}: {event['event']} {told}")
        if isinstance(error := event.get("exc_info"), BaseException):
            world.failed(f"{process.name if process else '-'}: {event.get('task', '')}", error)
        if (event["event"], event.get("of")) == ("relay_failed", "other"):
            world.forbid(f"a relay failed of what is no outage: {told}")
        world.took(_path(event))
        raise structlog.DropEvent

    with ExitStack() as stack:
        for what, name, value in (
            (time, "monotonic", lambda: world.now),
            (time, "time", lambda: world.real),
            (facts_source, "uuid7", lambda: event_id(world, world.real)),
            (publisher, "uuid4", lambda: UUID(int=world.number())),
        ):
            stack.enter_context(patch.object(what, name, value))
        structlog.configure(processors=[tell])
        stack.callback(lambda: structlog.configure(**config))
        yield


def _path(event: dict[str, Any]) -> str:
    """Name the path that a line of the product's log tells of."""
    reason = str(event.get("reason", "")) if event["event"] == "consumer_restarts" else ""
    return f"{event['event']} {'delivery is missing' if 'delivery' in reason else reason}".strip()


@contextmanager
def installed(on: Installation) -> Iterator[None]:
    """Put the simulated databases and channels in the place of real ones; figures are not measured."""

    async def connected(url: str, **options: Any) -> Any:
        return await on.databases[url].connect(**options)

    async def broker(*_: Any, **__: Any) -> Any:
        process = here.get()
        assert process is not None, "only processes have connections"
        return connect(on.server, process)

    async def measured(conn: Any, held: Any, as_of: Any) -> None:
        async with conn.transaction():
            await measure.set_date(conn, held, as_of)
        held.as_of = as_of

    async def nothing(*_: Any) -> list[Any]:
        return []

    with ExitStack() as stack:
        for what, name, value in (
            (asyncpg, "connect", connected),
            (nats, "connect", broker),
            (proofs, "channel_to", lambda _settings, code: Channel(on.service(code))),
            (leader, "Projection", Reading),
            (rebuild, "Projection", Reading),
            (rebuild, "BATCH", 12),
            (projection, "measure_all", measured),
            (measure, "measure_all", measured),
            (projection, "measure_touched", nothing),
        ):
            stack.enter_context(patch.object(what, name, value))
        yield
