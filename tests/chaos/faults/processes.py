"""Processes that end or stand still, a relay without its connection or its lock, and ends at exactly one point."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import asyncpg

from services.aggregation import database
from services.chassis.outbox import lock_key
from services.chassis.testing import eventually
from tests.chaos.arena import Arena
from tests.chaos.fault import Fault, Skipped
from tests.chaos.inside import crash
from tests.support.system import DOMAIN, SERVICES

PARTS = (*SERVICES, "NATS", "PostgreSQL")
#: Seconds in which a point is reached under load, or not at all.
REACH = 20.0
#: A connection is ended so often until another one has the lock.
_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = $2"


def killed(part: str) -> Fault:
    """Return the fault that a process is killed."""

    async def inflict(arena: Arena) -> None:
        arena.note(f"kill -9 {part}, process {arena.signal(part, signal.SIGKILL)}")

    return Fault(f"kill -9 {part}", "kill -9", inflict)


def stopped(part: str) -> Fault:
    """Return the fault that a process stands still for some seconds."""

    async def inflict(arena: Arena) -> None:
        await _stop(arena, part, arena.seconds(1, 6))

    return Fault(f"stop {part}", "SIGSTOP and SIGCONT", inflict)


def stopped_long(part: str) -> Fault:
    """Return the fault that a process stands still for longer than the broker knows a repeat."""

    async def inflict(arena: Arena) -> None:
        await _stop(arena, part, arena.window * 1.2 + arena.seconds(1, 3))

    return Fault(f"stop {part} longer than the window of repeats", "SIGSTOP for longer than the window", inflict)


async def _stop(arena: Arena, part: str, seconds: float) -> None:
    pid = arena.signal(part, signal.SIGSTOP)
    arena.note(f"SIGSTOP {part}, process {pid}, for {seconds:.1f} s")
    try:
        await asyncio.sleep(seconds)
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def crashed(service: str, point: str) -> Fault:
    """Return the fault that a service ends at one point of its work."""

    async def inflict(arena: Arena) -> None:
        file = crash.asked_at(arena.folder, service, point)
        file.touch()
        try:
            await eventually(lambda: not file.exists(), REACH)
        except AssertionError:
            raise Skipped(f"{service} did not come {point} in {REACH:.0f} s") from None
        else:
            arena.strikes()
            arena.note(f"{service} ended {point}")
        finally:
            file.unlink(missing_ok=True)

    return Fault(f"crash of {service} {point}", f"crash {point}", inflict)


def disconnected(service: str, application: str, what: str) -> Fault:
    """Return the fault that the connection of a relay or of the writer, its lock with it, is ended by the server."""

    async def inflict(arena: Arena) -> None:
        ended = await arena.system.rows(service, _END, application, f"geju_{service}")
        arena.note(f"ended {len(ended)} connections of the {what} of {service}")

    return Fault(f"connection of the {what} of {service} ended", f"connection of the {what} ended", inflict)


def usurped(service: str, application: str, key: int, what: str) -> Fault:
    """Return the fault that another session holds the lock of a relay or of the writer for a while."""

    async def inflict(arena: Arena) -> None:
        seconds = arena.seconds(2, 8)
        async with _held(arena, service, application, key):
            arena.note(f"the lock of the {what} of {service} is another's for {seconds:.1f} s")
            await asyncio.sleep(seconds)

    return Fault(f"lock of the {what} of {service} held by another", f"lock of the {what} held by another", inflict)


@asynccontextmanager
async def _held(arena: Arena, service: str, application: str, key: int) -> AsyncIterator[None]:
    connection = await asyncpg.connect(arena.system.admin_url(service))
    try:

        async def taken() -> bool:
            await connection.execute(_END, application, f"geju_{service}")
            return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", key))

        await eventually(taken)
        yield
    finally:
        await connection.close(timeout=5)


FAULTS: Sequence[Fault] = [
    *map(killed, PARTS),
    *map(stopped, PARTS),
    *map(stopped_long, PARTS),
    *(crashed(service, f"{when} {step}") for step in crash.OF_SOURCE for when in crash.WHEN for service in DOMAIN),
    *(crashed("aggregation", f"{when} {step}") for step in crash.OF_READER for when in crash.WHEN),
    *(disconnected(service, "geju-relay", "relay") for service in DOMAIN),
    *(usurped(service, "geju-relay", lock_key(f"geju/{service}"), "relay") for service in DOMAIN),
    disconnected("aggregation", "geju-leader", "writer"),
    usurped("aggregation", "geju-leader", database.LEADER, "writer"),
]
