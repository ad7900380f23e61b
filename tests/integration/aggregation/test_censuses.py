"""What is in force, in every way that it can be declared, equals a naive recount after any history."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import asyncpg
import pytest
from geju.correction.v1 import released_person_pb2 as rp
from geju.correction.v1 import resettlement_base_pb2 as rb
from geju.correction.v1.facts_pb2 import AbscondingFacts, SupervisedPersonFacts

from services.aggregation.asof import measure_as_of
from services.aggregation.measure import measure_all
from services.aggregation.members import Question, members
from services.aggregation.periods import parse
from services.aggregation.plan import Plan
from services.aggregation.projection import Projection
from services.chassis.stream import FactEvent
from services.recount.counting import Figures, Store, day_of, holds, months, name_of, periods
from services.recount.plain import plain
from tests.support import histories
from tests.support.counting import figures, on
from tests.support.toys import TOYS

LAST_DAY = date(2012, 3, 20)
KINDS = (
    "absconding", "base_stay", "correction_officer", "helping_agreement", "released_person", "released_person",
    "resettlement_base", "supervised_person",
)  # fmt: skip


class Recount:
    """The toy figures of a day, counted in plain Python."""

    def __init__(self, store: Store, as_of: date) -> None:
        self.store, self.as_of = store, as_of
        self.found: dict[tuple[str, str, str, str, str], list[int]] = {}

    def figures(self) -> Figures:
        """Count every period."""
        spans: dict[str, tuple[date, date]] = {}
        for first, last in months(histories.profile().valid_from, self.as_of):
            for period in periods(first):
                spans[period] = parse(period).start, min(last, self.as_of)
        for period, (start, at) in spans.items():
            self.count(period, start, at)
        return {key: (n, total) for key, (n, total) in self.found.items() if n or total}

    def count(self, period: str, start: date, at: date) -> None:
        """Count one period."""
        for _, officer in self.records("correction_officer"):
            if holds(officer, at):
                self.put("officers", {officer.office}, period, 100, 0)
        for record, person in self.records("released_person"):
            self.released(record, person, period, at)
        self.supervised(period, start, at)
        self.bases(period, at)

    def supervised(self, period: str, start: date, at: date) -> None:
        """Count persons under correction."""
        for record, person in self.records("supervised_person"):
            if holds(person, at, "taken_over_date", "ended_date"):
                self.put("officers", {person.office}, period, 0, 1)
                self.put("everybody", {person.office}, period, 1, 0)
            if overlaps(person, start, at, "taken_over_date", "ended_date"):
                lost = any(a.person == record and overlaps(a, start, at) for _, a in self.records("absconding"))
                self.put("away", {person.office}, period, int(lost), 1)

    def bases(self, period: str, at: date) -> None:
        """Count bases, their places and those taken."""
        for _, stay in self.records("base_stay"):
            if holds(stay, at):
                self.put("places", {stay.office}, period, 1, 0, kind=name_of(rb.BaseKind, stay.kind, "BASE_KIND_"))
        for _, base in self.records("resettlement_base"):
            if holds(base, at):
                kind = name_of(rb.BaseKind, base.kind, "BASE_KIND_")
                self.put("places", {base.office}, period, 0, base.places, kind=kind)
                self.put("bases", {base.office}, period, 1, 0, kind=kind)

    def released(self, record: str, person: Any, period: str, at: date) -> None:
        """Count a released person."""
        offices = {person.office, person.second_office} - {""}
        if holds(person, at, "linked_date", "closed_date"):
            self.put("everybody", offices, period, 1, 0)
        if holds(person, at, "registered_date", "closed_date") and holds(
            person, at, "registered_date", "five_years_due"
        ):
            household = name_of(rp.HouseholdKind, person.household, "HOUSEHOLD_KIND_")
            agreed = any(a.person == record and holds(a, at) for _, a in self.records("helping_agreement"))
            self.put("registered", offices, period, 1, 0, household=household)
            self.put("helped", offices, period, int(agreed), 1)

    def records(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Give the records that are not deleted."""
        return ((i, facts) for i, facts in self.store.get(kind, {}).items() if not facts.deleted)

    def put(self, name: str, offices: set[str], period: str, n: int, total: int, **by: str) -> None:
        """Add to the offices and once to the district."""
        for breakdown, key in [("", ""), *by.items()]:
            for unit in (*offices, ""):
                figure = self.found.setdefault((f"toy.{name}", breakdown, key, unit, period), [0, 0])
                figure[0] += n
                figure[1] += total


def overlaps(record: Any, start: date, at: date, begin: str = "from_date", end: str = "to_date") -> bool:
    """Tell whether a record was in force on any day of a period, as far as it has come."""
    first, last = day_of(record, begin), day_of(record, end)
    return first is not None and first <= at and (last is None or last >= max(first, start))


async def toys(conn: asyncpg.Connection) -> Projection:
    """Make an empty projection of the toy catalogue."""
    plan = Plan(TOYS, "p_toys")
    await conn.execute(f"drop schema if exists {plan.schema} cascade")
    return await Projection.create(conn, plan, histories.profile())


def history(chance: random.Random, changes: int) -> list[FactEvent]:
    """Return random revisions of a few records of each kind."""
    revisions: dict[tuple[str, int], int] = {}
    events = []
    for sequence in range(1, changes + 1):
        key = kind, number = chance.choice(KINDS), chance.randrange(5)
        revisions[key] = revisions.get(key, 0) + 1
        facts = histories.facts(kind, chance.randrange(10**6), records=5)
        events.append(histories.event(kind, number, revisions[key], facts, sequence=sequence))
    return events


def latest(events: list[FactEvent]) -> Store:
    """Return the facts of the highest revision of each record."""
    store: dict[str, dict[str, Any]] = {}
    for event in sorted(events, key=lambda event: event.revision):
        facts = plain(CLASSES[event.kind].FromString(event.facts))
        store.setdefault(event.kind, {})[str(event.record_id)] = facts
    return store


CLASSES: Mapping[str, Any] = {kind: histories.BY_NAME[kind].facts for kind in KINDS}


async def past(conn: asyncpg.Connection, projection: Projection, as_of: date) -> Figures:
    """Return every figure of a past date."""
    rows = await measure_as_of(conn, projection, as_of)
    return {(r.indicator, r.breakdown, r.key, r.unit, r.period): (r.n, r.total) for r in rows}


@pytest.mark.parametrize("seed", range(4))
async def test_every_census_equals_a_recount(projections: asyncpg.Connection, seed: int) -> None:
    """Whatever comes in whatever batches on whatever day, stored, past and rebuilt figures are those of the records."""
    chance = random.Random(seed)
    events = history(chance, 180)
    projection = await toys(projections)
    days = [date(2011, 5, 17), date(2011, 12, 31), LAST_DAY]
    for stage, day in enumerate(days):
        for start in range(stage * 60, stage * 60 + 60, 12):
            await projection.apply(projections, events[start : start + 12], day)
            assert Recount(latest(events[: start + 12]), day).figures() == await figures(projections, projection)
    store = latest(events)
    for day in days[:-1]:
        assert Recount(store, day).figures() == await past(projections, projection, day)
    await measure_all(projections, projection, LAST_DAY)
    assert Recount(store, LAST_DAY).figures() == await figures(projections, projection)


async def test_an_episode_told_late_shows_in_every_period_that_it_touches(projections: asyncpg.Connection) -> None:
    """One person, away over a month's end: once in each month, once in the quarter and the year; and gone with it."""
    projection = await toys(projections)
    person = SupervisedPersonFacts(office="01", taken_over_date=on(2010, 12, 1), ended_date=on(2011, 9, 30))
    of_whom = str(histories.record_id("supervised_person", 1))
    episode = AbscondingFacts(office="02", person=of_whom, from_date=on(2011, 4, 29), to_date=on(2011, 5, 2))
    late = histories.event("absconding", 1, 1, episode)

    async def away(*events: FactEvent) -> list[tuple[int, int]]:
        await projection.apply(projections, events, LAST_DAY)
        counted = await figures(projections, projection)
        periods = ("2011-03", "2011-04", "2011-05", "2011-06", "2011-Q2", "2011-Q3", "2011-Q4", "2011", "2012")
        return [counted.get(("toy.away", "", "", "01", period), (0, 0)) for period in periods]

    none = [(0, 1)] * 6 + [(0, 0), (0, 1), (0, 0)]
    assert none == await away(histories.event("supervised_person", 1, 1, person))
    seen = [(0, 1), (1, 1), (1, 1), (0, 1), (1, 1), (0, 1), (0, 0), (1, 1), (0, 0)]
    assert seen == await away(late)
    episode.deleted = True
    assert none == await away(histories.event("absconding", 1, 2, episode))


async def test_members_of_every_census_add_up(projections: asyncpg.Connection) -> None:
    """The records listed for a figure, of one table or of several, add up to its n and N."""
    events = history(random.Random(9), 90)
    projection = await toys(projections)
    await projection.apply(projections, events, LAST_DAY)
    for (indicator, breakdown, key, unit, period), figure in (await figures(projections, projection)).items():
        if "-Q" not in period:
            question = Question(indicator, unit, period, breakdown, key)
            found = await members(projections, projection, question, LAST_DAY)
            assert figure == (sum(m.n for m in found), sum(m.total for m in found))
