"""Every figure of legal aid equals a naive recount after any history, around the ends of years above all."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import asyncpg
import pytest

from services.aggregation import catalogue
from services.aggregation.asof import measure_as_of
from services.aggregation.kinds import BY_NAME, KINDS
from services.aggregation.measure import measure_all
from services.aggregation.members import Question, members
from services.aggregation.plan import Plan
from services.aggregation.projection import Projection
from services.chassis.stream import FactEvent
from tests.support import histories
from tests.support.counting import figures
from tests.support.recount import Figures, recount

PROFILE = histories.profile()
OWN = [indicator for indicator in catalogue.INDICATORS if indicator.area == "legalaid"]
NAMES = sorted(kind.name for kind in KINDS if kind.package == "legalaid")
# Cases are what most figures are made of; one practitioner's may be told by another service later.
CHOICE = [*NAMES, "fund_entry", *["aid_case", "practitioner"] * 4, *["travel_time", "station"] * 2]
DAYS = (date(2011, 6, 30), date(2011, 12, 31), date(2012, 1, 1), date(2012, 3, 20))
CHANGES, RECORDS, BATCH = 480, 12, 40
SEEDS = range(4)


async def projection_of(conn: asyncpg.Connection) -> Projection:
    """Make an empty projection of the figures of legal aid alone."""
    plan = Plan(OWN, "p_legalaid")
    await conn.execute(f"drop schema if exists {plan.schema} cascade")
    return await Projection.create(conn, plan, PROFILE)


def history(chance: random.Random) -> list[FactEvent]:
    """Return random revisions of a few records of each kind."""
    revisions: dict[tuple[str, int], int] = {}
    events = []
    for sequence in range(1, CHANGES + 1):
        key = kind, number = chance.choice(CHOICE), chance.randrange(RECORDS)
        revisions[key] = revisions.get(key, 0) + 1
        facts = histories.facts(kind, chance.randrange(10**6), records=RECORDS)
        source = histories.source(kind, number)
        events.append(histories.event(kind, number, revisions[key], facts, sequence=sequence, source=source))
    return events


def counted(events: list[FactEvent], day: date) -> Figures:
    """Count the newest facts of every record as of a day, in plain Python."""
    store: dict[str, dict[str, Any]] = {}
    for event in events:
        facts = BY_NAME[event.kind].facts.FromString(event.facts)
        for name in (event.kind, f"{event.kind} of {event.source}"):
            store.setdefault(name, {})[str(event.record_id)] = facts
    found = recount(store, PROFILE, day)
    return {key: value for key, value in found.items() if key[0].startswith("legalaid.")}


async def past(conn: asyncpg.Connection, projection: Projection, day: date) -> Figures:
    """Return every figure of a past date, computed on the fly."""
    rows = await measure_as_of(conn, projection, day)
    return {(r.indicator, r.breakdown, r.key, r.unit, r.period): (r.n, r.total) for r in rows}


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_figure_equals_a_recount(projections: asyncpg.Connection, seed: int) -> None:
    """Stored as it came in batch by batch and day by day, asked for a past day, counted at one go: always the same."""
    events, projection = history(random.Random(seed)), await projection_of(projections)
    stage = len(events) // len(DAYS)
    for number, day in enumerate(DAYS):
        await projection.apply(projections, [], day)
        assert counted(events[: number * stage], day) == await figures(projections, projection)
        for start in range(number * stage, (number + 1) * stage, BATCH):
            await projection.apply(projections, events[start : start + BATCH], day)
            assert counted(events[: start + BATCH], day) == await figures(projections, projection)
    for day in DAYS[:-1]:
        assert counted(events, day) == await past(projections, projection, day)
    await measure_all(projections, projection, DAYS[-1])
    assert counted(events, DAYS[-1]) == await figures(projections, projection)


async def test_members_add_up(projections: asyncpg.Connection) -> None:
    """The records listed for a figure add up to its n and N in every breakdown, of one table or of several."""
    projection, day = await projection_of(projections), DAYS[-1]
    await projection.apply(projections, history(random.Random(9)), day)
    for (indicator, breakdown, key, unit, period), figure in (await figures(projections, projection)).items():
        if "-Q" not in period:
            found = await members(projections, projection, Question(indicator, unit, period, breakdown, key), day)
            assert figure == (sum(m.n for m in found), sum(m.total for m in found))


def test_the_histories_show_every_figure() -> None:
    """A figure that the histories never fill would not be compared."""
    shown = {key[0] for seed in SEEDS for key in counted(history(random.Random(seed)), DAYS[-1])}
    assert {indicator.code for indicator in OWN} == shown
