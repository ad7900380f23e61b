"""One step of publishing, free of any I/O of its own, so that every order of failures can be played through.

The order is: number, publish, forget. A crash between any two of them repeats what came before under the same event
ids, and repeats change nothing for a consumer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from services.chassis.stream import FactEvent

BATCH = 1000


class PublishError(Exception):
    """The broker did not confirm every event; nothing is known about which it stored."""


class OutboxStore(Protocol):
    """The outbox as a relay sees it."""

    async def pending(self, limit: int) -> list[FactEvent]:
        """Return events that were numbered but not forgotten yet, in order of their number."""

    async def stamp(self, limit: int) -> list[FactEvent]:
        """Give the next rows the numbers that follow, for good, and return them in that order."""

    async def forget(self, ids: Sequence[UUID]) -> None:
        """Delete confirmed events."""


class Publisher(Protocol):
    """The way to the broker."""

    async def publish(self, events: Sequence[FactEvent]) -> None:
        """Return once the broker has stored every event; storing one twice is no fault. Raises PublishError."""


class Sequencer:
    """Moves events from an outbox to the broker, one batch a step.

    New rows are numbered only when everything numbered before has been confirmed: at most one batch is under way.
    """

    def __init__(self, store: OutboxStore, publisher: Publisher, batch: int = BATCH) -> None:
        self._store = store
        self._publisher = publisher
        self._batch = batch
        self._clean = False  # nothing numbered is left in the store

    async def step(self) -> int:
        """Publish the next batch; returns how many events it held, 0 when there is none.

        After a failure of store or publisher, which it raises, the step can simply be taken again.
        """
        known = [] if self._clean else await self._store.pending(self._batch)
        events = known or await self._store.stamp(self._batch)
        self._clean = not events
        if not events:
            return 0
        await self._publisher.publish(events)
        await self._store.forget([event.id for event in events])
        self._clean = len(known) < self._batch
        return len(events)
