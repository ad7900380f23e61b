"""Looks once a minute who is silent, for the board and as metrics."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from geju.aggregation.v1 import silence_pb2
from prometheus_client import Gauge

from services.aggregation import heard
from services.aggregation.errors import NotMeasured
from services.aggregation.reader import Reader
from services.aggregation.silence import WINDOW, State, message, states
from services.chassis.runtime import Runtime

LOOK = timedelta(minutes=1)
#: Seconds until the next look while there is nothing to tell.
SOON = 1.0


class SilenceMetrics:
    """What is told of who is silent; nothing while another process leads."""

    def __init__(self, runtime: Runtime) -> None:
        registry = runtime.metrics.registry
        self._gauges = [
            (
                Gauge(f"geju_{who}_silent", f"1 while {an} has sent nothing for unusually long.", [label],
                      registry=registry),
                Gauge(f"geju_{who}_silence_seconds", f"Seconds of work since {an} sent anything.", [label],
                      registry=registry),
            )
            for who, an, label in (("source", "a source", "source"), ("office", "an office", "unit"))
        ]  # fmt: skip

    def tell(self, found: Sequence[State]) -> None:
        """Take over the states as they are now."""
        for silent, seconds in self._gauges:
            silent.clear()
            seconds.clear()
        for state in found:
            silent, seconds = self._gauges[bool(state.unit)]
            silent.labels(state.unit or state.source).set(state.silent)
            seconds.labels(state.unit or state.source).set(state.seconds)


class Silences:
    """The states of sources and offices, at most a minute old."""

    def __init__(self, runtime: Runtime, reader: Reader, sources: Sequence[str]) -> None:
        self._runtime, self._reader, self._sources = runtime, reader, sources
        self._metrics = SilenceMetrics(runtime)
        self._states: list[State] = []
        # When it was looked, by the clock of the business, which a rehearsal may move, and by the machine's.
        self._looked, self._second = runtime.clock.now(), time.monotonic()
        self._looking = asyncio.Lock()

    async def of_unit(self, unit: str) -> list[silence_pb2.Silence]:
        """Return who is silent as the board of a unit ("": the district) shows it: sources, then its offices."""
        shown = (s for s in await self.states() if s.silent and (not (unit and s.unit) or s.unit == unit))
        return [message(state, self._reader.profile) for state in shown]

    async def states(self) -> list[State]:
        """Return every state; none before the figures are measured."""
        async with self._looking:
            now, second = self._runtime.clock.now(), time.monotonic()
            passed = max(abs(now - self._looked), timedelta(seconds=second - self._second))
            # While there is nothing yet, the next who asks looks again.
            if not self._states or passed >= LOOK:
                self._states, self._looked, self._second = await self._look(now), now, second
            return self._states

    async def _look(self, now: datetime) -> list[State]:
        try:
            async with self._reader.projection() as (conn, projection):
                found = await heard.read(conn, projection.plan, self._sources, now - WINDOW)
        except NotMeasured:
            return []
        return states(self._reader.profile, self._sources, found, now)

    async def run(self) -> None:
        """Keep the metrics current for as long as the process runs; only the leader's say anything."""
        closing = self._runtime.closing
        while not closing.is_set():
            found = await self.states() if self._reader.live.leads else []
            self._metrics.tell(found)
            with suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), LOOK.total_seconds() if found else SOON)
