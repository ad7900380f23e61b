"""PostgreSQL in other people's hands: long transactions, no connection left, databases dumped, restored, set back.

A database is moved as an operator moves it: nobody is let in, who is in is sent away, and the new one takes the name
of the old in one transaction. The services are not told; they find it out by their connections.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count

import asyncpg

from services.chassis.embedded import Postgres, Secrets, bootstrap
from services.chassis.embedded.bootstrap import with_database
from services.chassis.testing import eventually
from services.cli.accounts import ROLES
from services.cli.drill import dumps
from tests.chaos.arena import Arena
from tests.chaos.fault import Fault
from tests.support.system import DOMAIN, KINDS, SERVICES

_NUMBERS = count(1)
PATIENCE = 120.0
#: What a foreigner may hold on to in a service's database, by what is said of it.
SNAPSHOT = "SELECT pg_current_xact_id(), count(*) FROM pg_class"
RELAY_ROW = "SELECT * FROM source FOR UPDATE"
BOARD_ROW = "SELECT * FROM current FOR UPDATE"


@asynccontextmanager
async def superuser(arena: Arena, database: str = "postgres") -> AsyncIterator[asyncpg.Connection]:
    """Connect as superuser."""
    connection = await asyncpg.connect(with_database(_admin(arena), database))
    try:
        yield connection
    finally:
        connection.terminate()


async def insist(arena: Arena, statement: str) -> None:
    """Execute a statement as superuser, again until it is done: another fault may have PostgreSQL down."""

    async def done() -> bool:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            async with superuser(arena) as connection:
                await connection.execute(statement)
                return True
        return False

    await eventually(done, PATIENCE)


def _admin(arena: Arena) -> str:
    return Postgres(arena.system.home.postgres, arena.system.port("postgres")).admin_url


def held(what: str, database: str, *statements: str) -> Fault:
    """Return the fault that a foreign transaction stays open for long, with what it has read and locked."""

    async def inflict(arena: Arena) -> None:
        seconds = arena.seconds(4, 25)
        async with superuser(arena, database) as connection:
            await eventually(lambda: _taken(connection, statements), PATIENCE)
            arena.note(f"a foreign transaction holds {what} in {database} for {seconds:.1f} s")
            await asyncio.sleep(seconds)

    return Fault(f"foreign transaction: {what} in {database}", "long foreign transaction", inflict)


async def _taken(connection: asyncpg.Connection, statements: Sequence[str]) -> bool:
    """Begin a transaction with these statements; not if somebody has just changed what it asks for."""
    await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    try:
        for statement in statements:
            await connection.fetch(statement)
    except asyncpg.SerializationError:
        await connection.execute("ROLLBACK")
        return False
    return True


def records_locked(service: str) -> Fault:
    """Return the fault that a foreign transaction holds the newest records of every kind of a service."""
    tables = [kind.row.__tablename__ for kind in KINDS[service]]
    rows = [f"SELECT id FROM {table} ORDER BY id DESC LIMIT 20 FOR UPDATE" for table in tables]  # noqa: S608
    return held("the newest records", f"geju_{service}", *rows)


async def send_away(connection: asyncpg.Connection, what: str, *parameters: object) -> int:
    """End sessions of services."""
    ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND {what}"  # noqa: S608
    return len(await connection.fetch(ended, *parameters))


async def _no_connection_left(arena: Arena) -> None:
    seconds = arena.seconds(6, 20)
    async with superuser(arena) as connection:
        most = await connection.fetchval(
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
        )
        taken: list[asyncpg.Connection] = []
        try:
            arena.note(f"a foreigner takes all {most} connections for {seconds:.1f} s; services are to connect anew")
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                await send_away(connection, "application_name LIKE 'geju%'")
                there = await connection.fetchval(
                    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                )
                with suppress(asyncpg.TooManyConnectionsError):
                    while there < most:
                        taken.append(await asyncpg.connect(_admin(arena)))
                        there += 1
                await asyncio.sleep(0.2)
        finally:
            for one in taken:
                one.terminate()


def limited(service: str) -> Fault:
    """Return the fault that a service may have one connection only for a while, and has to connect anew."""

    async def inflict(arena: Arena) -> None:
        seconds, role = arena.seconds(3, 15), f"geju_{service}"
        async with superuser(arena) as connection:
            await connection.execute(f"ALTER ROLE {role} CONNECTION LIMIT 1")
            try:
                await send_away(connection, "usename = $1", role)
                arena.note(f"{role} may have one connection for {seconds:.1f} s")
                await asyncio.sleep(seconds)
            finally:
                await insist(arena, f"ALTER ROLE {role} CONNECTION LIMIT -1")

    return Fault(f"one connection for {service}", "connection limit reached", inflict)


@asynccontextmanager
async def closed(arena: Arena, database: str) -> AsyncIterator[asyncpg.Connection]:
    """Let nobody into a database and send away who is in it; gives a superuser's connection to another one."""
    async with superuser(arena) as connection:
        await connection.execute(f'ALTER DATABASE "{database}" CONNECTION LIMIT 0')
        try:
            await _alone(connection, database)
            yield connection
        finally:
            await insist(arena, f'ALTER DATABASE "{database}" CONNECTION LIMIT -1')


async def _alone(connection: asyncpg.Connection, database: str) -> None:
    async def gone() -> bool:
        return not await send_away(connection, "datname = $1", database)

    await eventually(gone)


async def copied(arena: Arena, service: str, connection: asyncpg.Connection) -> str:
    """Copy a database that nobody is in; returns the name of the copy, which the service's roles may use as well."""
    database, copy = f"geju_{service}", f"copy{next(_NUMBERS)}_{service}"
    await connection.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{database}"')
    await let_in(arena, service, copy)
    return copy


async def let_in(arena: Arena, service: str, database: str) -> None:
    """Do what `geju permissions` does for a service, for a database of another name; made when it is not there."""
    passwords = Secrets(arena.system.home.passwords)
    await bootstrap(_admin(arena), service, passwords.get, database=database, roles=ROLES[service])


async def put_in_place(connection: asyncpg.Connection, service: str, database: str) -> None:
    """Give a database the name of the service's own, which is deleted."""
    await _alone(connection, database)
    async with connection.transaction():
        await connection.execute(f'ALTER DATABASE "geju_{service}" RENAME TO "old_{database}"')
        await connection.execute(f'ALTER DATABASE "{database}" RENAME TO "geju_{service}"')
    await connection.execute(f'DROP DATABASE "old_{database}" WITH (FORCE)')


def dumped_and_restored(service: str) -> Fault:
    """Return the fault that a service's database is dumped, and restored from the dump into a new one."""

    async def inflict(arena: Arena) -> None:
        database, fresh = f"geju_{service}", f"fresh{next(_NUMBERS)}_{service}"
        path = arena.folder / f"{fresh}.dump"
        begun = time.monotonic()
        async with closed(arena, database) as connection:
            before = await dumps.dump(with_database(_admin(arena), database), path)
            await let_in(arena, service, fresh)
            after = await dumps.restore(with_database(_admin(arena), fresh), path)
            assert before == after, dumps.differing(before, after)
            await put_in_place(connection, service, fresh)
        path.unlink()
        arena.note(f"{database} dumped and restored in {time.monotonic() - begun:.1f} s, {dumps.rows([after])} rows")

    return Fault(f"dump and restore of {service}", "dump and restore", inflict)


def set_back(service: str) -> Fault:
    """Return the fault that a service's database is restored as it was some time ago."""

    async def inflict(arena: Arena) -> None:
        database, seconds = f"geju_{service}", arena.seconds(2, 15)
        async with closed(arena, database) as connection:
            since = time.monotonic()
            copy = await copied(arena, service, connection)
        arena.note(f"{database} copied")
        await asyncio.sleep(seconds)
        async with closed(arena, database) as connection:
            if service in DOMAIN:
                arena.forget_since(service, since)  # before anybody can be told so
            await put_in_place(connection, service, copy)
            arena.note(f"{database} set back by {time.monotonic() - since:.1f} s")

    return Fault(f"restore of {service} to an earlier time", "restore to an earlier time", inflict, alone=True)


FAULTS: Sequence[Fault] = [
    *(held("a snapshot", f"geju_{service}", SNAPSHOT) for service in SERVICES),
    held("a snapshot", "postgres", SNAPSHOT),
    *(held("the relay's row", f"geju_{service}", RELAY_ROW) for service in DOMAIN),
    held("the board's row", "geju_aggregation", BOARD_ROW),
    *map(records_locked, DOMAIN),
    Fault("no connection to PostgreSQL left", "connection limit reached", _no_connection_left),
    *map(limited, SERVICES),
    *map(dumped_and_restored, SERVICES),
    *map(set_back, SERVICES),
]
