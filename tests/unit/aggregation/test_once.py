"""What many ask for at once is made once, and nobody's leaving or failure is kept."""

from __future__ import annotations

import asyncio

import pytest

from services.aggregation.once import Once


class Made:
    """Counts how often it was asked to make something, and makes it when it may."""

    def __init__(self) -> None:
        self.times = 0
        self.may = asyncio.Event()
        self.fails = False

    async def __call__(self) -> int:
        """Return how often it was asked."""
        self.times += 1
        mine = self.times
        await self.may.wait()
        if self.fails:
            raise ValueError(mine)
        return mine


async def test_all_who_ask_get_the_same() -> None:
    """At the same time or later, as long as the version stays."""
    once, made = Once(), Made()
    asking = [asyncio.create_task(once.get(1, "board", made)) for _ in range(3)]
    made.may.set()
    assert [1, 1, 1] == await asyncio.gather(*asking)
    assert (1, 1) == (await once.get(1, "board", made), made.times)


async def test_another_key_or_version_is_made_anew() -> None:
    """An earlier version is forgotten."""
    once, made = Once(), Made()
    made.may.set()
    assert [1, 2, 3, 4] == [
        await once.get(version, key, made) for version, key in ((1, "a"), (1, "b"), (2, "a"), (1, "a"))
    ]


async def test_who_leaves_takes_nothing_from_the_others() -> None:
    """The first to ask may hang up."""
    once, made = Once(), Made()
    first, second = (asyncio.create_task(once.get(1, "board", made)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    made.may.set()
    assert 1 == await second


async def test_a_failure_is_everybodys_and_is_not_kept() -> None:
    """The next one tries again."""
    once, made = Once(), Made()
    made.may.set()
    made.fails = True
    for _ in range(2):
        with pytest.raises(ValueError, match=str(made.times + 1)):
            await once.get(1, "board", made)
    made.fails = False
    assert 3 == await once.get(1, "board", made)
