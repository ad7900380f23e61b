"""The figures of a past date, as known now: computed on the fly from the same declarations, stored nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

import asyncpg

from services.aggregation.indicator import Indicator
from services.aggregation.measure import ONCE, WIDE, grid, moments
from services.aggregation.periods import Period, months_in, parse, periods_of, previous_year
from services.aggregation.projection import Projection
from services.aggregation.rollup import DISTRICT, Stored

# Beyond so many cells, counting everything once is faster than looking each one up.
MANY_CELLS = 20_000
Sums = defaultdict[tuple[str, str, str, str, str], list[int]]


async def measure_as_of(
    conn: asyncpg.Connection,
    projection: Projection,
    as_of: date,
    units: Collection[str] | None = None,
    periods: Collection[str] | None = None,
) -> list[Stored]:
    """Return the figures of a date not later than the one measured for, for these units and periods (None: all).

    Late entries and corrections are in; what happened after the date is not.
    """
    wanted = None if periods is None else {parse(code).code for code in periods}
    needed = wanted and wanted | {previous_year(code) for code in wanted}
    sums: Sums = defaultdict(lambda: [0, 0])
    async with conn.transaction(readonly=True):
        await conn.execute(WIDE if needed is None else ONCE)
        await _flows(conn, projection, as_of, units, needed, sums)
        await _censuses(conn, projection, as_of, needed, sums)
    _grow(projection, as_of, sums)
    return sorted(
        Stored(period, unit, indicator, breakdown, key, n, total)
        for (period, unit, indicator, breakdown, key), (n, total) in sums.items()
        if (n or total) and (units is None or unit in units) and (wanted is None or period in wanted)
    )


async def _flows(
    conn: asyncpg.Connection,
    projection: Projection,
    as_of: date,
    units: Collection[str] | None,
    needed: Collection[str] | None,
    sums: Sums,
) -> None:
    plan = projection.plan
    offices = sorted(projection.units if units is None or DISTRICT in units else set(units))
    months = None if needed is None else sorted({day for code in needed for day in months_in(parse(code))})
    parts = sorted({group.part for group in plan.groups})
    for module, whole in plan.whole.items():
        mine = [part for part in parts if plan.module_of[part] == module]
        if months is None or len(mine) * len(offices) * len(months) > MANY_CELLS:
            records = await conn.fetch(whole, as_of)
        else:
            cells = [(part, office, month) for part in mine for office in offices for month in months]
            records = await conn.fetch(plan.cells[module], as_of, *zip(*cells, strict=True)) if cells else []
        for office, month, indicator, breakdown, key, n, total in records:
            for period in periods_of(month):
                _add(sums, (period.code, office, indicator, breakdown, key), n, total)


def _add(sums: Sums, key: tuple[str, str, str, str, str], n: int, total: int) -> None:
    """Add to a figure of an office and to the district's."""
    for place in (key, (key[0], DISTRICT, *key[2:])):
        held = sums[place]
        held[0] += n
        held[1] += total


async def _censuses(
    conn: asyncpg.Connection, projection: Projection, as_of: date, needed: Collection[str] | None, sums: Sums
) -> None:
    for group in projection.plan.censuses:
        chosen: Iterable[Period] = grid(projection, group, as_of)
        arrays = moments([p for p in chosen if needed is None or p.code in needed], as_of)
        for period, unit, indicator, breakdown, key, n, total in await conn.fetch(
            projection.plan.census[group.number], *arrays, None
        ):
            _add(sums, (period, unit, indicator, breakdown, key), n, total)


def _grow(projection: Projection, as_of: date, sums: Sums) -> None:
    """Compare with the same period of the year before, where there was one."""
    plan = projection.plan
    for (period, unit, base, breakdown, key), (n, _) in list(sums.items()):
        growth: Indicator | None = plan.by_code.get(plan.growths.get(base, ""))
        following = previous_year(period, -1)
        if growth is None or not n or parse(following).start > as_of or parse(following).level not in growth.levels:
            continue
        now = sums.get((following, unit, base, breakdown, key), [0, 0])[0]
        sums[following, unit, growth.code, breakdown, key] = [now - n, n]
