"""Connections: one SQLAlchemy engine per service, its asyncpg connections lent out with the caller's scope set."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Self, cast

import asyncpg
from sqlalchemy import QueuePool, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util.concurrency import greenlet_spawn

from services.chassis.errors import is_outage

#: How long a call waits for a connection when all are in use.
WAIT_SECONDS = 10.0
#: How long one statement may take. A connection that the network has forgotten would be waited for without an end.
STATEMENT_SECONDS = 60.0
#: After waiting in vain for so long the connections that lie idle are suspected of the same.
SUSPICIOUS_SECONDS = 5.0
_SET_SCOPE = "SELECT set_config('geju.offices', $1, false)"


def is_lost(error: BaseException) -> bool:
    """Tell whether an error says that the connection is gone: the same may well succeed on another one."""
    # asyncpg notices a session ended by the server in the middle of its own bookkeeping as an internal error.
    return isinstance(error, asyncpg.InternalClientError) or is_outage(error)


def make_engine(url: str, *, size: int = 16, name: str = "geju") -> AsyncEngine:
    """Return an engine over `url` (postgresql://…), of `size` connections at most; nothing is opened yet.

    The pool resets nothing on return: the only state of a session is its scope, and every loan sets that.
    """
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=size,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        pool_reset_on_return=None,
        pool_use_lifo=True,
        # Plans of small statements are cached for good; compiling them costs more than it saves.
        connect_args={
            "server_settings": {"application_name": name, "jit": "off"},
            "timeout": 10,
            "command_timeout": STATEMENT_SECONDS,
        },
    )


class Lender:
    """Lends an engine's connections and keeps them at hand, each with the scope that was set on it last.

    Borrowing from the engine costs as much as a small query; a kept connection of the right scope costs nothing. The
    kept ones are closed when the engine is disposed of.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._kept: list[_Borrowed] = []
        # Whoever comes first is served first. Waiting in the engine's own queue would not do: what is kept here never
        # comes back to it, and whoever has just given a connection back could take it again before the one who waits.
        self._free = asyncio.Semaphore(cast("QueuePool", engine.pool).size())
        event.listen(engine.sync_engine, "engine_disposed", self._close)

    def lend(self, scope: str) -> Loan:
        """Lend a connection that sees the records of a scope; use it in `async with`."""
        return Loan(self, scope)

    async def take(self, scope: str) -> _Borrowed:
        """Return a live connection with its scope set. Raises TimeoutError when none is free for long."""
        if self._free.locked():
            async with asyncio.timeout(WAIT_SECONDS):
                await self._free.acquire()
        else:
            await self._free.acquire()
        try:
            return await self._take(scope)
        except BaseException:
            self._free.release()
            raise

    async def give_back(self, found: _Borrowed, *, broken: bool) -> None:
        """Take a connection back; a broken one is closed."""
        try:
            await self._put_back(found, broken=broken)
        finally:
            self._free.release()

    async def _take(self, scope: str) -> _Borrowed:
        found = self._from_kept(scope) or await self._from_engine()
        while found.connection.is_closed():  # the server was restarted while it lay idle
            await self._put_back(found, broken=True)
            found = self._from_kept(scope) or await self._from_engine()
        if found.scope != scope:
            found.scope = None
            try:
                await found.connection.execute(_SET_SCOPE, scope)
            except BaseException:
                await self._put_back(found, broken=True)
                raise
            found.scope = scope
        return found

    async def _put_back(self, found: _Borrowed, *, broken: bool) -> None:
        if broken or found.connection.is_closed():
            await greenlet_spawn(found.pooled.invalidate)
        else:
            self._kept.append(found)

    def _from_kept(self, scope: str) -> _Borrowed | None:
        kept = self._kept
        for i in range(len(kept) - 1, -1, -1):
            if kept[i].scope == scope:
                return kept.pop(i)
        return kept.pop() if kept else None

    async def _from_engine(self) -> _Borrowed:
        pooled: Any = await self._engine.raw_connection()
        return _Borrowed(pooled, pooled.driver_connection, None)

    def drop_idle(self) -> None:
        """Close the connections that lie idle; whoever needs one gets a new one."""
        self._close(None)

    def _close(self, _engine: Any) -> None:
        kept, self._kept = self._kept, []
        for found in kept:
            found.pooled.invalidate()


@dataclass(slots=True)
class _Borrowed:
    """A connection from the engine: SQLAlchemy's handle, asyncpg's connection, the scope set on it."""

    pooled: Any
    connection: Any
    scope: str | None


class Loan:
    """A connection on loan for as long as the `async with` block lasts.

    `connection` is asyncpg's own: statements sent on it commit by themselves unless a transaction is open.
    """

    __slots__ = ("_begun", "_found", "_lender", "_scope", "connection")

    def __init__(self, lender: Lender, scope: str) -> None:
        self._lender = lender
        self._scope = scope
        self._found: Any = None
        self._begun = 0.0
        self.connection: Any = None

    async def __aenter__(self) -> Self:
        self._found = await self._lender.take(self._scope)
        self._begun = time.monotonic()
        self.connection = self._found.connection
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        # A call cancelled in the middle of a statement or transaction leaves the connection in an unknown state.
        unknown = error is not None and (not isinstance(error, Exception) or is_lost(error))
        waited = time.monotonic() - self._begun >= SUSPICIOUS_SECONDS
        if waited and isinstance(error, TimeoutError | asyncio.CancelledError):
            self._lender.drop_idle()
        await self._lender.give_back(self._found, broken=unknown or self.connection.is_in_transaction())
