"""An event loop whose time is simulated: it passes when everybody waits, and nothing outside is ever waited for."""

from __future__ import annotations

import asyncio
from typing import Any


class DeadlockError(RuntimeError):
    """Everybody waits and nothing is to come."""


class SimulatedLoop(asyncio.BaseEventLoop):
    """Runs what is ready, then goes to the instant of the next timer; it is its own selector."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._selector = self
        self._clock_resolution = 1e-9

    def time(self) -> float:
        """Return the seconds since the beginning."""
        return self._now

    def select(self, timeout: float | None) -> list[Any]:
        """Let time pass. Raises DeadlockError."""
        if timeout is None:
            raise DeadlockError
        self._now += timeout
        return []

    def _process_events(self, event_list: list[Any]) -> None:
        """Pass: nothing comes from outside."""

    def _write_to_self(self) -> None:
        """Pass: no other thread wakes this one."""
