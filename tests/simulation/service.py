"""A simulated domain service: the product's relay and proof side over a simulated database, and clerks at work."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from services.chassis.facts_source import FactsSource
from services.chassis.publisher import NatsPublisher
from services.chassis.relay import Relay, RelayMetrics
from services.chassis.runtime import Runtime
from services.chassis.stream import facts_stream
from tests.simulation.jetstream import Server
from tests.simulation.source_database import RECORDED, Held, Kind, SourceDatabase, event_id
from tests.simulation.world import Process, World

OFFICES = ("01", "02", "03")
BATCH = 8


class Service:
    """A domain service of one or two processes on one database."""

    def __init__(self, world: World, code: str, kinds: Sequence[Kind], server: Server) -> None:
        self.world, self.source, self.server = world, f"geju/{code}", server
        self.database = SourceDatabase(world, code, kinds, server)
        self.kinds, self.name = kinds, code
        self.processes: list[Process] = []
        self.relays: dict[Process, Relay] = {}
        self.accepted = 0
        self._busy: set[UUID] = set()
        self.clock = SimpleNamespace(now=lambda: RECORDED)

    async def main(self, process: Process) -> None:
        """Run a process of the service: its relay publishes, and it answers to proofs."""
        settings: Any = SimpleNamespace(nats_url="broker", nats_ca=None, nats_creds=None)
        runtime = Runtime(self.name, settings, None, self.clock)  # type: ignore[arg-type]
        publisher = NatsPublisher(runtime.nats, facts_stream())
        relay = Relay(self.source, self.name, publisher, RelayMetrics(runtime.metrics.registry), BATCH)
        self.processes = [*(one for one in self.processes if one.alive), process]
        self.relays = {one: self.relays[one] for one in self.processes if one in self.relays} | {process: relay}
        runtime.background("relay", relay.run)
        await runtime.closing.wait()

    def proof_side(self, process: Process) -> FactsSource:
        """Return what answers to proofs in a process."""

        @asynccontextmanager
        async def lend(_scope: str) -> Any:
            connection = await self.database.connect()
            try:
                yield SimpleNamespace(connection=connection)
            finally:
                connection.end()

        store = SimpleNamespace(
            kinds=self.kinds, source=self.source, lend=lend, clock=self.clock, committed=self.relays[process].wake
        )
        return FactsSource(store)  # type: ignore[arg-type]

    async def clerk(self, until: float, pace: float) -> None:
        """Change records until an instant; a change may be committed long after its id was made."""
        while self.world.now < until:
            await asyncio.sleep(self.world.rng.expovariate(1 / pace))
            with suppress(ConnectionRefusedError):
                await self._change()

    async def _change(self) -> None:
        rng, kind = self.world.rng, self.world.rng.choice(self.kinds)
        known = sorted(self.database.state.records[kind.name])
        fresh = not known or (len(known) < 12 and self.world.chance(0.4))
        id_ = UUID(int=(rng.getrandbits(110) << 8) | rng.randrange(4)) if fresh else rng.choice(known)
        if id_ in self._busy:
            return
        self._busy.add(id_)
        try:
            event = event_id(self.world, self.world.real)
            if self.world.chance(0.2):
                await asyncio.sleep(rng.uniform(0.0, 2.0))
            if self.database.down:
                raise ConnectionRefusedError
            facts = kind.facts(office=rng.choice(OFFICES), place=str(self.world.number()))
            facts.deleted = self.world.chance(0.08)
            async with self.database.writing:
                self.database.commit(kind, id_, event, facts, "created" if fresh else "changed")
        finally:
            self._busy.discard(id_)
        self.accepted += 1
        for process, relay in self.relays.items():
            if process.alive and self.world.chance(0.8):
                relay.wake()

    def snapshot(self) -> Held:
        """Return a copy of the database as it is now."""
        return self.database.state.clone()
