"""Databases and roles of a service: made once, brought in order every time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from services.chassis.rights.roles import Role, Step, account_steps, database_steps, role_name, schema_steps

# Serialises concurrent runs: PostgreSQL refuses to change the same role twice at once.
LOCK = 0x67656A75_626F6F74


@dataclass(frozen=True)
class Urls:
    """How to reach one database, under each of its roles; empty for a role that it has not."""

    owner: str
    app: str
    relay: str = ""
    auditor: str = ""
    reader: str = ""

    def settings(self) -> dict[str, str]:
        """Return the settings of the service that runs on it."""
        return {"database_url": self.app, **({"database_relay_url": self.relay} if self.relay else {})}


async def bootstrap(
    admin_url: str,
    service: str,
    password: Callable[[str], str],
    *,
    database: str = "",
    roles: Sequence[Role] = tuple(Role),
) -> Urls:
    """Create or put in order the database `geju_<service>` and its roles; repeatable at any time.

    `password` gives that of each role by its name; `database` is another database name.
    """
    database = database or f"geju_{service}"
    words = {role: password(role_name(service, role)) for role in roles}
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        literals = {role: await connection.fetchval("SELECT quote_literal($1)", word) for role, word in words.items()}
        await _run(connection, account_steps(service, literals))
        await _run(connection, database_steps(service, database, roles))
    finally:
        await connection.close()
    connection = await asyncpg.connect(with_database(admin_url, database))
    try:
        await _run(connection, schema_steps(service, roles))
    finally:
        await connection.close()
    return Urls(**{role: _url(admin_url, role_name(service, role), word, database) for role, word in words.items()})


def with_database(url: str, database: str) -> str:
    """Return the URL of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


async def _run(connection: asyncpg.Connection, steps: Iterable[Step]) -> None:
    for step in steps:
        made = [row[0] for row in await connection.fetch(step.sql)] if step.makes else [step.sql]
        for statement in made:
            await connection.execute(statement)


def _url(admin_url: str, role: str, password: str, database: str) -> str:
    parts = urlsplit(admin_url)
    place = f"{quote(role)}:{quote(password, safe='')}@{parts.hostname}:{parts.port}"
    return urlunsplit(parts._replace(netloc=place, path=f"/{database}"))
