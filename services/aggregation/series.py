"""One indicator through time, by office and by its breakdowns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from geju.aggregation.v1 import figure_pb2 as pb

from services.aggregation import catalogue
from services.aggregation.disclosure import (
    EVERYTHING,
    Disclosure,
    disclosure,
    needed,
    of_offices,
    shows_whole,
    unrestricted,
)
from services.aggregation.figures import Figures, nothing
from services.aggregation.indicator import Indicator
from services.aggregation.periods import MONTHS, Level, Period, parse, period_of, previous_year
from services.aggregation.reader import Reader
from services.aggregation.rollup import DISTRICT, Stored
from services.chassis.context import Caller
from services.chassis.domain.dates import add_months

_POINTS = {Level.MONTH: 12, Level.QUARTER: 8, Level.YEAR: 5}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure of an indicator, as of which day, and who asks."""

    indicator: Indicator
    unit: str
    period: Period
    as_of: date
    caller: Caller


async def series(reader: Reader, asked: Asked, points: int) -> list[tuple[pb.Figure, pb.Figure]]:
    """Return the figures of so many periods (0: as usual) up to the one asked for, each with the year before's."""
    level = asked.period.level
    steps = reversed(range(points or _POINTS[level]))
    codes = [period_of(add_months(asked.period.start, -MONTHS[level] * i), level).code for i in steps]
    rows, figures = await _whole(reader, asked, {*codes, *map(previous_year, codes)})
    stored = {row.period: row for row in rows if row.unit == asked.unit}

    def figure(code: str) -> pb.Figure:
        return figures.figure(stored.get(code) or nothing(asked.indicator, asked.unit, parse(code)))

    return [(figure(code), figure(previous_year(code))) for code in codes]


async def offices(reader: Reader, asked: Asked) -> list[pb.Figure]:
    """Return the figure of every office in force, and of the bureau where it has one; none for an office."""
    if asked.unit != DISTRICT:
        return []
    profile = reader.profile
    rows, figures = await _whole(reader, asked, {asked.period.code}, every=True)
    stored = {row.unit: row for row in rows}
    day = asked.period.at(asked.as_of)
    codes = [office.code for office in profile.offices if office.in_force(day) or office.code in stored]
    codes += [profile.code] if profile.code in stored else []
    return [figures.figure(stored.get(code) or nothing(asked.indicator, code, asked.period)) for code in codes]


async def breakdowns(reader: Reader, asked: Asked) -> list[pb.Figure]:
    """Return the figure by breakdown and key, as the caller is shown it."""
    caller = asked.caller
    units = needed(caller, asked.unit) if catalogue.sensitive(asked.indicator) else [asked.unit]
    every = await reader.figures(units, [asked.period.code], asked.as_of)
    shown = disclosure(caller, every, reader.profile)
    figures = Figures(reader.profile, asked.as_of, shown)
    rows = [r for r in every if r.indicator == asked.indicator.code and r.unit == asked.unit]
    return [figures.figure(row) for row in shown.completed(rows) if row.breakdown]


async def _whole(
    reader: Reader, asked: Asked, periods: Collection[str], *, every: bool = False
) -> tuple[list[Stored], Figures]:
    """Return the whole figures of the unit, or of every one, and what shows them; others may decide what is shown."""
    caller, code, shown = asked.caller, asked.indicator.code, EVERYTHING
    shows = not asked.indicator.office_sensitive or unrestricted(caller)
    units = None if every or not (shows or shows_whole(caller, asked.unit)) else [asked.unit]
    rows = [row for row in await reader.figures(units, periods, asked.as_of, code) if not row.breakdown]
    if units is None and not shows:
        shown = Disclosure(withheld=of_offices(caller.sees, rows, reader.profile, periods))
    return rows, Figures(reader.profile, asked.as_of, shown)
