"""Measures figures: all of them, those that changed records touch, those that the date changes."""
# ruff: noqa: S608  statements are made of declarations, never of input

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import asyncpg

from services.aggregation import population
from services.aggregation.periods import Period, since
from services.aggregation.plan_census import CensusPart
from services.aggregation.rollup import WHOLE_DISTRICT, WHOLE_PERIODS, Stored, grow, roll_up
from services.aggregation.tables import SCHEMA

if TYPE_CHECKING:
    from services.aggregation.projection import Projection

Cell = tuple[int, str, date]
COLUMNS = "period, unit, indicator, breakdown, key"
# Cells are few rows among many: read them through their indexes, with the plan made once.
NARROW = "set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off; "
ONCE = "set local plan_cache_mode = force_generic_plan; set local jit = off"
WIDE = "set local jit = off; set local work_mem = '64MB'"
# A few thousand rows of a table tell enough of it to plan by; the default sample takes ten times as long.
SKETCH = "set local default_statistics_target = 10"


@dataclass(slots=True)
class Touched:
    """What changed records touch: cells (part, office, first of month), and parts of the censuses.

    A census is touched at `offices` (None: everywhere) in every period that ends on or after a day.
    """

    cells: set[Cell] = field(default_factory=set)
    censuses: dict[int, tuple[set[str] | None, date]] = field(default_factory=dict)

    def add_cell(self, part: int, office: str, day: date | None) -> None:
        """Note the cell of a date; a record without office or date touches none."""
        if office and day is not None:
            self.cells.add((part, office, day.replace(day=1)))

    def add_census(self, part: int, offices: set[str] | None, earliest: date) -> None:
        """Note a part of the censuses from a day on."""
        known = self.censuses.get(part)
        if known is not None:
            offices = None if offices is None or known[0] is None else offices | known[0]
            earliest = min(earliest, known[1])
        self.censuses[part] = (offices, earliest)


def grid(projection: Projection, part: CensusPart, as_of: date, earliest: date = date.min) -> list[Period]:
    """Return the periods in which a census is counted and which a change from `earliest` on can show."""
    first = population.first_day(projection.profile)
    return [p for p in since(max(first, earliest), as_of, part.levels) if p.at(as_of) >= earliest]


def moments(
    periods: Sequence[Period], as_of: date, units: Sequence[str] | None = None
) -> tuple[list[str], list[date], list[date], Sequence[str] | None, date]:
    """Return what a census statement takes: codes, starts and moments of periods, offices (None: all), the date."""
    return [p.code for p in periods], [p.start for p in periods], [p.at(as_of) for p in periods], units, as_of


async def measure_all(conn: asyncpg.Connection, projection: Projection, as_of: date) -> None:
    """Count everything for a date into a fresh table and put it in the place of the old one, in one transaction."""
    plan = projection.plan
    async with conn.transaction():
        begin = f"{WIDE}; {SKETCH}; create table {SCHEMA}.figure_next (like {SCHEMA}.figure)"
        await conn.execute(plan.placed(begin))
        await population.fill(conn, plan, projection.profile, as_of)
        target = f"insert into {plan.schema}.figure_next ({COLUMNS}, n, total)"
        for statement in plan.whole.values():
            counted = (
                f"select to_char(month, 'YYYY-MM'), office, indicator, breakdown, key, n, total from ({statement})"
            )
            await conn.execute(f"{target} {counted} c", as_of)
        await conn.execute(plan.placed(WHOLE_PERIODS))
        for part in plan.censuses:
            arguments = moments(grid(projection, part, as_of), as_of)
            await conn.execute(f"{target} {plan.census[part.number]}", *arguments)
        await conn.execute(plan.placed(WHOLE_DISTRICT), plan.shared)
        await conn.execute(plan.placed(SWAP))
        compared = f"select * from {SCHEMA}.figure where indicator = any($1)"
        bases = await conn.fetch(plan.placed(compared), [*plan.growths])
        await grow(conn, plan, [Stored(*record) for record in bases], as_of)
        await set_date(conn, projection, as_of)
    projection.as_of = as_of
    projection.units |= population.units(projection.profile)


# Offices last: a figure of the district is a run of the index.
SWAP = (
    f"create unique index on {SCHEMA}.figure_next (indicator, period, breakdown, key, unit); "
    f"create index on {SCHEMA}.figure_next (period) where unit = ''; analyze {SCHEMA}.figure_next; "
    f"drop table {SCHEMA}.figure; alter table {SCHEMA}.figure_next rename to figure"
)


async def set_date(conn: asyncpg.Connection, projection: Projection, as_of: date) -> None:
    """Note the date and the population that the figures are measured for."""
    statement = (
        f"insert into {SCHEMA}.state values (true, $1, $2) "
        "on conflict (one) do update set as_of = excluded.as_of, population = excluded.population"
    )
    await conn.execute(projection.plan.placed(statement), as_of, population.digest(projection.profile))


async def measure_touched(
    conn: asyncpg.Connection, projection: Projection, touched: Touched, as_of: date
) -> list[Stored]:
    """Count the touched cells and what is summed from them again; return the figures that changed."""
    plan = projection.plan
    changed: list[Stored] = []
    for module, statement in plan.store_cells.items():
        cells = sorted(cell for cell in touched.cells if plan.module_of[cell[0]] == module)
        if cells:
            changed += _stored(await conn.fetch(statement, as_of, *zip(*cells, strict=True)))
    for number, (offices, earliest) in sorted(touched.censuses.items()):
        periods = grid(projection, plan.censuses[number], as_of, earliest)
        units = None if offices is None else sorted(offices)
        if periods:
            changed += _stored(await conn.fetch(plan.store_census[number], *moments(periods, as_of, units)))
    changed += await roll_up(conn, plan, changed)
    changed += await grow(conn, plan, changed, as_of)
    return changed


def _stored(records: Iterable[asyncpg.Record]) -> list[Stored]:
    return [Stored(*record) for record in records]


async def advance_date(conn: asyncpg.Connection, projection: Projection, to: date) -> list[Stored]:
    """Measure again what depends on the date, from the one measured for to a later one; return what changed.

    An earlier date, or none measured for yet, measures everything.
    """
    past = projection.as_of
    if past == to:
        return []
    if past is None or to < past:
        await measure_all(conn, projection, to)
        return []
    plan = projection.plan
    async with conn.transaction():
        await conn.execute(WIDE)
        await population.extend(conn, plan, projection.profile, to)
        touched = Touched()
        for statement in plan.dated.values():
            touched.cells |= {(part, office, day) for part, office, day in await conn.fetch(statement, past, to)}
        for part in plan.censuses:
            touched.add_census(part.number, None, date.min if part.looks_later else past)
        await conn.execute(NARROW + ONCE)
        changed = await measure_touched(conn, projection, touched, to)
        changed += await _begin_periods(conn, projection, past, to)
        await set_date(conn, projection, to)
    projection.as_of = to
    return changed


async def _begin_periods(conn: asyncpg.Connection, projection: Projection, past: date, to: date) -> list[Stored]:
    """Compare the periods that have begun with those of the year before."""
    plan = projection.plan
    begun = [p.code for p in since(past, to) if p.start > past]
    if not begun or not plan.growths:
        return []
    before = [f"{int(code[:4]) - 1:04d}{code[4:]}" for code in begun]
    statement = f"select * from {SCHEMA}.figure where indicator = any($1) and period = any($2)"
    rows = _stored(await conn.fetch(plan.placed(statement), [*plan.growths], before))
    return await grow(conn, plan, rows, to)
