"""Who writes, and what the writer does: of several replicas one leads, the others read what it writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing, suppress
from typing import Any

import asyncpg
import structlog
from prometheus_client import Gauge

from services.aggregation import database
from services.aggregation.errors import NotLeader, RebuildRunning
from services.aggregation.gauges import Gauges
from services.aggregation.live import Current, Live
from services.aggregation.plans import fingerprint, plan_of
from services.aggregation.projection import Projection
from services.aggregation.proofs import Proofs
from services.aggregation.rebuild import Builder, Progress, discard
from services.aggregation.writer import Writer
from services.chassis.consumer import Consumer
from services.chassis.runtime import Runtime
from services.chassis.sessions import FAILURES

log = structlog.get_logger(__name__)

LOOK = 1.0
TICK = 0.5
#: How long readers of the old projection, standbys among them, have to notice a swap before it is dropped.
GRACE = 3.0


class Leader:
    """Takes the lead when it is free and keeps it until the process or its connection ends."""

    def __init__(self, runtime: Runtime, pool: asyncpg.Pool, live: Live, gauges: Gauges, proofs: Proofs) -> None:
        self._runtime, self._pool, self._live, self._gauges, self._proofs = runtime, pool, live, gauges, proofs
        self._sessions = database.sessions(runtime.settings, "geju-leader")
        self._builder: Builder | None = None
        self._consumer: Consumer | None = None
        self._rebuilding = asyncio.Lock()
        self._chores: set[asyncio.Task[None]] = set()
        self._gauge = Gauge("geju_leader", "1 while this process writes.", registry=runtime.metrics.registry)

    @property
    def rebuilding(self) -> bool:
        """A rebuild is under way."""
        return self._rebuilding.locked()

    async def run(self) -> None:
        """Lead, or follow until it is free to lead; returns when the process closes."""
        conn = await self._sessions.open()
        try:
            while not self._runtime.closing.is_set():
                if await conn.fetchval("select pg_try_advisory_lock($1)", database.LEADER):
                    await self._lead(conn)
                    return
                await self._follow()
                await self._pause(LOOK)
        finally:
            if self._builder is not None:
                self._builder.end()
            self._builder, self._live.leads = None, False
            self._gauge.set(0)
            with suppress(*FAILURES):
                await conn.close(timeout=2)

    async def rebuild(self) -> AsyncGenerator[Progress, None]:
        """Build everything anew and swap it in. Raises NotLeader, RebuildRunning."""
        if self._builder is None:
            raise NotLeader
        if self._rebuilding.locked():
            raise RebuildRunning
        async with self._rebuilding:
            # Otherwise it would drop at once what the one before has just swapped out and somebody still reads.
            await self._discarded()
            old = self._live.current_or_none
            async with aclosing(self._builder.run(lambda: self._swapped(old))) as steps:
                async for progress in steps:
                    yield progress

    async def _follow(self) -> None:
        """Show what the leader has written since the last look."""
        found = await database.read_current(self._pool)
        if found is not None and found != self._live.current_or_none:
            await self._gauges.load(self._pool, found)
            self._live.publish(found)

    async def _lead(self, conn: asyncpg.Connection) -> None:
        log.info("leads")
        self._gauge.set(1)
        runtime = self._runtime
        current = await self._before(conn)
        client = await runtime.nats()
        writer = Writer(conn, self._live, self._gauges, runtime.clock)
        self._builder = Builder(runtime.settings, runtime.profile, client, writer)
        self._live.leads = True
        await self._open(conn, writer, current)
        async with asyncio.TaskGroup() as tasks:
            for step in (self._consume(writer), self._tick(writer), self._proofs.run(), self._end()):
                tasks.create_task(step)

    async def _before(self, conn: asyncpg.Connection) -> Current | None:
        """Show the projection that is there, also while the broker is away; None when there is none."""
        current = await database.read_current(conn)
        if current is None or current.schema not in await database.schemas(conn):
            return None
        await self._gauges.load(conn, current)
        self._live.publish(current)
        return current

    async def _open(self, conn: asyncpg.Connection, writer: Writer, current: Current | None) -> None:
        """Go on with the projection that is there when this version made it; else build one, reading the old."""
        if current is not None and current.fingerprint == fingerprint():
            projection = await Projection.open(conn, plan_of(current.schema), self._runtime.profile)
            await discard(conn, await self._runtime.nats(), keep=current.schema)
            async with writer.lock:
                await writer.show(projection)
            return
        async for progress in self.rebuild():
            log.info("rebuilding", step=progress.step, loaded=progress.loaded, total=progress.total)

    async def _consume(self, writer: Writer) -> None:
        assert self._builder is not None, "only a leader consumes"
        while not self._runtime.closing.is_set():
            schema = writer.projection.schema
            self._consumer = self._builder.consumer(schema)
            async with aclosing(self._consumer.batches()) as batches:
                async for batch in batches:
                    if writer.projection.schema != schema:
                        break
                    applied = await writer.take(batch.events)
                    for rejected in applied.rejected:
                        log.warning("event_refused", source=rejected.event.source, reason=rejected.reason)
                        batch.refuse(rejected.event, rejected.reason)
                    await batch.ack()

    async def _tick(self, writer: Writer) -> None:
        """Look at the date, and at gaps in what was read."""
        while not self._runtime.closing.is_set():
            await writer.tick()
            async with writer.lock:
                positions = await writer.projection.positions(writer.conn)
            self._proofs.look(positions)
            await self._pause(TICK)

    async def _end(self) -> None:
        await self._runtime.closing.wait()
        self._stop_reading()
        self._proofs.stop()

    def _swapped(self, old: Current | None) -> None:
        """End the reading for the projection that was (the next begins where the rebuild stopped), later drop it."""
        self._stop_reading()
        if old is not None:
            self._do(self._discard(self._builder))
        self._proofs.trigger()

    def _stop_reading(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            consumer.close()

    async def _discard(self, builder: Builder | None) -> None:
        await self._pause(GRACE)
        if self._runtime.closing.is_set() or self._builder is not builder:
            return  # the next leader does it
        async with self._pool.acquire() as conn:
            await discard(conn, await self._runtime.nats(), keep=self._live.current.schema)

    async def _discarded(self) -> None:
        """Wait until what was swapped out has been dropped, or could not be."""
        if self._chores:
            await asyncio.wait(set(self._chores))

    def _do(self, chore: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._runtime.closing.wait(), seconds)
