"""One indicator through time, by office and by its breakdowns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from geju.aggregation.v1 import figure_pb2 as pb
from geju.aggregation.v1.indicator_pb2 import OfficeRank, SeriesPoint

from services.aggregation.changes import change, ranks
from services.aggregation.disclosure import (
    EVERYTHING,
    UNDECIDED,
    Disclosure,
    of_offices,
    open_cells,
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


async def series(reader: Reader, asked: Asked, points: int) -> list[SeriesPoint]:
    """Return the figures of so many periods (0: as usual) to the one asked for, beside what they are held against."""
    level = asked.period.level
    steps = reversed(range((points or _POINTS[level]) + 1))
    periods = [period_of(add_months(asked.period.start, -MONTHS[level] * i), level) for i in steps]
    codes = {code for period in periods for code in (period.code, previous_year(period.code))}
    rows, figures = await _whole(reader, asked, codes)
    stored = {row.period: row for row in rows if row.unit == asked.unit}

    def figure(code: str) -> pb.Figure:
        return figures.figure(stored.get(code) or nothing(asked.indicator, asked.unit, parse(code)))

    def point(before: Period, period: Period) -> SeriesPoint:
        found = SeriesPoint(figure=figure(period.code), year_before=figure(previous_year(period.code)))
        if before.end >= reader.profile.valid_from:
            runs = asked.as_of < period.end
            found.change.CopyFrom(change(asked.indicator, found.figure, figure(before.code), runs=runs))
        return found

    return [point(before, period) for before, period in pairwise(periods)]


async def offices(reader: Reader, asked: Asked) -> list[pb.Figure]:
    """Return the figure of every office in force, and of the bureau where it has one."""
    profile = reader.profile
    rows, figures = await _whole(reader, asked, {asked.period.code}, every=True)
    stored = {row.unit: row for row in rows}
    day = asked.period.at(asked.as_of)
    codes = [office.code for office in profile.offices if office.in_force(day) or office.code in stored]
    codes += [profile.code] if profile.code in stored else []
    return [figures.figure(stored.get(code) or nothing(asked.indicator, code, asked.period)) for code in codes]


def places(reader: Reader, asked: Asked, found: Iterable[pb.Figure]) -> list[OfficeRank]:
    """Return the places of the offices, or of the one asked for, by their figures; the bureau is no office."""
    every = ranks(asked.indicator, (figure for figure in found if figure.unit != reader.profile.code))
    return [rank for rank in every if asked.unit in {DISTRICT, rank.unit}]


async def breakdowns(reader: Reader, asked: Asked) -> list[pb.Figure]:
    """Return the figure by breakdown and key, as the caller is shown it."""
    caller, indicator, unit, period = asked.caller, asked.indicator, asked.unit, asked.period.code
    found = await reader.figures([unit], [period], asked.as_of, indicator.code)
    figures = Figures(reader.profile, asked.as_of, EVERYTHING if unrestricted(caller) else UNDECIDED)
    return [figures.figure(cell) for cell in open_cells(caller, indicator, found, unit, period)]


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
