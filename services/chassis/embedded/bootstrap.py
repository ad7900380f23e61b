"""Databases and roles of a service: made once, brought in order every time."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

# Serialises concurrent runs: PostgreSQL refuses to change the same role twice at once.
LOCK = 0x67656A75_626F6F74
PLAIN_ROLE = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


@dataclass(frozen=True)
class Urls:
    """How to reach one database: as its owner (migrations) and as the application (everything else)."""

    owner: str
    app: str


async def bootstrap(
    admin_url: str, service: str, *, owner_password: str, app_password: str, database: str = ""
) -> Urls:
    """Create or put in order the database `geju_<service>` and its two roles; repeatable at any time.

    The role `geju_<service>_owner` owns database and schema. The role `geju_<service>` may read and write the tables
    the owner makes, but neither define anything nor bypass row-level security. `database` is another database name.
    """
    app, owner, database = f"geju_{service}", f"geju_{service}_owner", database or f"geju_{service}"
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        await _role(connection, owner, owner_password)
        await _role(connection, app, app_password)
        await _database(connection, database, owner, app)
    finally:
        await connection.close()
    await _schema(with_database(admin_url, database), owner, app)
    return Urls(
        owner=_url(admin_url, owner, owner_password, database),
        app=_url(admin_url, app, app_password, database),
    )


def with_database(url: str, database: str) -> str:
    """Return the URL of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


async def _role(connection: asyncpg.Connection, role: str, password: str) -> None:
    known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    statement = f"{'ALTER' if known else 'CREATE'} ROLE %I {PLAIN_ROLE} PASSWORD %L"
    await connection.execute(
        await connection.fetchval("SELECT format($1, $2::text, $3::text)", statement, role, password)
    )


async def _database(connection: asyncpg.Connection, database: str, owner: str, app: str) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
        # template0: nothing that somebody put into template1 comes along.
        await connection.execute(f'CREATE DATABASE "{database}" OWNER "{owner}" TEMPLATE template0')
    await connection.execute(f'ALTER DATABASE "{database}" OWNER TO "{owner}"')
    await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    await connection.execute(f'GRANT CONNECT ON DATABASE "{database}" TO "{app}"')


async def _schema(url: str, owner: str, app: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"""
            ALTER SCHEMA public OWNER TO "{owner}";
            REVOKE ALL ON SCHEMA public FROM PUBLIC;
            GRANT USAGE ON SCHEMA public TO "{app}";
            ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{app}";
            ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" GRANT USAGE, SELECT ON SEQUENCES TO "{app}";
        """)
    finally:
        await connection.close()


def _url(admin_url: str, role: str, password: str, database: str) -> str:
    parts = urlsplit(admin_url)
    place = f"{quote(role)}:{quote(password, safe='')}@{parts.hostname}:{parts.port}"
    return urlunsplit(parts._replace(netloc=place, path=f"/{database}"))
