"""A short run of faults from a seed; a long one is `make chaos`."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from tests.chaos.arena import Arena
from tests.chaos.checks import judge
from tests.chaos.faults import BY_NAME
from tests.chaos.rounds import play
from tests.chaos.schedule import Round
from tests.chaos.site import site
from tests.support.system import DOMAIN

pytestmark = pytest.mark.timeout(300)
SEED, RATE, WINDOW = 9, 100.0, 4.0
#: Of processes, readers, messages, links, databases and the stream some; what takes long to heal is left to long runs.
ROUNDS = [
    ["kill -9 NATS", "crash of mediation after publish", "stop aggregation longer than the window of repeats"],
    ["messages confirmed and lost (legalaid)", "connection of the writer of aggregation ended", "kill -9 correction"],
    ["partition of mediation and NATS", "foreign transaction: the relay's row in geju_legalaid", "stream deleted"],
]


@pytest.fixture(scope="module")
async def arena() -> AsyncIterator[Arena]:
    """Run an installation that knows repeats for a few seconds only."""
    faults = [BY_NAME[name] for names in ROUNDS for name in names]
    async with site(SEED, faults, time.monotonic(), [WINDOW]) as found:
        yield found


@pytest.mark.parametrize("names", ROUNDS, ids=["broker and readers", "writers", "links, database and stream"])
async def test_an_installation_heals_by_itself(arena: Arena, names: list[str]) -> None:
    """After faults that overlap nothing is lost or made up, and every figure equals a recount."""
    faults = [BY_NAME[name] for name in names]
    outcome = await play(arena, Round(faults, [arena.seconds(0, 1) for _ in faults], overlapping=True), RATE)
    assert [] == outcome.verdict.problems
    assert [] == [one.skipped for one in outcome.struck if one.skipped]
    assert (0, 0) == (outcome.verdict.lost, outcome.verdict.differing)
    assert outcome.verdict.compared > 1000
    assert outcome.verdict.accepted == outcome.verdict.found


async def test_what_is_lost_is_named(arena: Arena) -> None:
    """A record and an answer that somebody takes away behind the services' backs are missed, each by its set."""
    assert arena.hotline is not None
    gone = next(iter(arena.hotline.accepted)).rpartition("/")[2]
    request = min(arena.tellers[0].request_ids)
    await arena.system.rows("legalaid", "DELETE FROM consultation WHERE id = $1::uuid", gone)
    for service in DOMAIN:
        await arena.system.rows(service, "DELETE FROM request WHERE request_id = $1::uuid", request)
    verdict = await judge(arena)
    assert 2 == verdict.lost
    assert f"1 accepted records not stored: ['consultations/{gone}']" in verdict.problems
    assert f"1 accepted requests without a trace: ['{request}']" in verdict.problems
