"""A simulated PostgreSQL, as asyncpg shows it: the statements the product sends, on rows in memory, by transaction.

What a statement means is told by the subclass for each database of the product; what is not told is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol, Self

import asyncpg

from services.chassis import sessions
from tests.simulation.world import Process, World, here

TRY_LOCK = "select pg_try_advisory_lock($1)"


class State(Protocol):
    """Everything committed; `clone` gives a copy that changes by itself."""

    def clone(self) -> Self:
        """Return a copy."""


class Database:
    """One database: what is committed, who holds its locks, and the one write transaction that is open at a time."""

    def __init__(self, world: World, name: str, state: Any) -> None:
        self.world, self.name, self.state = world, name, state
        self.writing = asyncio.Lock()
        self.holders: dict[int, Connection] = {}
        self.connections: list[Connection] = []
        self.opened = 0
        self.down = False

    async def connect(self, *_: Any, **__: Any) -> Connection:
        """Open a connection for the process that asks. Raises ConnectionRefusedError."""
        await asyncio.sleep(self.world.latency())
        if self.down:
            raise ConnectionRefusedError(self.name)
        connection = Connection(self, here.get())
        self.connections.append(connection)
        return connection

    def restart(self) -> None:
        """Break all connections, open transactions with them."""
        self.crashed()
        for connection in list(self.connections):
            connection.end()

    def restore(self, state: Any) -> None:
        """Go back to an earlier time."""
        self.restart()
        self.state = state.clone()

    def crashed(self) -> None:
        """Lose what was committed without waiting for the disk."""

    def perform(self, connection: Connection, state: Any, statement: str, arguments: Sequence[Any]) -> list[Any]:
        """Do what a statement says to a state; returns its rows."""
        raise NotImplementedError

    def passes(self, statement: str) -> bool:
        """Tell whether a statement is none of the simulation's, and takes no time in it."""
        del statement
        return False

    def writes(self, statement: str) -> bool:
        """Tell whether a statement changes anything, so that it waits for other transactions."""
        raise NotImplementedError


class Connection:
    """A session of one process. Any call may find it broken, before what it asked for was done or after."""

    def __init__(self, database: Database, process: Process | None) -> None:
        self.database, self.process = database, process
        self.broken = False
        self.number = database.opened = database.opened + 1
        #: No connection here is dead without a word: nothing is waited for that does not come or break.
        self.waiting = None
        self._listeners: list[Callable[[Any], Any]] = []
        self.temporary: dict[str, Any] = {}
        self._view: Any = None
        self._holds = False
        if process is not None:
            process.handles.append(self)

    def end(self) -> None:
        """Break: the transaction is rolled back, locks are free."""
        if self.broken:
            return
        self.broken, self._view = True, None
        self._release()
        database = self.database
        database.connections.remove(self)
        database.holders = {key: held for key, held in database.holders.items() if held is not self}
        for listener in self._listeners:
            listener(self)

    def is_closed(self) -> bool:
        """Tell whether the connection is broken."""
        return self.broken

    async def close(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 (asyncpg's)
        """End the session."""
        del timeout
        self.end()

    def terminate(self) -> None:
        """End the session without a word to the server, which finds it out."""
        self.end()

    def get_server_pid(self) -> int:
        """Return what the server knows the session by."""
        return self.number

    def add_termination_listener(self, listener: Callable[[Any], Any]) -> None:
        """Have somebody told of the end."""
        self._listeners.append(listener)

    async def reload_schema_state(self) -> None:
        """Pass: statements have no memory here."""

    async def fetch(self, statement: str, *arguments: Any, **_: Any) -> list[Any]:
        """Return the rows of a statement."""
        return await self._call(lambda state: self._perform(state, statement, arguments), statement)

    async def fetchrow(self, statement: str, *arguments: Any, **_: Any) -> Any:
        """Return the first row."""
        rows = await self.fetch(statement, *arguments)
        return rows[0] if rows else None

    async def fetchval(self, statement: str, *arguments: Any, **_: Any) -> Any:
        """Return the first value."""
        row = await self.fetchrow(statement, *arguments)
        return None if row is None else next(iter(row.values() if isinstance(row, dict) else row))

    async def execute(self, statement: str, *arguments: Any, **_: Any) -> str:
        """Do what a statement says."""
        await self.fetch(statement, *arguments)
        return "DONE 0"

    async def executemany(self, statement: str, rows: Any) -> None:
        """Do it for many."""
        for row in list(rows):
            await self.fetch(statement, *row)

    async def copy_records_to_table(self, table: str, *, records: Any, schema_name: str = "") -> None:
        """Copy rows in."""
        await self.fetch("copy", schema_name, table, list(records))

    @asynccontextmanager
    async def transaction(self, isolation: str = "", readonly: bool = False) -> Any:  # noqa: FBT001, FBT002 (asyncpg's)
        """See one state, change a copy of it, commit at the end; one that only reads need not wait for others."""
        if not readonly:
            await self.database.writing.acquire()
            self._holds = True
            if self.broken:
                self._release()
                self._gone()
        self._view = self.database.state.clone() if isolation or not readonly else None
        try:
            yield
            if not readonly:
                view = self._view
                await self._call(lambda _: self._commit(view), "commit")
        finally:
            self._view = None
            self._release()

    def _commit(self, view: Any) -> list[Any]:
        self.database.state = view
        return []

    def _release(self) -> None:
        if self._holds:
            self._holds = False
            self.database.writing.release()

    def _perform(self, state: Any, statement: str, arguments: Sequence[Any]) -> list[Any]:
        if statement.lower() == TRY_LOCK:
            holder = self.database.holders.setdefault(arguments[0], self)
            return [(holder is self,)]
        if statement == sessions._BEGUN:
            return [(self.number,)]
        if statement == sessions._END:
            for one in [one for one in self.database.connections if one.number == arguments[0]]:
                one.end()
            return [(True,)]
        return self.database.perform(self, state, statement, arguments)

    async def _call(self, effect: Callable[[Any], list[Any]], statement: str) -> list[Any]:
        """Do something there and come back, unless something happens on the way."""
        world, inside = self.database.world, self._view is not None
        if self.database.passes(statement) and not self.broken:
            return effect(self._view if inside else self.database.state)
        await asyncio.sleep(world.latency())
        self._fail("before", statement, world)
        alone = not inside and self.database.writes(statement)
        if alone:
            await self.database.writing.acquire()
        try:
            if self.broken:
                self._gone()
            rows = effect(self._view if self._view is not None else self.database.state)
        finally:
            if alone:
                self.database.writing.release()
        self._fail("after", statement, world)
        if self.broken:
            self._gone()
        return rows

    def _fail(self, when: str, statement: str, world: World) -> None:
        """Break the connection, or kill the process, at this point if chance has it."""
        if self.process is not None and world.chance(world.trouble.crash):
            self.process.kill(f"{when} {_short(statement)}")
            world.took(f"killed {when} a statement")
            if statement == "commit":
                world.took(f"killed {when} a commit")
        elif world.chance(world.trouble.database):
            world.note(f"{self.database.name}: connection lost {when} {_short(statement)}")
            if (statement, when) == ("commit", "after"):
                world.took("committed, and the answer was lost")
            self.end()
        if self.broken:
            self._gone()

    def _gone(self) -> None:
        raise asyncpg.ConnectionDoesNotExistError("the connection is gone")


class Pool:
    """Connections that readers share."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def acquire(self) -> Any:
        """Lend a connection."""
        connection = await self._database.connect()
        try:
            yield connection
        finally:
            connection.end()

    async def fetch(self, statement: str, *arguments: Any) -> list[Any]:
        """Return the rows of a statement."""
        async with self.acquire() as connection:
            return await connection.fetch(statement, *arguments)  # type: ignore[no-any-return]

    async def fetchrow(self, statement: str, *arguments: Any) -> Any:
        """Return the first row."""
        async with self.acquire() as connection:
            return await connection.fetchrow(statement, *arguments)


def _short(statement: str) -> str:
    return " ".join(statement.split())[:40]
