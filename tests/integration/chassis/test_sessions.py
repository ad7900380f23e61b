"""Sessions that hold a lock: dead ones are found out, slow ones are left alone, and none is left behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from services.chassis import testing
from services.chassis.embedded import Urls
from services.chassis.sessions import Sessions
from tests.chaos.links import Link

LOCK = "SELECT pg_try_advisory_lock(7)"


@pytest.fixture
async def link(database: tuple[Urls, str]) -> AsyncIterator[Link]:
    """Lead to PostgreSQL over a link."""
    async with Link(0, urlsplit(database[0].app).port or 0) as link:
        yield link


def sessions(database: tuple[Urls, str], link: Link) -> Sessions:
    """Return the sessions of a task that has little patience."""
    place = urlsplit(database[0].app)
    url = place._replace(netloc=f"{place.username}:{place.password}@127.0.0.1:{link.port}").geturl()
    return Sessions(url, "geju-test", patience=0.5, look=0.2)


@pytest.mark.timeout(60)
async def test_a_dead_session_is_found_out(database: tuple[Urls, str], link: Link) -> None:
    """Whoever waits for an answer that will never come is told so."""
    session = await sessions(database, link).open()
    assert await session.fetchval("SELECT 1") == 1
    link.forget()
    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.InterfaceError)):
        await session.fetchval("SELECT 1")
    assert session.is_closed()


async def test_a_long_statement_is_waited_for(database: tuple[Urls, str], link: Link) -> None:
    """A session at work is not a dead one, however long it takes."""
    session = await sessions(database, link).open()
    try:
        assert await session.fetchval("SELECT 2 FROM pg_sleep(2)") == 2
    finally:
        await session.close()


async def test_a_server_that_does_not_look_is_believed_nothing(database: tuple[Urls, str]) -> None:
    """Where it does not watch what sessions do (track_activities), a long statement is not taken for a dead one."""
    session = await Sessions(database[1], "geju-test", patience=0.5, look=0.2).open()
    try:
        await session.execute("SET track_activities = off")
        assert await session.fetchval("SELECT 2 FROM pg_sleep(2)") == 2
    finally:
        await session.close()


async def test_the_next_session_ends_the_one_before(database: tuple[Urls, str], link: Link) -> None:
    """A lock that a dead session holds at the server is free when its task has connected again."""
    task = sessions(database, link)
    first = await task.open()
    assert await first.fetchval(LOCK)
    link.forget()
    first.terminate()
    second = await task.open()
    try:
        await testing.eventually(lambda: second.fetchval(LOCK))
    finally:
        await second.close()


async def test_the_server_looks_whether_a_client_is_there(database: tuple[Urls, str], link: Link) -> None:
    """A client that is gone with its machine holds a lock for less than a minute."""
    session = await sessions(database, link).open()
    try:
        found = [int(await session.fetchval(f"SHOW tcp_keepalives_{one}")) for one in ("idle", "interval", "count")]
    finally:
        await session.close()
    idle, interval, times = found
    assert 0 < idle + interval * times < 60
