"""Several tellers at once, and what must be true of what they were told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

from services.chassis.testing import eventually
from tests.support import story_disputes, story_registers
from tests.support.story import KINDS, Teller
from tests.support.system import KINDS as RECORDS
from tests.support.system import System

STEPS = [*[story_disputes.register] * 3, *[story_disputes.go_on] * 16, *story_registers.STEPS]


async def beginners(system: System, *seeds: int) -> list[Teller]:
    """Return tellers that have laid the ground of their stories, each in offices of its own.

    An office's statements belong to all who work there: in a common one, neither would have heard the last of them.
    """
    shares = [system.profile.offices[place :: len(seeds)] for place in range(len(seeds))]
    profiles = [replace(system.profile, offices=share) for share in shares]
    tellers = [Teller(system.caller(), own, system.today, seed) for own, seed in zip(profiles, seeds, strict=True)]
    await asyncio.gather(*(story_registers.begin(teller) for teller in tellers))
    return tellers


async def tell(teller: Teller, steps: int) -> None:
    """Take so many random steps."""
    for _ in range(steps):
        await teller.some(STEPS)(teller)


@asynccontextmanager
async def load(tellers: Sequence[Teller]) -> AsyncIterator[None]:
    """Have tellers at work for the length of the block; every call they began is answered at its end."""
    over = asyncio.Event()

    async def work(teller: Teller) -> None:
        while not over.is_set():
            await tell(teller, 1)

    work_of_all = asyncio.gather(*(work(teller) for teller in tellers))
    try:
        yield
    finally:
        over.set()
        await work_of_all


async def until_more(tellers: Sequence[Teller], accepted: int, patience: float = 60) -> None:
    """Wait until so many more changes were accepted."""
    wanted = count(tellers) + accepted
    await eventually(lambda: count(tellers) >= wanted, patience)


def count(tellers: Sequence[Teller]) -> int:
    """Return how many changes were accepted so far."""
    return sum(teller.told.total() for teller in tellers)


async def require_nothing_lost(system: System, tellers: Sequence[Teller]) -> None:
    """Hold that whatever was accepted is stored, once: every request, and every record as last answered."""
    stored = {}
    for kind in RECORDS:
        rows = await system.rows("mediation", f"SELECT id, revision FROM {kind.row.__tablename__}")  # noqa: S608
        stored |= {f"{kind.collection}/{row['id']}": row["revision"] for row in rows}
    answered = {name: revision for teller in tellers for name, revision in teller.revisions.items()}
    assert {KINDS[name.partition("/")[0]] for name in answered}, "a load that told nothing proves nothing"
    other = {name: (said, stored.get(name)) for name, said in answered.items() if stored.get(name) != said}
    assert {} == other, f"answered and stored revision: {other}"
    changes = {n: made for teller in tellers for n, made in teller.changes.items() if n.startswith("disputes/")}
    twice = {name: (made, stored[name]) for name, made in changes.items() if stored[name] != made}
    assert {} == twice, f"accepted changes and stored revision: {twice}"
    remembered = {row["request_id"] for row in await system.rows("mediation", "SELECT request_id FROM request")}
    forgotten = {UUID(one) for teller in tellers for one in teller.request_ids} - remembered
    assert set() == forgotten, f"accepted requests without a trace: {forgotten}"
