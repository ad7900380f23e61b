"""The figures of a past date, as known now: computed on the fly from the same declarations, stored nowhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import asyncpg

from services.aggregation.indicator import Indicator
from services.aggregation.measure import NARROW, ONCE, WIDE, grid, moments
from services.aggregation.periods import Period, months_in, parse, previous_year, since
from services.aggregation.projection import Projection
from services.aggregation.rollup import DISTRICT, Stored

# Beyond so many cells, counting everything once is faster than looking each one up.
MANY_CELLS = 6_000
# Flows are counted from whatever date they have; the first year that can be asked for.
FIRST_YEAR = 1990
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
    before = [parse(previous_year(period.code)) for period in wanted] if projection.plan.growths else []
    held = {period.code: period for period in (*wanted, *before)}
    async with conn.transaction(readonly=True):
        sums = await _flows(conn, projection, as_of, units, [*held.values()])
        sums |= await _censuses(conn, projection, as_of, units, [*held.values()])
    _grow(projection, as_of, sums)
    chosen = {period.code for period in wanted}
    return sorted(Stored(*key, n, total) for key, (n, total) in sums.items() if key[0] in chosen and (n or total))


async def _flows(
    conn: asyncpg.Connection,
    projection: Projection,
    as_of: date,
    units: Collection[str] | None,
    periods: Sequence[Period],
) -> Sums:
    plan = projection.plan
    offices = sorted(projection.units if units is None or DISTRICT in units else units)
    months = sorted({day for period in periods for day in months_in(period)})
    arrays = [p.code for p in periods], [p.start for p in periods], [p.end for p in periods]
    asked = None if units is None else sorted(units)
    few = len(months) * len(offices) * len(plan.module_of) <= MANY_CELLS
    await conn.execute(NARROW + ONCE if few else WIDE)
    sums: Sums = {}
    for module in plan.modules:
        parts = [part for part, its in plan.module_of.items() if its == module]
        cells = [(part, office, month) for part in parts for office in offices for month in months] if few else []
        if few and cells:
            found = await conn.fetch(plan.past[module], as_of, *zip(*cells, strict=True), *arrays, asked)
        else:
            found = await conn.fetch(plan.past_whole[module], as_of, *arrays, asked) if not few else []
        sums |= {tuple(row[:5]): (row[5], row[6]) for row in map(tuple, found)}
    return sums


async def _censuses(
    conn: asyncpg.Connection,
    projection: Projection,
    as_of: date,
    units: Collection[str] | None,
    periods: Sequence[Period],
) -> Sums:
    sums: Sums = {}
    codes = {period.code for period in periods}
    for group in projection.plan.censuses:
        arrays = moments([p for p in grid(projection, group, as_of) if p.code in codes], as_of)
        statement = projection.plan.census[group.number]
        for period, office, indicator, breakdown, key, n, total in await conn.fetch(statement, *arrays, None):
            for unit in (office, DISTRICT):
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
