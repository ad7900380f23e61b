"""Every figure equals a naive recount, whatever comes in whatever order."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import asyncpg
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.aggregation import catalogue
from services.aggregation.asof import measure_as_of
from services.aggregation.kinds import BY_NAME
from services.aggregation.measure import measure_all
from services.aggregation.members import Question, members
from services.chassis.stream import FactEvent
from services.recount.counting import Figures
from services.recount.recount import recount
from tests.support import histories
from tests.support.counting import figures, fresh

PROFILE = histories.profile()
DAYS = st.lists(st.dates(date(2010, 12, 1), date(2012, 4, 10)), min_size=3, max_size=3, unique=True).map(sorted)
CHANGES = st.lists(
    st.tuples(st.sampled_from(sorted(BY_NAME)), st.integers(0, 5), st.integers(0, 10**6)), min_size=10, max_size=120
)
Store = dict[str, dict[str, Any]]


def history(changes: list[tuple[str, int, int]]) -> list[FactEvent]:
    """Return one event per change, revisions counted per record."""
    revisions: dict[tuple[str, int], int] = {}
    events = []
    for sequence, (kind, number, seed) in enumerate(changes, 1):
        revisions[kind, number] = revisions.get((kind, number), 0) + 1
        facts = histories.facts(kind, seed, records=6)
        source = histories.source(kind, number)
        events.append(histories.event(kind, number, revisions[kind, number], facts, sequence=sequence, source=source))
    return events


def latest(events: list[FactEvent]) -> Store:
    """Return the facts of the highest revision of each record."""
    store: Store = {}
    for event in sorted(events, key=lambda event: event.revision):
        facts = BY_NAME[event.kind].facts.FromString(event.facts)
        for name in (event.kind, f"{event.kind} of {event.source}"):
            store.setdefault(name, {})[str(event.record_id)] = facts
    return store


def without_nothing(counted: Figures) -> Figures:
    """Leave out figures with neither n nor N."""
    return {key: value for key, value in counted.items() if value != (0, 0)}


async def past(conn: asyncpg.Connection, projection: Any, as_of: date) -> Figures:
    """Return every figure of a past date, computed on the fly."""
    rows = await measure_as_of(conn, projection, as_of)
    return {(r.indicator, r.breakdown, r.key, r.unit, r.period): (r.n, r.total) for r in rows}


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(changes=CHANGES, days=DAYS, chance=st.randoms(use_true_random=False))
async def test_every_figure_equals_a_recount(
    projections: asyncpg.Connection, changes: list[tuple[str, int, int]], days: list[date], chance: random.Random
) -> None:
    """Figures follow the latest facts and the date alone: not order, repetition, batches or the way there."""
    events = history(changes)
    delivered = [*events, *chance.sample(events, len(events) // 4)]
    chance.shuffle(delivered)
    projection = await fresh(projections)
    third = len(delivered) // 3 + 1
    for stage, day in enumerate(days):
        arrived = delivered[stage * third : (stage + 1) * third]
        for start in range(0, len(arrived), 9):
            await projection.apply(projections, arrived[start : start + 9], day)
        await projection.apply(projections, [], day)
        expected = recount(latest(delivered[: (stage + 1) * third]), PROFILE, day)
        assert expected == await figures(projections, projection)
    store, last = latest(delivered), days[-1]
    for day in days[:-1]:
        assert recount(store, PROFILE, day) == await past(projections, projection, day)
    await measure_all(projections, projection, last)
    assert recount(store, PROFILE, last) == await figures(projections, projection)


async def test_members_add_up_to_the_figure(projections: asyncpg.Connection) -> None:
    """The members of a figure add up to its n and N, whatever the breakdown, unit and period."""
    projection = await fresh(projections)
    day = date(2012, 3, 20)
    changes = [(kind, number, number) for kind in sorted(BY_NAME) for number in range(6)]
    await projection.apply(projections, history(changes), day)
    counted = await figures(projections, projection)
    for (indicator, breakdown, key, unit, period), figure in counted.items():
        if catalogue.BY_CODE[indicator].base or "-Q" in period:
            continue
        found = await members(projections, projection, Question(indicator, unit, period, breakdown, key), day)
        assert figure == (sum(m.n for m in found), sum(m.total for m in found))


def test_the_recount_knows_every_indicator() -> None:
    """The recount covers the whole catalogue, so that a new indicator cannot go unchecked."""
    changes = [(kind, number, number) for kind in sorted(BY_NAME) for number in range(200)]
    counted = recount(latest(history(changes)), PROFILE, date(2012, 4, 10))
    assert set(catalogue.BY_CODE) == {key[0] for key in counted}
