"""Connections of the aggregation service, and the row that says which projection is read."""

from __future__ import annotations

from dataclasses import replace

import asyncpg

from services.aggregation import definitions
from services.aggregation.live import Current
from services.aggregation.plans import fingerprint
from services.aggregation.projection import CONNECTION
from services.chassis.sessions import Sessions
from services.chassis.settings import Settings

#: Held by the leader's connection for as long as it leads, so that whoever has lost it can no longer write.
LEADER = 0x67656A75_61676772
_READ = "select schema_name, fingerprint, as_of, measured from current"
_WRITE = """
insert into current (one, schema_name, fingerprint, version, as_of, measured) values (true, $1, $2, 0, $3, $4)
on conflict (one) do update set schema_name = excluded.schema_name, fingerprint = excluded.fingerprint,
    as_of = excluded.as_of, measured = excluded.measured"""
_SCHEMAS = "select nspname from pg_namespace where nspname like 'p\\_%' order by 1"


async def open_pool(settings: Settings) -> asyncpg.Pool:
    """Return the connections that readers share; none is opened yet: the service starts without its database."""
    return await asyncpg.create_pool(
        settings.database_url, min_size=0, max_size=settings.database_pool, timeout=10, command_timeout=60,
        server_settings={"application_name": "geju-aggregation", "jit": "off"}, **CONNECTION,
    )  # fmt: skip


def sessions(settings: Settings, name: str) -> Sessions:
    """Return the connections of one's own, one after the other, for writing."""
    return Sessions(settings.database_url, name, **CONNECTION)


async def read_current(conn: asyncpg.Connection | asyncpg.Pool) -> Current | None:
    """Return which projection is read; None before the first was made."""
    row = await conn.fetchrow(_READ)
    if row is None:
        return None
    current = Current(*row)
    if current.fingerprint == fingerprint() or current.schema not in await schemas(conn):
        return current
    return replace(current, known=await definitions.unchanged(conn, current.schema))


async def write_current(conn: asyncpg.Connection, current: Current) -> None:
    """Note which projection is read."""
    await conn.execute(_WRITE, current.schema, current.fingerprint, current.as_of, current.measured)


async def schemas(conn: asyncpg.Connection | asyncpg.Pool) -> list[str]:
    """Return the schemas of all projections, those left behind included."""
    return [name for (name,) in await conn.fetch(_SCHEMAS)]


async def drop(conn: asyncpg.Connection, schema: str) -> None:
    """Drop a projection."""
    await conn.execute(f'drop schema if exists "{schema}" cascade')
