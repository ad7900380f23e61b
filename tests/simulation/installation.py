"""A whole simulated installation: services, broker, board; a run under faults; what must be true of it at the end."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.simulation.board import Board
from tests.simulation.board_database import BoardDatabase
from tests.simulation.faults import FAULTS
from tests.simulation.jetstream import Server
from tests.simulation.service import Service
from tests.simulation.source_database import Held, Kind
from tests.simulation.stored import Stream
from tests.simulation.world import World, kept

SOURCES = {"mediation": ("dispute", "session"), "legalaid": ("consultation",), "publicity": ("activity",)}
KINDS = sorted(kind for kinds in SOURCES.values() for kind in kinds)
#: Simulated seconds within which everything must be equal again after the last fault.
HEALED = 900.0


class Installation:
    """Everything that runs in one simulation."""

    def __init__(self, world: World, profile: Any) -> None:
        self.world, rng = world, world.rng
        self.server = Server(world)
        codes = sorted(SOURCES)[: rng.randint(1, 3)]
        self.services = [Service(world, code, [Kind(name) for name in SOURCES[code]], self.server) for code in codes]
        database = BoardDatabase(world, KINDS)
        self.board = Board(world, database, self.server, codes, profile)
        self.server.has_read = database.has_read
        self.databases = {one.name: one.database for one in self.services} | {"board": database}
        self.copies: list[dict[str, Stream]] = []
        self.restored = False
        self.dumps: dict[Service, list[Held]] = {service: [] for service in self.services}

    async def run(self) -> None:
        """Work under faults, then wait until everything is equal; what is not is noted as wrong."""
        world, rng = self.world, self.world.rng
        until = rng.uniform(15.0, 45.0)
        running = [
            self._task(kept(world, f"{s.name}-{i}", s.main)) for s in self.services for i in range(rng.randint(1, 2))
        ]
        running += [self._task(kept(world, f"board-{i}", self.board.main)) for i in range(rng.randint(1, 2))]
        running += [self._task(self._copy()), self._task(self._beat())]
        pace = rng.choice((0.25, 0.6, 2.0))
        work = [self._task(service.clerk(until, pace)) for service in self.services for _ in range(2)]
        faults = [self._task(self._fault(until, rng.choice(FAULTS))) for _ in range(rng.randint(2, 8))]
        await asyncio.wait([*work, *faults])
        for task in (*work, *faults):
            task.result()
        if self.restored and world.taken["difference repaired"]:
            world.took("restored stream repaired")
        world.note(f"calm after {sum(one.accepted for one in self.services)} changes")
        world.under_load = False
        await self._heal()
        for task in running:
            task.cancel()

    def end(self) -> None:
        """End every process."""
        for process in [one for service in self.services for one in service.processes] + list(self.board.leaders):
            process.kill("the end")

    def _task(self, work: Any) -> asyncio.Task[Any]:
        return asyncio.get_running_loop().create_task(work)

    async def _fault(self, until: float, fault: Any) -> None:
        await asyncio.sleep(self.world.rng.uniform(1.0, until))
        self.world.note(f"fault: {fault.__name__}")
        await fault(self)

    async def _copy(self) -> None:
        """Keep copies of stores and databases, from which they may be restored."""
        while True:
            await asyncio.sleep(self.world.rng.uniform(2.0, 8.0))
            self.copies.append({name: stream.clone() for name, stream in self.server.streams.items()})
            for service in self.services:
                self.dumps[service].append(service.snapshot())

    async def _beat(self) -> None:
        """Have the broker look for what was never acknowledged."""
        while True:
            await asyncio.sleep(5.0)
            for stream in self.server.streams.values():
                self.server.push(stream)

    async def restart_broker(self, streams: dict[str, Stream]) -> None:
        """Break every connection, start the broker on some streams, connect again."""
        for client in self.server.clients:
            client.cut()
        self.server.restart(streams)
        await asyncio.sleep(self.world.rng.uniform(0.1, 3.0))
        for client in self.server.clients:
            client.mend()

    async def _heal(self) -> None:
        """Wait until nothing is on its way and every source is proven equal."""
        begun, world = self.world.now, self.world
        while world.now - begun < HEALED:
            before = len(self.board.proofs)
            await asyncio.sleep(5.0)
            fresh = {proof.source for proof in self.board.proofs[before:] if proof.equal}
            if not self._differences() and fresh and not any(one.database.state.outbox for one in self.services):
                world.note(f"healed {world.now - begun:.0f} s after the last fault")
                return
        for difference in self._differences():
            world.forbid(difference)
        world.forbid(f"not healed within {HEALED:.0f} s")

    def _differences(self) -> list[str]:
        """Return every record that the board does not show as its service has it."""
        found = []
        for service in self.services:
            shown = self.board.database.facts(service.source)
            records = service.database.state.records.values()
            held = {id_: (row.revision, row.digest) for rows in records for id_, row in rows.items()}
            found += [
                f"{service.name} {id_}: has {_told(held.get(id_))}, board shows {_told(shown.get(id_))}"
                for id_ in sorted(shown.keys() | held.keys())
                if shown.get(id_) != held.get(id_)
            ]
        return found

    def service(self, code: str) -> Service:
        """Return the service of a code."""
        return next(one for one in self.services if one.name == code)


def _told(state: tuple[int, bytes] | None) -> str:
    return "nothing" if state is None else f"revision {state[0]} {state[1].hex()[:6]}"
