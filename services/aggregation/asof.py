"""The figures of a past date, as known now: computed on the fly from the same declarations, stored nowhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import asyncpg

from services.aggregation.indicator import Indicator
from services.aggregation.measure import NARROW, ONCE, WIDE, Cell, grid, moments
from services.aggregation.periods import Period, months_in, parse, previous_year, since
from services.aggregation.projection import Projection
from services.aggregation.rollup import DISTRICT, Stored

# Beyond so many cells, counting everything once is faster than looking each one up.
MANY_CELLS = 6_000
# Flows are counted from whatever date they have; the first year that can be asked for.
FIRST_YEAR = 1990
Units = frozenset[str] | None
Sums = dict[tuple[str, str, str, str, str], tuple[int, int]]


async def measure_as_of(
    conn: asyncpg.Connection,
    projection: Projection,
    as_of: date,
    units: Collection[str] | None = None,
    periods: Collection[str] | None = None,
) -> list[Stored]:
    """Return the figures of a date not later than the one measured for, for these units and periods (None: all).

    Late entries and corrections are in; what happened after the date is not. "" is the district.
    """
    wanted = [*map(parse, periods)] if periods is not None else [*since(date(FIRST_YEAR, 1, 1), as_of)]
    asked = None if units is None else frozenset(units)
    async with conn.transaction(readonly=True):
        sums = await _flows(conn, projection, as_of, asked, wanted)
        sums |= await _censuses(conn, projection, as_of, asked, wanted)
    _grow(projection, as_of, sums)
    chosen = {period.code for period in wanted}
    return sorted(Stored(*key, n, total) for key, (n, total) in sums.items() if key[0] in chosen and (n or total))


async def _flows(
    conn: asyncpg.Connection, projection: Projection, as_of: date, units: Units, wanted: Sequence[Period]
) -> Sums:
    plan = projection.plan
    before = [parse(previous_year(period.code)) for period in wanted] if plan.growths else []
    pairs = sorted({(p.code, month) for p in (*wanted, *before) for month in months_in(p)})
    sums: Sums = {}
    cells = _cells(projection, units, wanted, before)
    few = sum(map(len, cells.values())) <= MANY_CELLS
    await conn.execute(NARROW + ONCE if few else WIDE)
    asked = None if units is None else sorted(units)
    for module, its in cells.items():
        arrays = (*zip(*pairs, strict=True), asked)
        if not few:
            found = await conn.fetch(plan.past_whole[module], as_of, *arrays)
        else:
            found = await conn.fetch(plan.past[module], as_of, *zip(*its, strict=True), *arrays) if its else []
        sums |= {tuple(row[:5]): (row[5], row[6]) for row in map(tuple, found)}
    return sums


def _cells(
    projection: Projection, units: Units, wanted: Sequence[Period], before: Sequence[Period]
) -> dict[int, list[Cell]]:
    """Return by module the cells to count; those of the year before only for what a growth compares."""
    plan = projection.plan
    offices = sorted(projection.units if units is None or DISTRICT in units else units)
    now, past = ({month for period in periods for month in months_in(period)} for periods in (wanted, before))
    compared = {g.part for g in plan.groups for entry in g.entries if entry.indicator.code in plan.growths}
    cells: dict[int, list[Cell]] = {module: [] for module in plan.modules}
    for part, module in plan.module_of.items():
        months = sorted(now | past if part in compared else now)
        cells[module] += [(part, office, month) for office in offices for month in months]
    return cells


async def _censuses(
    conn: asyncpg.Connection, projection: Projection, as_of: date, units: Units, periods: Sequence[Period]
) -> Sums:
    sums: Sums = {}
    codes = {period.code for period in periods}
    for part in projection.plan.censuses:
        arguments = moments([p for p in grid(projection, part, as_of) if p.code in codes], as_of)
        statement = projection.plan.census[part.number]
        for period, office, indicator, breakdown, key, n, total in await conn.fetch(statement, *arguments):
            for unit in (office,) if part.shared else (office, DISTRICT):
                if units is None or unit in units:
                    place = (period, unit, indicator, breakdown, key)
                    held = sums.get(place, (0, 0))
                    sums[place] = (held[0] + n, held[1] + total)
    return sums


def _grow(projection: Projection, as_of: date, sums: Sums) -> None:
    """Compare with the same period of the year before, where there was one."""
    plan = projection.plan
    for (period, unit, base, breakdown, key), (n, _) in list(sums.items()):
        growth: Indicator | None = plan.by_code.get(plan.growths.get(base, ""))
        if growth is None or not n:
            continue
        following = parse(previous_year(period, -1))
        if following.start <= as_of and following.level in growth.levels:
            now = sums.get((following.code, unit, base, breakdown, key), (0, 0))[0]
            sums[following.code, unit, growth.code, breakdown, key] = (now - n, n)
