"""Connections are lent with a scope, to everybody in turn."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest

from services.chassis.embedded import Urls
from services.chassis.storage import engine as engines
from services.chassis.storage.engine import Lender, make_engine
from tests.chaos.links import Link


async def test_whoever_waits_gets_a_connection(database: tuple[Urls, str]) -> None:
    """More callers than connections all have their turn, however fast the others come back for more."""
    engine = make_engine(database[0].app, size=2)
    lender = Lender(engine)
    served: set[int] = set()

    async def caller(number: int) -> None:
        while len(served) < 8:
            async with lender.lend("north") as loan:
                await loan.connection.fetchval("SELECT pg_sleep(0.001)")
            served.add(number)

    try:
        async with asyncio.timeout(5):
            await asyncio.gather(*(caller(number) for number in range(8)))
    finally:
        await engine.dispose()
    assert served == set(range(8))


@pytest.mark.parametrize("impatient", [True, False], ids=["the caller gives up", "the statement is given up"])
async def test_of_connections_that_are_dead_without_a_word_one_is_waited_for(
    database: tuple[Urls, str],
    monkeypatch: pytest.MonkeyPatch,
    impatient: bool,  # noqa: FBT001 (a parameter)
) -> None:
    """When the network has forgotten all of them, whoever comes after the first in vain gets a new one."""
    monkeypatch.setattr(engines, "SUSPICIOUS_SECONDS", 0.1)
    monkeypatch.setattr(engines, "STATEMENT_SECONDS", 60.0 if impatient else 0.5)
    place = urlsplit(database[0].app)
    async with Link(0, place.port or 0) as link:
        url = place._replace(netloc=f"{place.username}:{place.password}@127.0.0.1:{link.port}").geturl()
        engine = make_engine(url, size=4)
        lender = Lender(engine)

        async def ask() -> int:
            async with lender.lend("north") as loan:
                return int(await loan.connection.fetchval("SELECT 1 FROM pg_sleep(0.1)"))

        try:
            await asyncio.gather(*(ask() for _ in range(4)))
            link.forget()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5 if impatient else 30):
                    await ask()
            async with asyncio.timeout(30):
                assert await asyncio.gather(*(ask() for _ in range(4))) == [1] * 4
        finally:
            await engine.dispose()
