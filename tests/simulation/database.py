"""A simulated PostgreSQL, as asyncpg shows it: the statements the product sends, on rows in memory, by transaction.

What a statement means is told by the subclass for each database of the product; what is not told is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol, Self

import asyncpg

from services.chassis.sessions import Session
from tests.simulation.backend import BEGIN, COMMIT, COMMON, KEPT, Backend
from tests.simulation.world import Process, World, here


class State(Protocol):
    """Everything committed; `clone` gives a copy that changes by itself."""

    def clone(self) -> Self:
        """Return a copy."""


class Database:
    """One database: what is committed, who holds its locks, and the one write transaction that is open at a time."""

    def __init__(self, world: World, name: str, state: Any) -> None:
        self.world, self.name, self.state = world, name, state
        self.writing = asyncio.Lock()
        self.holders: dict[int, Backend] = {}
        self.backends: list[Backend] = []
        #: The clients' side of those that somebody holds for long.
        self.sessions: list[Held] = []
        self.down = False

    async def connect(self, *_: Any, connection_class: type | None = None, **options: Any) -> Connection:
        """Open a connection for the process that asks. Raises ConnectionRefusedError."""
        await asyncio.sleep(self.world.latency())
        if self.down:
            raise ConnectionRefusedError(self.name)
        if connection_class is not Session:
            return Connection(self, here.get(), options.get("command_timeout"))
        session = Held(self, here.get(), options.get("command_timeout"))
        self.sessions = [*(one for one in self.sessions if not one.broken), session]
        return session

    def restart(self) -> None:
        """Break all connections, open transactions with them."""
        self.crashed()
        for backend in list(self.backends):
            backend.end()

    def restore(self, state: Any) -> None:
        """Go back to an earlier time."""
        self.restart()
        self.state = state.clone()

    def crashed(self) -> None:
        """Lose what was committed without waiting for the disk."""

    def perform(self, backend: Backend, state: Any, statement: str, arguments: Sequence[Any]) -> list[Any]:
        """Do what a statement says to a state; returns its rows."""
        raise NotImplementedError

    def passes(self, statement: str) -> bool:
        """Tell whether a statement is none of the simulation's, and takes no time in it."""
        del statement
        return False

    def writes(self, statement: str) -> bool:
        """Tell whether a statement changes anything, so that it waits for other transactions."""
        raise NotImplementedError


class Connection(asyncpg.Connection):  # type: ignore[misc]
    """The client's side of a session of one process. Any call may find it broken, before it was done or after.

    It is a connection of asyncpg's, so that the product's own kind of session can be made of it.
    """

    #: Somebody looks whether it is dead; no other is forgotten by the network here.
    watched = False

    def __init__(self, database: Database, process: Process | None, patience: float | None) -> None:
        """Connect; `patience` is the most seconds that a statement may take."""
        self.database, self.process, self.patience = database, process, patience
        self.broken = self.lost = False
        self.backend = Backend(database, self._told)
        self._over = asyncio.Event()
        self._listeners_of_end: list[Callable[[Any], None]] = []
        if process is not None:
            process.handles.append(self)

    def __del__(self) -> None:
        """Pass: there is no socket to be closed."""

    # The way between both sides.

    def lose(self) -> None:
        """Have the network forget the connection: nothing arrives any more, and nobody is told."""
        if self.broken or self.lost:
            return
        self.lost = True
        self.database.world.took("session lost without a word")
        asyncio.get_running_loop().call_later(KEPT, self.backend.end)

    def _told(self) -> None:
        if not self.lost:
            self.terminate()

    def end(self) -> None:
        """End with the process: the machine closes what it held."""
        self.terminate()

    def terminate(self) -> None:
        """End this side, and the other if it can be told."""
        if self.broken:
            return
        self.broken = True
        self._over.set()
        if not self.lost:
            self.backend.end()
        for listener in self._listeners_of_end:
            self.database.world.loop.call_soon(listener, self)

    async def _there(self) -> None:
        """Go on if the way is open; wait until this side is ended where it is not."""
        if self.lost:
            await self._over.wait()
        if self.broken:
            raise asyncpg.ConnectionDoesNotExistError("the connection is gone")

    # What the product calls.

    def is_closed(self) -> bool:
        """Tell whether the connection is broken."""
        return self.broken

    def get_server_pid(self) -> int:
        """Return the number of the server's process."""
        return self.backend.pid

    def add_termination_listener(self, callback: Callable[[Any], None]) -> None:
        """Have something called at the end."""
        self._listeners_of_end.append(callback)

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 (asyncpg's)
        """End the session. Raises TimeoutError when the server does not hear of it."""
        try:
            if self.lost and not self.broken:
                await asyncio.wait_for(self._over.wait(), timeout)
        finally:
            self.terminate()

    async def reload_schema_state(self) -> None:
        """Pass: statements have no memory here."""

    async def fetch(self, statement: str, *arguments: Any, **_: Any) -> list[Any]:
        """Return the rows of a statement."""
        return await self._call(statement, arguments)

    async def fetchrow(self, statement: str, *arguments: Any, **_: Any) -> Any:
        """Return the first row."""
        rows = await self._call(statement, arguments)
        return rows[0] if rows else None

    async def fetchval(self, statement: str, *arguments: Any, **_: Any) -> Any:
        """Return the first value."""
        rows = await self._call(statement, arguments)
        return next(iter(rows[0].values() if isinstance(rows[0], dict) else rows[0])) if rows else None

    async def execute(self, statement: str, *arguments: Any, **_: Any) -> str:
        """Do what a statement says."""
        await self._call(statement, arguments)
        return "DONE 0"

    async def executemany(self, statement: str, rows: Any) -> None:
        """Do it for many."""
        for row in list(rows):
            await self.execute(statement, *row)

    async def copy_records_to_table(self, table: str, *, records: Any, schema_name: str = "") -> None:
        """Copy rows in."""
        await self.execute("copy", schema_name, table, list(records))

    @asynccontextmanager
    async def transaction(self, isolation: str = "", readonly: bool = False) -> Any:  # noqa: FBT001, FBT002 (asyncpg's)
        """See one state, change a copy of it, commit at the end; one that only reads need not wait for others."""
        await self.execute(BEGIN, bool(isolation), readonly)
        try:
            yield
            if not readonly:
                await self.execute(COMMIT)
        finally:
            if not self.lost:
                self.backend.roll_back()

    async def _call(self, statement: str, arguments: Sequence[Any]) -> list[Any]:
        async with asyncio.timeout(self.patience):
            return await self._asked(statement, arguments)

    async def _asked(self, statement: str, arguments: Sequence[Any]) -> list[Any]:
        """Do something there and come back, unless something happens on the way."""
        backend, database = self.backend, self.database
        if statement not in COMMON and database.passes(statement) and not (self.broken or self.lost):
            return database.perform(backend, backend.state, statement, arguments)
        await asyncio.sleep(database.world.latency())
        self._fail("before", statement)
        await self._there()
        try:
            rows = await backend.work(statement, arguments)
        except asyncpg.PostgresError:
            await self._there()
            raise
        self._fail("after", statement)
        await self._there()
        return rows

    def _fail(self, when: str, statement: str) -> None:
        """Break or lose the connection, or kill the process, at this point if chance has it."""
        world = self.database.world
        if self.process is not None and world.chance(world.trouble.crash):
            self.process.kill(f"{when} {_short(statement)}")
            world.took(f"killed {when} a statement")
            if statement == COMMIT:
                world.took(f"killed {when} a commit")
        elif world.chance(world.trouble.database):
            world.note(f"{self.database.name}: connection lost {when} {_short(statement)}")
            if (statement, when) == (COMMIT, "after"):
                world.took("committed, and the answer was lost")
            self.terminate()
        elif self.watched and world.chance(world.trouble.silence):
            world.note(f"{self.database.name}: session {self.backend.pid} forgotten {when} {_short(statement)}")
            self.lose()


class Held(Session, Connection):
    """The product's own kind of session over a simulated connection."""

    watched = True


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
