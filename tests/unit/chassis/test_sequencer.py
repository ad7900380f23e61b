"""Whatever fails in whatever order, every event arrives, numbered without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.sequencer import PublishError, Sequencer
from services.chassis.stream import FactEvent

BLANK = FactEvent(
    id=UUID(int=0),
    source="geju/mediation",
    kind="dispute",
    collection="disputes",
    record_id=UUID(int=0),
    epoch=1,
    revision=1,
    sequence=0,
    change="created",
    office="01",
    actor="clerk-1",
    recorded=datetime(2012, 3, 1, tzinfo=UTC),
    facts_type="geju.mediation.v1.DisputeFacts",
    facts=b"",
)


class Crash(Exception):  # noqa: N818
    """The process ended here."""


class World:
    """An outbox and a broker that fail on demand: `faults` holds what goes wrong at each call, in order."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        self.fresh: list[UUID] = []
        self.stamped: dict[UUID, FactEvent] = {}
        self.sequence = 0
        self.stored: list[FactEvent] = []

    def fault(self, *kinds: str) -> str:
        """Take what happens at this call; what cannot happen here counts as nothing."""
        fault = self.faults.pop(0) if self.faults else ""
        return fault if fault in kinds else ""

    async def pending(self, limit: int) -> list[FactEvent]:
        """Return what is numbered."""
        return sorted(self.stamped.values(), key=lambda event: event.sequence)[:limit]

    async def stamp(self, limit: int) -> list[FactEvent]:
        """Stamp the next, or crash before or after."""
        if self.fault("before"):
            raise Crash
        taken, self.fresh = self.fresh[:limit], self.fresh[limit:]
        for one in taken:
            self.sequence += 1
            self.stamped[one] = replace(BLANK, id=one, sequence=self.sequence)
        if self.fault("after"):
            raise Crash
        return [self.stamped[one] for one in taken]

    async def forget(self, ids: Sequence[UUID]) -> None:
        """Delete, or crash before or after."""
        if self.fault("before"):
            raise Crash
        for one in ids:
            del self.stamped[one]
        if self.fault("after"):
            raise Crash

    async def publish(self, events: Sequence[FactEvent]) -> None:
        """Store what is not known; or nothing, or half, or all without saying so."""
        fault = self.fault("before", "after", "half")
        reached = {"before": 0, "half": len(events) // 2}.get(fault or "", len(events))
        known = {event.id for event in self.stored}
        self.stored += [event for event in events[:reached] if event.id not in known]
        if fault:
            raise PublishError(fault)


@given(
    faults=st.lists(st.sampled_from(["", "before", "after", "half"]), max_size=30),
    arrivals=st.lists(st.integers(0, 7), min_size=1, max_size=10),
    batch=st.integers(1, 4),
)
async def test_every_event_is_stored_once_in_order(faults: list[str], arrivals: list[int], batch: int) -> None:
    """Under any faults each committed row is stored once, in the order of a dense sequence, and the outbox empties."""
    world, sequencer, made = World(faults), None, 0
    pauses = [*arrivals, *[0] * (len(faults) + sum(arrivals) * 4 + 4)]
    for count in pauses:
        world.fresh += [UUID(int=made + i + 1) for i in range(count)]
        made += count
        sequencer = sequencer or Sequencer(world, world, batch)
        try:
            await sequencer.step()
        except PublishError:
            pass  # the broker was away: the same sequencer goes on
        except Crash:
            sequencer = None  # the next process begins anew
    assert list(range(1, made + 1)) == [event.sequence for event in world.stored]
    assert (world.stamped, world.fresh) == ({}, [])
