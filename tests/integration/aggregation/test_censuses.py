"""What is in force, in every way that it can be declared, equals a naive recount after any history."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import asyncpg
import pytest
from geju.correction.v1 import resettlement_base_pb2 as rb
from geju.correction.v1.facts_pb2 import (
    AbscondingFacts,
    BaseStayFacts,
    CorrectionOfficerFacts,
    ResettlementBaseFacts,
    SupervisedPersonFacts,
)
from sqlalchemy import BigInteger, Text, cast, literal

from services.aggregation.asof import measure_as_of
from services.aggregation.indicator import Better, Census, Condition, Form, Indicator
from services.aggregation.measure import measure_all
from services.aggregation.members import Question, members
from services.aggregation.periods import parse
from services.aggregation.plan import Plan
from services.aggregation.projection import Projection
from services.aggregation.sql import covered_in_period, outer
from services.aggregation.tables import facts_table
from services.chassis.stream import FactEvent
from tests.support import histories
from tests.support.counting import figures
from tests.support.recount import Figures, Store, day_of, holds, months, name_of, periods

PERSON, ABSCONDING = facts_table(SupervisedPersonFacts), facts_table(AbscondingFacts)
OFFICER = facts_table(CorrectionOfficerFacts)
BASE, STAY = facts_table(ResettlementBaseFacts), facts_table(BaseStayFacts)
NOTHING = literal(0, BigInteger)
away = Condition(
    covered_in_period(
        (ABSCONDING.c.from_date, ABSCONDING.c.to_date),
        where=(ABSCONDING.c.person == cast(outer(PERSON.c["_id"]), Text), ~ABSCONDING.c.deleted),
    ),
    "never_away",
    "期间内未脱管",
)


def toy(name: str, form: Form, *censuses: Census) -> Indicator:
    """Return an indicator of the toy catalogue."""
    return Indicator(f"toy.{name}", "测试", form, "correction", Better.NONE, censuses=censuses)


def held(table: Any, **options: Any) -> Census:
    """Return a census of what is in force from one date to another."""
    return Census(table, table.c.from_date, table.c.to_date, **options)


TOYS = (
    # n from one table, N from another; two of them share a table, and so must be counted together.
    toy(
        "officers",
        Form.SHARE,
        held(OFFICER, n=literal(100, BigInteger), total=NOTHING),
        Census(PERSON, PERSON.c.taken_over_date, PERSON.c.ended_date, n=NOTHING),
    ),
    toy(
        "places",
        Form.SHARE,
        held(STAY, total=NOTHING, by={"kind": STAY.c.kind}),
        held(BASE, n=NOTHING, total=BASE.c.places, by={"kind": BASE.c.kind}),
    ),
    toy("bases", Form.STOCK, held(BASE, by={"kind": BASE.c.kind})),
    # Distinct persons over a period, not a sum of its months.
    toy("away", Form.RATIO, Census(PERSON, PERSON.c.taken_over_date, PERSON.c.ended_date, of=(away,), window=True)),
)
LAST_DAY = date(2012, 3, 20)
KINDS = ("absconding", "base_stay", "correction_officer", "resettlement_base", "supervised_person")


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
        for record, person in self.records("supervised_person"):
            if holds(person, at, "taken_over_date", "ended_date"):
                self.put("officers", {person.office}, period, 0, 1)
            if overlaps(person, start, at, "taken_over_date", "ended_date"):
                lost = any(a.person == record and overlaps(a, start, at) for _, a in self.records("absconding"))
                self.put("away", {person.office}, period, int(lost), 1)
        for name in ("base_stay", "resettlement_base"):
            for _, r in self.records(name):
                if holds(r, at):
                    kind = name_of(rb.BaseKind, r.kind, "BASE_KIND_")
                    if name == "base_stay":
                        self.put("places", {r.office}, period, 1, 0, kind=kind)
                    else:
                        self.put("places", {r.office}, period, 0, r.places, kind=kind)
                        self.put("bases", {r.office}, period, 1, 0, kind=kind)

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
        store.setdefault(event.kind, {})[str(event.record_id)] = CLASSES[event.kind].FromString(event.facts)
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
    events = history(chance, 120)
    projection = await toys(projections)
    days = [date(2011, 5, 17), date(2011, 12, 31), LAST_DAY]
    for stage, day in enumerate(days):
        for start in range(stage * 40, stage * 40 + 40, 8):
            await projection.apply(projections, events[start : start + 8], day)
            assert Recount(latest(events[: start + 8]), day).figures() == await figures(projections, projection)
    store = latest(events)
    for day in days[:-1]:
        assert Recount(store, day).figures() == await past(projections, projection, day)
    await measure_all(projections, projection, LAST_DAY)
    assert Recount(store, LAST_DAY).figures() == await figures(projections, projection)


async def test_members_of_every_census_add_up(projections: asyncpg.Connection) -> None:
    """The records listed for a figure, of one table or of several, add up to its n and N."""
    events = history(random.Random(9), 60)
    projection = await toys(projections)
    await projection.apply(projections, events, LAST_DAY)
    for (indicator, breakdown, key, unit, period), figure in (await figures(projections, projection)).items():
        if "-Q" not in period:
            question = Question(indicator, unit, period, breakdown, key)
            found = await members(projections, projection, question, LAST_DAY)
            assert figure == (sum(m.n for m in found), sum(m.total for m in found))
