"""Every statement of a projection, compiled once: from declared indicators to SQL text in the projection's schema."""
# ruff: noqa: S608  statements are made of declarations, never of input

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Table
from sqlalchemy.schema import CreateTable

from services.aggregation import plan_census, plan_flow, sql
from services.aggregation.indicator import Form, Indicator
from services.aggregation.plan_census import CensusPart, CensusTouch
from services.aggregation.plan_flow import Group, Touch
from services.aggregation.tables import FACT_TABLES, FIGURE, FIXED, SCHEMA

# To be raised when the engine itself counts differently with the same statements.
ENGINE = 1
FIGURE_NAME = f"{SCHEMA}.figure"
FIGURE_KEY = ("period", "unit", "indicator", "breakdown", "key")
SAME = " and ".join(f"f.{name} = a.{name}" for name in FIGURE_KEY)
KEY = ", ".join(FIGURE_KEY)
FIGURE_ROW = f"({', '.join(f'f.{name}' for name in FIGURE_KEY)})"
# Writes rows `a` into the figures and gives those that changed; a row of nothing takes a figure away.
WRITE = f"""
put as (
  insert into {FIGURE_NAME} as f ({KEY}, n, total)
  select {KEY}, n, total from a where n <> 0 or total <> 0
  on conflict ({KEY}) do update set n = excluded.n, total = excluded.total
  where (f.n, f.total) is distinct from (excluded.n, excluded.total)
  returning f.period, f.unit, f.indicator, f.breakdown, f.key, f.n, f.total
)"""
CHANGED = "select * from put union all select * from gone"
GONE = "returning f.period, f.unit, f.indicator, f.breakdown, f.key, 0::bigint as n, 0::bigint as total"
MONTH_CODE = "to_char(month, 'YYYY-MM')"


@dataclass(frozen=True, slots=True)
class Upsert:
    """How a kind's rows, given as an array, are written, for the date measured for, and what is answered.

    The answer is the office of the old and of the new row; for each of `flows` its old and new date if touched; for
    each of `censuses` the day from which it is touched; and the date measured for.
    """

    statement: str
    flows: tuple[Touch, ...]
    censuses: tuple[CensusTouch, ...]


class Plan:
    """The statements for one catalogue of indicators in one schema."""

    def __init__(self, indicators: Sequence[Indicator], schema: str = "") -> None:
        self.indicators = tuple(indicators)
        self.by_code = {indicator.code: indicator for indicator in indicators}
        self.groups: tuple[Group, ...] = plan_flow.groups_of(indicators)
        self.censuses: tuple[CensusPart, ...] = plan_census.parts_of(indicators)
        self.touches = plan_flow.touches(self.groups)
        self.census_touches = plan_census.touches(self.censuses)
        self.shared = sorted({code for part in self.censuses if part.shared for code in part.codes})
        self.growths = {i.base: i.code for i in indicators if i.form is Form.GROWTH}
        self.schema = schema or f"p_{self.fingerprint}"

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits that change whenever tables, declarations or statements do."""
        parts = [str(ENGINE), *self._ddl, *(plan_flow.cells([group]) for group in self.groups)]
        parts += [plan_census.rows(part) for part in self.censuses]
        parts += [f"{i.code} {i.form} {i.base} {sorted(i.levels)}" for i in self.indicators]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]

    @cached_property
    def _ddl(self) -> list[str]:
        tables = (*FACT_TABLES.values(), *FIXED, FIGURE)
        return [str(CreateTable(table).compile(dialect=sql.DIALECT)).strip() for table in tables]

    @cached_property
    def create(self) -> list[str]:
        """Statements that make the schema and its tables."""
        return [f"create schema {self.schema}", *(self.placed(ddl) for ddl in self._ddl)]

    @cached_property
    def indexes(self) -> list[str]:
        """Statements that make the indexes through which cells are read, and what censuses look up is found."""
        statements = [*plan_flow.indexes(self.groups), *plan_census.indexes(self.censuses)]
        return [self.placed(statement) for statement in statements]

    @cached_property
    def modules(self) -> dict[int, tuple[Group, ...]]:
        """Groups by module: the tables whose flows are counted by one statement."""
        found: list[set[str]] = []
        for part in {group.part for group in self.groups}:
            names = {group.table.name for group in self.groups if group.part == part}
            joined = [s for s in found if s & names]
            found = [s for s in found if not s & names] + [names.union(*joined)]
        return {i: tuple(g for g in self.groups if g.table.name in names) for i, names in enumerate(found)}

    @cached_property
    def module_of(self) -> dict[int, int]:
        """Module of each part."""
        return {group.part: module for module, groups in self.modules.items() for group in groups}

    @cached_property
    def whole(self) -> dict[int, str]:
        """By module: count every cell into (office, month, indicator, breakdown, key, n, total)."""
        return {module: self.placed(plan_flow.whole(groups)) for module, groups in self.modules.items()}

    @cached_property
    def cells(self) -> dict[int, str]:
        """By module: count the cells named by the parameters."""
        return {
            module: self.placed(f"with {plan_flow.TOUCHED} {plan_flow.cells(groups)}")
            for module, groups in self.modules.items()
        }

    @cached_property
    def past(self) -> dict[int, str]:
        """By module: the cells named by the parameters, summed into periods ($5, $6) of units ($7; null: all)."""
        return {
            module: self.placed(f"with {plan_flow.TOUCHED}, cells as ({plan_flow.cells(groups)}) {_summed(5)}")
            for module, groups in self.modules.items()
        }

    @cached_property
    def past_whole(self) -> dict[int, str]:
        """By module: every cell, summed into periods ($2, $3) of units ($4; null: all)."""
        return {
            module: self.placed(f"with cells as ({plan_flow.whole(groups)}) {_summed(2)}")
            for module, groups in self.modules.items()
        }

    @cached_property
    def dated(self) -> dict[int, str]:
        """By module: the cells that change between two dates."""
        return {module: self.placed(plan_flow.dated(groups)) for module, groups in self.modules.items()}

    @cached_property
    def store_cells(self) -> dict[int, str]:
        """By module: count the cells named by the parameters again, write them, give the figures that changed."""
        return {module: self.placed(self._store_cells(groups)) for module, groups in self.modules.items()}

    def _store_cells(self, groups: Sequence[Group]) -> str:
        held = sorted({(group.part, entry.indicator.code) for group in groups for entry in group.entries})
        values = ", ".join(f"({part}::smallint, '{code}')" for part, code in held)
        return f"""with {plan_flow.TOUCHED},
held (part, indicator) as (values {values}),
cells as materialized ({plan_flow.cells(groups)}),
a as (select {MONTH_CODE} as period, office as unit, indicator, breakdown, key, n, total from cells),
{WRITE},
gone as (
  delete from {FIGURE_NAME} f using (
    select distinct {MONTH_CODE} as period, office as unit, held.indicator from touched join held using (part)
  ) t where f.period = t.period and f.unit = t.unit and f.indicator = t.indicator
  and {FIGURE_ROW} not in (select {KEY} from a) {GONE}
) {CHANGED}"""

    @cached_property
    def census(self) -> dict[int, str]:
        """By part of the censuses: count it; parameters as of `plan_census.rows`."""
        return {part.number: self.placed(plan_census.rows(part)) for part in self.censuses}

    @cached_property
    def store_census(self) -> dict[int, str]:
        """By part of the censuses: count it again, write it, give the figures that changed."""
        return {part.number: self.placed(self._store_census(part)) for part in self.censuses}

    @staticmethod
    def _store_census(part: CensusPart) -> str:
        codes = ", ".join(f"'{code}'" for code in part.codes)
        offices = f"f.unit in (select code from {SCHEMA}.unit where $4::text[] is null or code = any($4))"
        units = "$4::text[] is null" if part.shared else offices
        return f"""with a as materialized ({plan_census.rows(part)}),
{WRITE},
gone as (
  delete from {FIGURE_NAME} f where f.indicator in ({codes}) and f.period = any($1::text[])
  and {units} and {FIGURE_ROW} not in (select {KEY} from a) {GONE}
) {CHANGED}"""

    @cached_property
    def upserts(self) -> dict[str, Upsert]:
        """By kind: write rows where they are newer, and answer what they touch."""
        return {name: self._upsert(table) for name, table in FACT_TABLES.items()}

    def _upsert(self, table: Table) -> Upsert:
        flows = tuple(touch for touch in self.touches if touch.table == table.name)
        censuses = tuple(touch for touch in self.census_touches if touch.table == table.name)
        answers = ["old.office", "new.office"]
        for touch in flows:
            answers += [f"case when {touch.changed} then {day} end" for day in (touch.old, touch.new)]
        answers += [f"case when {touch.changed} then {touch.earliest} end" for touch in censuses]
        rows = f"select * from unnest($1::{SCHEMA}.{table.name}[])"
        statement = f"insert into {SCHEMA}.{table.name} as f {rows} {_newer(table)} returning "
        named = [f"{answer} as a{i}" for i, answer in enumerate(answers)]
        placed = self.placed(statement + ", ".join(named)).replace(plan_flow.MOMENT, "$2::date")
        return Upsert(placed + ", $2::date", flows, censuses)

    @cached_property
    def merges(self) -> dict[str, str]:
        """By kind: write rows of a staging table where they are newer."""
        return {
            name: self.placed(
                f"insert into {SCHEMA}.{table.name} as f select * from staged_{table.name} {_newer(table)}"
            )
            for name, table in FACT_TABLES.items()
        }

    def placed(self, statement: str) -> str:
        """Put a statement into the projection's schema."""
        return sql.in_schema(statement, self.schema)


def _summed(first: int) -> str:
    """Render the sum of cells over periods, given as pairs of code and month, and over the district."""
    code, month, units = (f"${first + i}" for i in range(3))
    return (
        "select w.period, u.unit, c.indicator, c.breakdown, c.key, sum(c.n)::bigint, sum(c.total)::bigint from cells c "
        f"join unnest({code}::text[], {month}::date[]) as w(period, month) on w.month = c.month "
        "cross join lateral (values (c.office), ('')) as u(unit) "
        f"where {units}::text[] is null or u.unit = any({units}) group by 1, 2, 3, 4, 5"
    )


def _newer(table: Table) -> str:
    """Render the rule of the newest revision; a repair of an equal revision wins when the facts differ."""
    sets = ", ".join(f'"{c.name}" = excluded."{c.name}"' for c in table.columns if not c.primary_key)
    new, old = "(excluded._epoch, excluded._revision)", "(f._epoch, f._revision)"
    repair = f"(excluded._change = 'repair' and {new} = {old} and excluded._digest <> f._digest)"
    return f"on conflict (_id) do update set {sets} where {new} > {old} or {repair}"
