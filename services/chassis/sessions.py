"""Sessions at PostgreSQL that hold a lock while somebody leads: found out when they are dead, never left behind.

A network that drops what it knew of a connection tells neither end. The client then waits for an answer for good, and
the server keeps the session, with the lock in it, for hours. Whoever waits long therefore asks the server, over another
connection, whether it is still at work on the statement; and the next session of the same task ends the one before.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import asyncpg
import structlog

log = structlog.get_logger(__name__)

#: After so many seconds of waiting for an answer the server is asked, so often; it says no twice before that counts.
PATIENCE, LOOK = 10.0, 2.5
FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
# The same for sessions whose client is gone with its machine: the server notices in half a minute, not in two hours.
KEEPALIVE = {"tcp_keepalives_idle": "15", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
_BEGUN = "SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
_END = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid = $1 AND backend_start = $2 AND usename = current_user"""
#: Seconds for which a session has not been at work: none while it is, or while the server does not watch what sessions
#: do (track_activities); no end of them when it is not there.
_IDLE = """SELECT coalesce((
    SELECT CASE WHEN state IN ('active', 'disabled') THEN 0
    ELSE extract(epoch FROM clock_timestamp() - state_change) END
    FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2)::float8, 'infinity')"""


class Session(asyncpg.Connection):  # type: ignore[misc]
    """A connection that knows since when it waits for an answer."""

    _begun: float | None = None
    _count = 0

    @property
    def waiting(self) -> tuple[int, float] | None:
        """The number of the statement under way, and for how many seconds it has been; None when there is none."""
        return None if self._begun is None else (self._count, time.monotonic() - self._begun)

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        self._begun, self._count = time.monotonic(), self._count + 1
        try:
            yield
        finally:
            self._begun = None

    async def execute(self, *args: Any, **options: Any) -> Any:
        """Execute, as a connection does."""
        with self._under_way():
            return await super().execute(*args, **options)

    async def fetch(self, *args: Any, **options: Any) -> Any:
        """Fetch, as a connection does."""
        with self._under_way():
            return await super().fetch(*args, **options)

    async def fetchrow(self, *args: Any, **options: Any) -> Any:
        """Fetch a row, as a connection does."""
        with self._under_way():
            return await super().fetchrow(*args, **options)

    async def fetchval(self, *args: Any, **options: Any) -> Any:
        """Fetch a value, as a connection does."""
        with self._under_way():
            return await super().fetchval(*args, **options)


class Sessions:
    """The sessions of one task: one at a time, each after the end of the one before."""

    def __init__(
        self,
        url: str,
        name: str,
        *,
        patience: float = PATIENCE,
        look: float = LOOK,
        **options: Any,
    ) -> None:
        """Connect to `url` under an application's name; `options` are asyncpg's."""
        self._url, self._name, self._patience, self._look, self._options = url, name, patience, look, options
        self._before: tuple[int, datetime] | None = None

    async def open(self) -> Session:
        """Open the next session. Raises what connecting raises."""
        session: Session = await asyncpg.connect(
            self._url,
            timeout=10,
            connection_class=Session,
            server_settings={"application_name": self._name, "jit": "off", **KEEPALIVE},
            **self._options,
        )
        try:
            if self._before is not None:
                await session.fetchval(_END, *self._before)
            self._before = session.get_server_pid(), await session.fetchval(_BEGUN)
        except BaseException:
            session.terminate()
            raise
        watching = asyncio.create_task(self._watch(session, self._before))
        session.add_termination_listener(lambda _: watching.cancel())
        return session

    async def _watch(self, session: Session, place: tuple[int, datetime]) -> None:
        """End a session that waits for what the server does not work on."""
        suspected = 0
        while not session.is_closed():
            await asyncio.sleep(self._look)
            waiting = session.waiting
            if waiting is None or waiting[1] < self._patience or not await self._idle(place):
                suspected = 0
            elif suspected == waiting[0]:
                log.warning("session_dead", session=self._name, seconds=round(waiting[1]))
                session.terminate()
            else:
                suspected = waiting[0]

    async def _idle(self, place: tuple[int, datetime]) -> bool:
        """Tell whether the server says that it does not work for a session, and has not for a while."""
        with suppress(*FAILURES):
            connection = await asyncpg.connect(self._url, timeout=10, command_timeout=10)
            try:
                return bool(await connection.fetchval(_IDLE, *place) >= self._look)
            finally:
                connection.terminate()
        return False
