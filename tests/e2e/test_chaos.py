"""A short run of faults from a seed; a long one is `make chaos`."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from tests.chaos.arena import Arena
from tests.chaos.faults import BY_NAME
from tests.chaos.rounds import play
from tests.chaos.schedule import Round
from tests.chaos.site import site

pytestmark = pytest.mark.timeout(300)
SEED, RATE, WINDOW = 9, 100.0, 4.0
#: Of each family some, overlapping; what takes long to heal is left to long runs.
ROUNDS = [
    ["kill -9 NATS", "crash of mediation after publish", "stop aggregation longer than the window of repeats"],
    ["messages confirmed and lost (legalaid)", "connection of the writer of aggregation ended", "kill -9 correction"],
]


@pytest.fixture(scope="module")
async def arena() -> AsyncIterator[Arena]:
    """Run an installation that knows repeats for a few seconds only."""
    faults = [BY_NAME[name] for names in ROUNDS for name in names]
    async with site(SEED, faults, time.monotonic(), [WINDOW]) as found:
        yield found


@pytest.mark.parametrize("names", ROUNDS, ids=["broker and readers", "writers"])
async def test_an_installation_heals_by_itself(arena: Arena, names: list[str]) -> None:
    """After faults that overlap nothing is lost or made up, and every figure equals a recount."""
    faults = [BY_NAME[name] for name in names]
    outcome = await play(arena, Round(faults, [arena.seconds(0, 1) for _ in faults], overlapping=True), RATE)
    assert [] == outcome.verdict.problems
    assert [] == [one.skipped for one in outcome.struck if one.skipped]
    assert (0, 0) == (outcome.verdict.lost, outcome.verdict.differing)
    assert outcome.verdict.compared > 1000
    assert outcome.verdict.accepted == outcome.verdict.found
