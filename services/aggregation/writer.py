"""The one who writes: applies events to the projection, moves it to the next day, swaps another in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from datetime import date

import asyncpg

from services.aggregation import database
from services.aggregation.gauges import Gauges
from services.aggregation.live import Current, Live
from services.aggregation.measure import advance_date
from services.aggregation.plans import fingerprint
from services.aggregation.projection import Applied, Projection, forget_schemas
from services.aggregation.rollup import Stored
from services.chassis.clock import Clock
from services.chassis.domain.dates import today
from services.chassis.stream import FactEvent

#: How often it is noted for standbys that something was measured.
NOTE_SECONDS = 0.5


class Writer:
    """Holds the leader's connection; whatever uses it, or changes which projection is read, does so under `lock`."""

    def __init__(self, conn: asyncpg.Connection, live: Live, gauges: Gauges, clock: Clock) -> None:
        self.conn, self.live, self.gauges, self.clock = conn, live, gauges, clock
        self.lock = asyncio.Lock()
        self._projection: Projection | None = None
        self._noted = 0.0
        self._unnoted = False

    @property
    def projection(self) -> Projection:
        """The projection that is written and read."""
        assert self._projection is not None, "nothing is written before a projection is there"
        return self._projection

    @property
    def ready(self) -> bool:
        """A projection is there."""
        return self._projection is not None

    def today(self) -> date:
        """Return the day it is in Asia/Shanghai."""
        return today(self.clock.now())

    async def show(self, projection: Projection) -> None:
        """Make a projection, measured for today, the one that is read; call under `lock`."""
        await forget_schemas(self.conn)
        self._projection = projection
        await self._publish(None)
        await self._note()

    async def take(self, events: Sequence[FactEvent]) -> Applied:
        """Apply a batch and show what it changed."""
        async with self.lock:
            begun, before = time.perf_counter(), self.projection.as_of
            applied = await self.projection.apply(self.conn, events, self.today())
            await self._publish(applied.changed if self.projection.as_of == before else None)
            self.gauges.refreshed(time.perf_counter() - begun, len(events))
        return applied

    async def tick(self) -> None:
        """Begin the next day when it has come, and note what was measured."""
        async with self.lock:
            if self.projection.as_of != self.today():
                await advance_date(self.conn, self.projection, self.today())
                await self._publish(None)
            if self._unnoted and time.monotonic() - self._noted >= NOTE_SECONDS:
                await self._note()

    async def _publish(self, changed: Collection[Stored] | None) -> None:
        projection = self.projection
        assert projection.as_of is not None, "figures are shown once they are measured"
        current = Current(projection.schema, fingerprint(), projection.as_of, self.clock.now())
        if changed is None:
            await self.gauges.load(self.conn, current)
        else:
            self.gauges.update(changed)
        self._unnoted = True
        self.live.publish(current, None if changed is None else {row.unit for row in changed})

    async def _note(self) -> None:
        await database.write_current(self.conn, self.live.current)
        self._noted, self._unnoted = time.monotonic(), False
