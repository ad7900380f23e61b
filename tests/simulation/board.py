"""A simulated aggregation service: the product's leader, writer, builder and proofs over a simulated database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg

from services.aggregation.copies import Copies
from services.aggregation.errors import NotLeader, RebuildRunning
from services.aggregation.leader import Leader
from services.aggregation.live import Live
from services.aggregation.projection import Projection
from services.aggregation.proofs import Proofs
from services.aggregation.reconcile import Proof
from services.chassis.runtime import Runtime
from tests.simulation.board_database import BoardDatabase
from tests.simulation.database import Pool
from tests.simulation.jetstream import Server
from tests.simulation.source_database import RECORDED
from tests.simulation.world import Process, World

RECONCILE = 15.0


class Nobody:
    """Gauges that nobody reads."""

    async def load(self, *_: Any) -> None:
        """Pass."""

    def update(self, *_: Any) -> None:
        """Pass."""

    def refreshed(self, *_: Any) -> None:
        """Pass."""


class Board:
    """The aggregation service in one or two processes on one database."""

    def __init__(self, world: World, base: BoardDatabase, server: Server, sources: Sequence[str], profile: Any) -> None:
        self.world, self.database, self.server = world, base, server
        self.sources, self.profile = sources, profile
        self.leaders: dict[Process, Leader] = {}
        self.proofs: list[Proof] = []
        #: Sources in which a gap was noticed since they were last compared.
        self.gaps: set[str] = set()

    async def main(self, process: Process) -> None:
        """Run a process of the board."""
        settings: Any = SimpleNamespace(
            database_url="board", nats_url="broker", nats_ca=None, nats_creds=None, nats_replicas=1,
            sources={name: name for name in self.sources}, reconcile_seconds=RECONCILE, service_token="", tls=False,
        )  # fmt: skip
        clock: Any = SimpleNamespace(now=lambda: datetime(2012, 3, 20, tzinfo=RECORDED.tzinfo))
        runtime = Runtime("aggregation", settings, self.profile, clock)
        pool, live = Pool(self.database), Live()
        watched = Watched(runtime, Copies(pool, live), live, pool)
        watched.board = self
        leader = Leader(runtime, pool, live, Nobody(), watched)  # type: ignore[arg-type]
        self.leaders = {one: held for one, held in self.leaders.items() if one.alive} | {process: leader}
        runtime.background("leader", leader.run)
        await runtime.closing.wait()

    async def rebuild(self) -> None:
        """Have whoever leads build the projection anew."""
        for process, leader in list(self.leaders.items()):
            if process.alive:
                await asyncio.wait([process.spawn(_drain(self.world, leader))])


async def _drain(world: World, leader: Leader) -> None:
    with suppress(NotLeader, RebuildRunning):
        try:
            async for _ in leader.rebuild():
                pass
        except (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, OSError, TimeoutError) as error:
            world.took("rebuild broken off")
            world.note(f"rebuild broken off: {type(error).__name__}")


class Watched(Proofs):
    """Proofs whose outcome is kept for the simulation."""

    board: Board

    async def prove(self, source: str) -> Proof:
        """Compare as the product does, and keep the proof."""
        board, proof = self.board, await super().prove(source)
        board.proofs.append(proof)
        gap, board.gaps = source in board.gaps, board.gaps - {source}
        for path, taken in (
            ("fork found", proof.forked),
            ("difference repaired", proof.repaired > 0),
            ("gap repaired", gap and proof.repaired > 0),
            ("repair took more than one proof", proof.problem.endswith("仍不一致")),
            ("difference waited for what was not published", proof.problem.startswith("来源尚有")),
            ("source did not answer", proof.problem.startswith("来源未能应答")),
        ):
            if taken:
                board.world.took(path)
        return proof

    def look(self, positions: Any) -> None:
        """Look for gaps as the product does, and remember where one was."""
        held = list(positions)
        before = self.board.world.taken["gap_found"]
        super().look(held)
        if self.board.world.taken["gap_found"] > before:
            self.board.gaps |= {position.source for position in held if position.missing}


class Reading(Projection):
    """The product's projection; which events it has taken in is told to the simulation."""

    async def apply(self, conn: Any, events: Any, as_of: date) -> Any:
        """Take in a batch."""
        current = conn.database.state.current
        if current and current[0] != self.schema and events:
            conn.database.world.took("caught up before the swap")
        applied = await super().apply(conn, events, as_of)
        conn.database.read[self.schema].update(UUID(int=event.id.int) for event in events)
        return applied

    async def load(self, conn: Any, events: Any) -> Any:
        """Take in events for a rebuild."""
        applied = await super().load(conn, events)
        conn.database.read[self.schema].update(UUID(int=event.id.int) for event in events)
        return applied
