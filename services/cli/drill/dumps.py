"""Dumps of databases, and what is in them, so that two databases can be compared."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from services.chassis.embedded.postgres import binaries
from services.cli.failure import Exit, Failure

_TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
ORDER BY 1
"""
# The order of rows is no part of what a table holds: their digests are added up.
_CONTENT = """
SELECT count(*) AS rows, coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint::numeric), 0)::text AS digest
FROM {} t
"""
_END = 2000


class Content(NamedTuple):
    """What a table holds: so many rows, and a digest of them all."""

    rows: int
    digest: str


Contents = Mapping[str, Content]


async def dump(url: str, path: Path) -> Contents:
    """Write a database to a file and return what is in it: both of one snapshot. Errors: Failure."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
            await _run(url, "pg_dump", "-Fc", f"--snapshot={snapshot}", "-f", str(path))
            return await _contents(connection)
    finally:
        await connection.close()


async def restore(url: str, path: Path) -> Contents:
    """Fill an empty database from a file and return what is in it then. Errors: Failure."""
    await _run(url, "pg_restore", "--exit-on-error", str(path))
    connection = await asyncpg.connect(url)
    try:
        return await _contents(connection)
    finally:
        await connection.close()


def differing(before: Contents, after: Contents) -> list[str]:
    """Return the tables that do not hold the same."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def rows(contents: Iterable[Contents]) -> int:
    """Count the rows of databases."""
    return sum(content.rows for one in contents for content in one.values())


async def _contents(connection: Any) -> Contents:
    names = [row[0] for row in await connection.fetch(_TABLES)]
    return {name: Content(*await connection.fetchrow(_CONTENT.format(name))) for name in names}


async def _run(url: str, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on a database; the password is not among its arguments. Errors: Failure."""
    parts = urlsplit(url)
    place = urlunsplit(parts._replace(netloc=f"{parts.username}@{parts.hostname}:{parts.port}"))
    environment = {"PATH": os.defpath, "LC_ALL": "C", "PGPASSWORD": unquote(parts.password or "")}
    process = await asyncio.create_subprocess_exec(
        *(str(binaries() / program), *arguments, "-d", place),
        env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    if process.returncode:
        raise Failure(f"{program} 失败(代码 {process.returncode})", Exit.RULE, said.decode(errors="replace")[-_END:])
