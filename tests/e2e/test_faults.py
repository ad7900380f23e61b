"""Faults while a load runs: what was accepted stays, and the board equals a recount again, by itself.

The supervisor starts again whatever ends. Outages are real ones: processes are killed, ports are held, files are
deleted. "Down for a minute" is a dozen seconds here: longer than any pause that relay and clients make between two
attempts (5 seconds at most), so that nothing in the product can tell it from a minute.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from geju.aggregation.v1 import proof_service_pb2

from services.chassis.testing import eventually
from tests.support import broker
from tests.support.load import beginners, load, require_nothing_lost, until_more
from tests.support.story import Teller
from tests.support.system import SERVICES, System

pytestmark = pytest.mark.timeout(240)
DOWN_SECONDS = 12.0


@pytest.fixture(scope="module")
async def tellers(system: System) -> list[Teller]:
    """Begin two stories that go on from fault to fault."""
    return await beginners(system, 2011, 2012)


async def require_whole(system: System, tellers: list[Teller]) -> None:
    """Hold that nothing is lost and that the board is right, once it had time to be."""
    await require_nothing_lost(system, tellers)
    await system.until_equal(60)


@asynccontextmanager
async def port_held(port: int) -> AsyncIterator[None]:
    """Take a port away from who listens there when it is started again; who connects is turned away."""
    taken: list[asyncio.Server] = []

    async def take() -> bool:
        with suppress(OSError):  # the killed process still has it
            taken.append(await asyncio.start_server(lambda _, writer: writer.transport.abort(), "127.0.0.1", port))
        return bool(taken)

    await eventually(take)
    try:
        yield
    finally:
        taken[0].close()


@pytest.mark.parametrize("part", [*SERVICES, "NATS", "PostgreSQL"])
async def test_a_killed_process_costs_nothing_but_time(system: System, tellers: list[Teller], part: str) -> None:
    """After kill -9 of any process all that was accepted is there, and work goes on."""
    async with load(tellers):
        await until_more(tellers, 10)
        killed = system.signal(part, signal.SIGKILL)
        await system.until_restarted(part, killed)
        await until_more(tellers, 20)
    await require_whole(system, tellers)


async def test_postgresql_restarted_under_load(system: System, tellers: list[Teller]) -> None:
    """A restart of PostgreSQL in good order ends sessions, not work."""
    async with load(tellers):
        await until_more(tellers, 10)
        stopped = system.signal("PostgreSQL", signal.SIGINT)
        await system.until_restarted("PostgreSQL", stopped)
        await until_more(tellers, 20)
    await require_whole(system, tellers)


async def test_a_hanging_nats_delays_nothing_but_the_board(system: System, tellers: list[Teller]) -> None:
    """A broker that neither answers nor ends holds up no command."""
    pid = system.signal("NATS", signal.SIGSTOP)
    try:
        async with load(tellers):
            await until_more(tellers, 30)
    finally:
        system.signal("NATS", signal.SIGCONT)
    assert pid == system.pid("NATS")
    await require_whole(system, tellers)


async def test_a_deleted_nats_store_loses_nothing(system: System, tellers: list[Teller]) -> None:
    """Events that nobody had read when the store was deleted are on the board, repaired from the service."""
    system.signal("aggregation", signal.SIGSTOP)
    try:
        async with load(tellers):
            await until_more(tellers, 40)
        await eventually(lambda: broker.all_confirmed(system), 30)
        await broker.lose_store(system)
    finally:
        system.signal("aggregation", signal.SIGCONT)
    await require_whole(system, tellers)
    async with load(tellers):
        await until_more(tellers, 10)
    await require_whole(system, tellers)


async def test_a_rebuild_from_a_stream_without_its_past_ends_right(system: System, tellers: list[Teller]) -> None:
    """A projection built from what is left on the stream is completed from the service."""
    operations = system.caller("operations", service="aggregation")
    steps = [step async for step in operations.stream("ProofService/Rebuild")]
    assert proof_service_pb2.REBUILD_STEP_DONE == steps[-1].step
    await require_whole(system, tellers)


async def test_without_nats_work_goes_on_and_the_board_follows_later(system: System, tellers: list[Teller]) -> None:
    """While NATS is down every change is accepted; when it is back, the board has them all."""
    killed, until = system.signal("NATS", signal.SIGKILL), time.monotonic() + DOWN_SECONDS
    async with load(tellers):
        async with port_held(system.port("nats")):
            await until_more(tellers, 20)
            await eventually(lambda: time.monotonic() > until, DOWN_SECONDS + 5)
            assert 20 <= await broker.unconfirmed(system)
        await system.until_restarted("NATS", killed)
    await require_whole(system, tellers)


async def test_the_whole_installation_killed_at_once(system: System, tellers: list[Teller]) -> None:
    """After kill -9 of the supervisor and all it runs, the next start finds everything."""
    async with load(tellers):
        await until_more(tellers, 10)
    parts = ("PostgreSQL", "NATS", *SERVICES)
    system.installation.stop(signal.SIGKILL)
    for part in parts:
        system.signal(part, signal.SIGKILL)
    system.installation.start()
    await require_whole(system, tellers)
