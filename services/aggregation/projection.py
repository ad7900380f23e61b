"""One projection: a schema with the latest facts, the figures counted from them, and how far each source was read."""
# ruff: noqa: S608  statements are made of declarations, never of input

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any
from uuid import UUID

import asyncpg

from services.aggregation import definitions, population
from services.aggregation.fold import Rejected, Row, fold, newer_row
from services.aggregation.heard import Hours
from services.aggregation.measure import NARROW, ONCE, SKETCH, Touched, advance_date, measure_all, measure_touched
from services.aggregation.plan import Plan, Upsert
from services.aggregation.positions import Position, Run, advance, positions, runs_of
from services.aggregation.rollup import Stored
from services.aggregation.tables import FACT_TABLES, SCHEMA
from services.chassis.domain.profile import Profile
from services.chassis.stream import FactEvent

# What a connection to the projections needs: the statements are long, few, and worth keeping.
CONNECTION = {"statement_cache_size": 500, "max_cacheable_statement_size": 0, "max_cached_statement_lifetime": 0}
# Records that a rebuild holds in memory before it writes them.
HELD = 50_000


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch did: records written, figures that changed, and events that could not be counted."""

    written: int = 0
    changed: tuple[Stored, ...] = ()
    rejected: tuple[Rejected, ...] = ()


@dataclass(slots=True, eq=False)
class Projection:
    """A schema that holds facts and figures; use one connection at a time, with the options of `CONNECTION`."""

    plan: Plan
    profile: Profile
    as_of: date | None = None
    units: set[str] = field(default_factory=set)
    _filled: set[str] = field(default_factory=set)
    _held: dict[str, dict[UUID, Row]] = field(default_factory=dict)
    _runs: list[Run] = field(default_factory=list)
    _hours: Hours = field(default_factory=Hours)

    @classmethod
    async def create(cls, conn: asyncpg.Connection, plan: Plan, profile: Profile) -> Projection:
        """Make the schema; the connection must be allowed to."""
        await forget_schemas(conn)
        async with conn.transaction():
            for statement in plan.create:
                await conn.execute(statement)
            await definitions.write(conn, plan.schema, plan.indicators)
        return cls(plan, profile)

    @classmethod
    async def open(cls, conn: asyncpg.Connection, plan: Plan, profile: Profile) -> Projection:
        """Open a schema that is there; figures measured for other offices or places are measured again."""
        state = await conn.fetchrow(plan.placed(f"select as_of, population from {SCHEMA}.state"))
        units = {code for (code,) in await conn.fetch(plan.placed(f"select code from {SCHEMA}.unit"))}
        projection = cls(plan, profile, state and state["as_of"], units, set(FACT_TABLES))
        if state is not None and state["population"] != population.digest(profile):
            await measure_all(conn, projection, state["as_of"])
        return projection

    @property
    def schema(self) -> str:
        """Name of the schema."""
        return self.plan.schema

    async def load(self, conn: asyncpg.Connection, events: Sequence[FactEvent]) -> Applied:
        """Take in many events without measuring, for a rebuild; nothing is certain before `finish`."""
        folded = fold(events)
        for kind, rows in folded.rows.items():
            held = self._held.setdefault(kind, {})
            for row in rows:
                old = held.get(row[0])
                if old is None or newer_row(row, old):
                    held[row[0]] = row
        self._runs += runs_of(events)
        self._hours.add(events)
        if sum(map(len, self._held.values())) >= HELD:
            await self.flush(conn)
        return Applied(sum(map(len, folded.rows.values())), (), tuple(folded.rejected))

    async def flush(self, conn: asyncpg.Connection) -> None:
        """Write what was loaded, in one transaction."""
        rows = {kind: held.values() for kind, held in self._held.items()}
        async with conn.transaction():
            for kind, held in rows.items():
                await self._copy(conn, kind, held)
            self.units |= await self._add_units(conn, rows)
            await advance(conn, self.plan, self._runs)
            await self._hours.note(conn, self.plan)
        self._held.clear()
        self._runs.clear()

    async def _copy(self, conn: asyncpg.Connection, kind: str, rows: Iterable[Row]) -> None:
        table = FACT_TABLES[kind].name
        # An office's records side by side: its cells are read page by page.
        rows = sorted(rows, key=itemgetter(_office_of(kind)))
        if kind in self._filled:
            # A name of its own: the client remembers by the name what columns a table has.
            staged = f"staged_{table}"
            await conn.execute(f"create temp table {staged} (like {self.schema}.{table})")
            await conn.copy_records_to_table(staged, records=rows)
            await conn.execute(self.plan.merges[kind])
            await conn.execute(f"drop table {staged}")
        else:
            await conn.copy_records_to_table(table, schema_name=self.schema, records=rows)
        self._filled.add(kind)

    async def finish(self, conn: asyncpg.Connection, as_of: date) -> None:
        """Write and index what was loaded, and measure everything; not inside a transaction."""
        await self.flush(conn)
        for statement in self.plan.indexes:
            await conn.execute(statement)
        tables = ", ".join(f"{self.schema}.{table.name}" for table in FACT_TABLES.values())
        await conn.execute(f"vacuum {tables}")
        async with conn.transaction():
            await conn.execute(f"{SKETCH}; analyze {tables}")
        await measure_all(conn, self, as_of)
        self._filled = set(FACT_TABLES)

    async def apply(self, conn: asyncpg.Connection, events: Sequence[FactEvent], as_of: date) -> Applied:
        """Take in a batch and measure what it touches, in one transaction; a later date is measured first."""
        if self.as_of is None:
            await self.finish(conn, as_of)
        changed = await advance_date(conn, self, as_of) if self.as_of != as_of else []
        folded = fold(events)
        touched, written = Touched(), 0
        async with conn.transaction():
            await conn.execute(NARROW + ONCE)
            for kind, rows in folded.rows.items():
                written += await self._write(conn, self.plan.upserts[kind], rows, as_of, touched)
            await advance(conn, self.plan, runs_of(events))
            await Hours(events).note(conn, self.plan)
            units = await self._add_units(conn, folded.rows)
            changed += await measure_touched(conn, self, touched, as_of)
        self.units |= units
        return Applied(written, tuple(changed), tuple(folded.rejected))

    async def _write(
        self, conn: asyncpg.Connection, upsert: Upsert, rows: list[Row], as_of: date, touched: Touched
    ) -> int:
        answers = await conn.fetch(upsert.statement, rows, as_of)
        for answer in answers:
            _note(upsert, tuple(answer), touched)
        return len(answers)

    async def _add_units(self, conn: asyncpg.Connection, rows: Mapping[str, Iterable[Row]]) -> set[str]:
        """Note offices that have facts; the figures of the district are the sum over them."""
        found = set(self.units)
        for kind, some in rows.items():
            place = _office_of(kind)
            found |= {row[place] for row in some if row[place]}
        if fresh := sorted(found - self.units):
            statement = f"insert into {SCHEMA}.unit select unnest($1::text[]) on conflict do nothing"
            await conn.execute(self.plan.placed(statement), fresh)
        return found

    async def positions(self, conn: asyncpg.Connection) -> list[Position]:
        """Return how far each source was read."""
        return await positions(conn, self.plan)


async def forget_schemas(conn: asyncpg.Connection) -> None:
    """Forget the statements of a connection: a schema's name may have been another's, whose types are gone."""
    await conn.reload_schema_state()


def _office_of(kind: str) -> int:
    """Return the place of the office in a kind's rows."""
    return FACT_TABLES[kind].columns.keys().index("office")


def _note(upsert: Upsert, answer: tuple[Any, ...], touched: Touched) -> None:
    old, new, *days, _ = answer
    for i, touch in enumerate(upsert.flows):
        touched.add_cell(touch.part, old, days[2 * i])
        touched.add_cell(touch.part, new, days[2 * i + 1])
    offices = {office for office in (old, new) if office}
    for census, earliest in zip(upsert.censuses, days[2 * len(upsert.flows) :], strict=True):
        if earliest is not None:
            touched.add_census(census.part, offices if census.own else None, earliest)
