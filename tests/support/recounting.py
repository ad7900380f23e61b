"""Random histories of one subject area's records, counted by the engine and, independently, in plain Python."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import asyncpg

from services.aggregation import catalogue
from services.aggregation.asof import measure_as_of
from services.aggregation.kinds import BY_NAME, KINDS
from services.aggregation.measure import measure_all
from services.aggregation.members import Question, members
from services.aggregation.plan import Plan
from services.aggregation.projection import Projection
from services.chassis.stream import FactEvent
from services.recount.counting import Figures
from services.recount.recount import recount
from tests.support import histories
from tests.support.counting import figures

PROFILE = histories.profile()
#: Around the ends of years above all.
DAYS = (date(2011, 6, 30), date(2011, 12, 31), date(2012, 1, 1), date(2012, 3, 20))
CHANGES, RECORDS, BATCH = 480, 12, 40


@dataclass(frozen=True)
class AreaRecount:
    """One subject area.

    `more` tells of which kinds there is more than of the others, and how many times as much: more records, or with
    `changing` more revisions of as many; a kind of another area is told of when it is named there. `shape` makes of
    random facts what would else hardly ever come about.
    """

    area: str
    more: Mapping[str, int] = field(default_factory=dict)
    shape: Callable[[Any, random.Random], None] = lambda _, __: None
    changing: bool = False

    @property
    def codes(self) -> set[str]:
        """Codes of its indicators."""
        return {indicator.code for indicator in catalogue.INDICATORS if indicator.area == self.area}

    def history(self, chance: random.Random) -> Sequence[FactEvent]:
        """Return random revisions of a few records of each kind."""
        names = sorted({*(kind.name for kind in KINDS if kind.package == self.area), *self.more})
        choice = [name for name in names for _ in range(self.more.get(name, 1))]
        revisions: dict[tuple[str, int], int] = {}
        events = []
        for sequence in range(1, CHANGES + 1):
            kind = chance.choice(choice)
            key = _, number = kind, chance.randrange(RECORDS * (1 if self.changing else self.more.get(kind, 1)))
            revisions[key] = revisions.get(key, 0) + 1
            facts = histories.facts(kind, chance.randrange(10**6), records=RECORDS)
            self.shape(facts, chance)
            source = histories.source(kind, number)
            events.append(histories.event(kind, number, revisions[key], facts, sequence=sequence, source=source))
        return events

    def counted(self, events: Sequence[FactEvent], day: date) -> Figures:
        """Count the newest facts of every record as of a day, in plain Python."""
        store: dict[str, dict[str, Any]] = {}
        for event in events:
            facts = BY_NAME[event.kind].facts.FromString(event.facts)
            for name in (event.kind, f"{event.kind} of {event.source}"):
                store.setdefault(name, {})[str(event.record_id)] = facts
        found = recount(store, PROFILE, day)
        return {key: value for key, value in found.items() if key[0] in self.codes}

    async def projection(self, conn: asyncpg.Connection) -> Projection:
        """Make an empty projection of the area's figures alone."""
        own = [indicator for indicator in catalogue.INDICATORS if indicator.code in self.codes]
        plan = Plan(own, f"p_{self.area}")
        await conn.execute(f"drop schema if exists {plan.schema} cascade")
        return await Projection.create(conn, plan, PROFILE)

    async def compare(self, conn: asyncpg.Connection, seed: int) -> None:
        """Hold figures as they came in batch by batch, of past days, and counted at one go against the recount."""
        events, projection = self.history(random.Random(seed)), await self.projection(conn)
        stage = len(events) // len(DAYS)
        for number, day in enumerate(DAYS):
            await projection.apply(conn, [], day)
            assert self.counted(events[: number * stage], day) == await figures(conn, projection)
            for start in range(number * stage, (number + 1) * stage, BATCH):
                await projection.apply(conn, events[start : start + BATCH], day)
                assert self.counted(events[: start + BATCH], day) == await figures(conn, projection)
        for day in DAYS[:-1]:
            rows = await measure_as_of(conn, projection, day)
            past = {(r.indicator, r.breakdown, r.key, r.unit, r.period): (r.n, r.total) for r in rows}
            assert self.counted(events, day) == past
        await measure_all(conn, projection, DAYS[-1])
        assert self.counted(events, DAYS[-1]) == await figures(conn, projection)

    async def add_up(self, conn: asyncpg.Connection, seed: int) -> None:
        """Hold figures in every breakdown against the records that are listed for them."""
        projection, day = await self.projection(conn), DAYS[-1]
        await projection.apply(conn, self.history(random.Random(seed)), day)
        for (indicator, breakdown, key, unit, period), figure in (await figures(conn, projection)).items():
            if "-Q" not in period:
                found = await members(conn, projection, Question(indicator, unit, period, breakdown, key), day)
                assert figure == (sum(m.n for m in found), sum(m.total for m in found))

    def shown(self, seeds: Sequence[int]) -> set[str]:
        """Return the indicators that the histories fill."""
        return {key[0] for seed in seeds for key in self.counted(self.history(random.Random(seed)), DAYS[-1])}
