"""What this process shows: which projection is read, and who waits for it to change."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from services.aggregation.errors import NotMeasured


@dataclass(frozen=True, slots=True)
class Current:
    """The projection that the board reads; `fingerprint` is that of the code which made it.

    `known` are the indicators that mean the same to this version; None: all, it is this version's own.
    """

    schema: str
    fingerprint: str
    as_of: date
    measured: datetime
    known: frozenset[str] | None = None

    def shows(self, indicator: str) -> bool:
        """Tell whether a figure of the projection may be shown; one of another meaning is no figure of ours."""
        return self.known is None or indicator in self.known


@dataclass(eq=False, slots=True)
class Watcher:
    """One who watches the figures of a unit."""

    unit: str
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Live:
    """The state that readers share; the leader publishes what it has written, a standby what it finds written."""

    def __init__(self) -> None:
        self.version = 0
        self.leads = False
        self._current: Current | None = None
        self._watchers: set[Watcher] = set()

    @property
    def current(self) -> Current:
        """The projection that is read. Raises NotMeasured."""
        if self._current is None:
            raise NotMeasured
        return self._current

    @property
    def current_or_none(self) -> Current | None:
        """The projection that is read, if any."""
        return self._current

    def publish(self, current: Current, units: Collection[str] | None = None) -> None:
        """Show a state; `units` are those whose figures may differ (None: all)."""
        self._current = current
        # Grows across restarts and takeovers without being stored.
        self.version = max(self.version + 1, time.time_ns() // 1000)
        for watcher in self._watchers:
            if units is None or watcher.unit in units:
                watcher.changed.set()

    @contextmanager
    def watch(self, unit: str) -> Iterator[Watcher]:
        """Be told of changes for as long as the block lasts."""
        watcher = Watcher(unit)
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)
