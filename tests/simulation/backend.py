"""The server's side of a session of the simulated PostgreSQL: it goes on when its client is gone without a word.

A session that the network has forgotten keeps its locks and its open transaction until somebody ends it, or until the
server's own look after its client (`tcp_keepalives_*` of services/chassis/sessions.py) finds nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from services.chassis import sessions

if TYPE_CHECKING:
    from tests.simulation.database import Database

TRY_LOCK = "select pg_try_advisory_lock($1)"
BEGIN, COMMIT = "begin", "commit"
#: What every database knows, whatever is in it.
COMMON = (TRY_LOCK, TRY_LOCK.replace("select", "SELECT"), sessions._BEGUN, sessions._END, sessions._IDLE, BEGIN, COMMIT)
#: Seconds after which the server finds nobody at the other end: keepalives, as sessions ask for them.
_IDLE, _INTERVAL, _COUNT = (int(sessions.KEEPALIVE[f"tcp_keepalives_{name}"]) for name in ("idle", "interval", "count"))
KEPT = float(_IDLE + _INTERVAL * _COUNT)
#: Numbers of processes are given again soon, so that one alone would name another session.
PIDS = 40


class Backend:
    """One session: its place among the others, its transaction, what it holds; `over` once it has ended."""

    def __init__(self, database: Database, ended: Callable[[], None]) -> None:
        """Begin; `ended` tells the client of the end, if there is a way to it."""
        self.database, self._ended = database, ended
        taken = {one.pid for one in database.backends}
        self.pid: int = database.world.rng.choice([pid for pid in range(1, PIDS + len(taken)) if pid not in taken])
        self.begun = self._now()
        self.active, self.changed = False, database.world.now
        self.over = False
        self.temporary: dict[str, Any] = {}
        self.view: Any = None
        self._holds = False
        database.backends.append(self)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.database.world.real, UTC)

    @property
    def state(self) -> Any:
        """What its statements see and change."""
        return self.database.state if self.view is None else self.view

    def end(self) -> None:
        """End the session: the transaction is rolled back, locks are free."""
        if self.over:
            return
        self.over = True
        self.roll_back()
        database = self.database
        database.backends.remove(self)
        database.holders = {key: held for key, held in database.holders.items() if held is not self}
        self._ended()

    def roll_back(self) -> None:
        """Forget the transaction."""
        self.view = None
        if self._holds:
            self._holds = False
            self.database.writing.release()

    async def work(self, statement: str, arguments: Sequence[Any]) -> list[Any]:
        """Do what a statement says; one that writes waits for the transaction of another. Nothing once it is over."""
        self.active = True
        alone = self._waits(statement, arguments)
        try:
            if alone:
                await self.database.writing.acquire()
                self._holds = True
                if self.over:
                    self.roll_back()
            return [] if self.over else self._do(statement, arguments)
        finally:
            if alone and self.view is None:
                self.roll_back()
            self.active, self.changed = False, self.database.world.now

    def _waits(self, statement: str, arguments: Sequence[Any]) -> bool:
        if statement == BEGIN:
            return not arguments[1]
        return statement not in COMMON and self.view is None and self.database.writes(statement)

    def _do(self, statement: str, arguments: Sequence[Any]) -> list[Any]:
        if statement == BEGIN:
            isolated, reads = arguments
            self.view = self.database.state.clone() if isolated or not reads else None
            return []
        if statement == COMMIT:
            self.database.state = self.view
            self.roll_back()
            return []
        if statement.lower() == TRY_LOCK:
            return [(self.database.holders.setdefault(arguments[0], self) is self,)]
        if statement == sessions._BEGUN:
            return [(self.begun,)]
        if statement in COMMON:
            found = [one for one in self.database.backends if (one.pid, one.begun) == tuple(arguments)]
            return self._end_of(found) if statement == sessions._END else [(found[0].idle if found else float("inf"),)]
        return self.database.perform(self, self.state, statement, arguments)

    def _end_of(self, found: Sequence[Backend]) -> list[Any]:
        """Have sessions ended, which takes them a moment."""
        for one in found:
            self.database.world.took("session of before ended")
            asyncio.get_running_loop().call_later(self.database.world.latency(), one.end)
        return [(True,) for _ in found]

    @property
    def idle(self) -> float:
        """Seconds for which it has not been at work."""
        return 0.0 if self.active else self.database.world.now - self.changed
