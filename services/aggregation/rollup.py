"""Sums over cells: quarters and years of an office, the district, and growth. Always recounted, never incremented."""
# ruff: noqa: S608  statements are made of names of this package, never of input

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

import asyncpg

from services.aggregation.periods import Level, code_of, parse, previous_year
from services.aggregation.plan import CHANGED, FIGURE_NAME, GONE, KEY, SAME, WRITE, Plan
from services.aggregation.tables import SCHEMA

DISTRICT = ""


class Stored(NamedTuple):
    """One figure as stored: `unit` is an office's code, "" the district; `breakdown` and `key` are "" for the whole."""

    period: str
    unit: str
    indicator: str
    breakdown: str
    key: str
    n: int
    total: int


_GONE = f"gone as (delete from {FIGURE_NAME} f using a where a.n = 0 and a.total = 0 and {SAME} {GONE})"


def _office_sum(parts: str, part: str) -> str:
    """Render the sum of an office's period over its parts: numbers `i`, and the period that each stands for."""
    return f"""
with q as (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as q({KEY})
),
a as materialized (
  select q.period, q.unit, q.indicator, q.breakdown, q.key,
    coalesce(sum(f.n), 0)::bigint as n, coalesce(sum(f.total), 0)::bigint as total
  from q cross join {parts} as parts(i)
  left join {FIGURE_NAME} f on f.period = {part}
    and f.unit = q.unit and f.indicator = q.indicator and f.breakdown = q.breakdown and f.key = q.key
  group by 1, 2, 3, 4, 5
),
{WRITE},
{_GONE} {CHANGED}"""


QUARTER = _office_sum(
    "generate_series(0, 2)", "left(q.period, 5) || lpad((3 * right(q.period, 1)::int - i)::text, 2, '0')"
)
YEAR = _office_sum("generate_series(1, 4)", "q.period || '-Q' || i")
# The district from its offices.
WHOLE = f"""
with q as (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as q(period, indicator, breakdown, key)
),
a as materialized (
  select q.period, '' as unit, q.indicator, q.breakdown, q.key,
    coalesce(sum(f.n), 0)::bigint as n, coalesce(sum(f.total), 0)::bigint as total
  from q left join {FIGURE_NAME} f on f.period = q.period and f.indicator = q.indicator
    and f.breakdown = q.breakdown and f.key = q.key and f.unit <> ''
  group by 1, 2, 3, 4, 5
),
{WRITE},
{_GONE} {CHANGED}"""

GROWTH = f"""
with q as (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
  as q({KEY}, previous, base)
),
a as materialized (
  select q.period, q.unit, q.indicator, q.breakdown, q.key,
    case when coalesce(p.n, 0) = 0 then 0 else coalesce(c.n, 0) - p.n end as n, coalesce(p.n, 0) as total
  from q
  left join {FIGURE_NAME} p on p.period = q.previous and p.unit = q.unit and p.indicator = q.base
    and p.breakdown = q.breakdown and p.key = q.key
  left join {FIGURE_NAME} c on c.period = q.period and c.unit = q.unit and c.indicator = q.base
    and c.breakdown = q.breakdown and c.key = q.key
),
{WRITE},
{_GONE} {CHANGED}"""

WHOLE_PERIODS = f"""
insert into {SCHEMA}.figure_next ({KEY}, n, total)
select coalesce(quarter, year), unit, indicator, breakdown, key, sum(n), sum(total)
from (
  select left(period, 4) as year,
    left(period, 4) || '-Q' || (substr(period, 6, 2)::int + 2) / 3 as quarter, unit, indicator, breakdown, key, n, total
  from {SCHEMA}.figure_next
) as months
group by grouping sets ((year, unit, indicator, breakdown, key), (quarter, unit, indicator, breakdown, key))"""

WHOLE_DISTRICT = f"""
insert into {SCHEMA}.figure_next ({KEY}, n, total)
select period, '', indicator, breakdown, key, sum(n), sum(total)
from {SCHEMA}.figure_next where indicator <> all($1::text[]) group by period, indicator, breakdown, key"""


async def roll_up(conn: asyncpg.Connection, plan: Plan, changed: Sequence[Stored]) -> list[Stored]:
    """Count again what is summed from changed office figures; return the sums that changed."""
    summed = [row for row in changed if row.indicator not in plan.shared]
    if not summed:
        return []
    months = [row for row in summed if not plan.by_code[row.indicator].censuses]
    quarters = await _sum(conn, plan.placed(QUARTER), {_above(row, Level.QUARTER) for row in months})
    years = await _sum(conn, plan.placed(YEAR), {_above(row, Level.YEAR) for row in quarters})
    offices = (*summed, *quarters, *years)
    districts = {(row.period, row.indicator, row.breakdown, row.key) for row in offices}
    return [*quarters, *years, *await _sum(conn, plan.placed(WHOLE), districts)]


def _above(row: Stored, level: Level) -> tuple[str, ...]:
    """Return the key of the figure of a longer period that an office's figure is part of."""
    return code_of(row.period, level), row.unit, row.indicator, row.breakdown, row.key


async def _sum(conn: asyncpg.Connection, statement: str, keys: Collection[tuple[str, ...]]) -> list[Stored]:
    """Count sums again, named by their keys; return those that changed."""
    records = await conn.fetch(statement, *zip(*sorted(keys), strict=True)) if keys else []
    return [Stored(*record) for record in records]


async def grow(conn: asyncpg.Connection, plan: Plan, changed: Iterable[Stored], as_of: date) -> list[Stored]:
    """Compare changed figures with the same period of the year before, and the year after with them."""
    pairs = set()
    for row in changed:
        growth = plan.growths.get(row.indicator)
        if growth is not None:
            for code in (row.period, previous_year(row.period, -1)):
                period = parse(code)
                if period.start <= as_of and period.level in plan.by_code[growth].levels:
                    pairs.add((code, row.unit, growth, row.breakdown, row.key, previous_year(code), row.indicator))
    if not pairs:
        return []
    records = await conn.fetch(plan.placed(GROWTH), *zip(*sorted(pairs), strict=True))
    return [Stored(*record) for record in records]
