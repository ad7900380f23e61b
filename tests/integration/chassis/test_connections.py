"""Connections are lent with a scope, to everybody in turn."""

from __future__ import annotations

import asyncio

from services.chassis.embedded import Urls
from services.chassis.storage.engine import Lender, make_engine


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
