"""Months, quarters and years: "2012-03", "2012-Q1", "2012"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from services.chassis.domain.dates import add_months


class Level(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {Level.MONTH: 1, Level.QUARTER: 3, Level.YEAR: 12}
EVERY_LEVEL = frozenset(Level)


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar month, quarter or year; `end` is its last day."""

    code: str
    level: Level
    start: date
    end: date

    def at(self, as_of: date) -> date:
        """Return the moment at which what is in force is counted: the last day, or now while the period runs."""
        return min(self.end, as_of)


def period_of(day: date, level: Level) -> Period:
    """Return the period of a level that holds a day."""
    length = MONTHS[level]
    start = date(day.year, (day.month - 1) // length * length + 1, 1)
    return Period(_code(start, level), level, start, add_months(start, length) - timedelta(days=1))


@lru_cache(maxsize=4096)
def periods_of(day: date) -> tuple[Period, ...]:
    """Return the month, quarter and year that hold a day."""
    return tuple(period_of(day, level) for level in Level)


def _code(start: date, level: Level) -> str:
    if level is Level.YEAR:
        return f"{start.year:04d}"
    tail = f"{start.month:02d}" if level is Level.MONTH else f"Q{(start.month + 2) // 3}"
    return f"{start.year:04d}-{tail}"


@lru_cache(maxsize=4096)
def parse(code: str) -> Period:
    """Return the period of a code. Raises ValueError when it is none."""
    year, _, tail = code.partition("-")
    if len(year) == 4 and year.isascii() and year.isdigit() and int(year):
        level = Level.YEAR if "-" not in code else Level.QUARTER if tail[:1] == "Q" else Level.MONTH
        number = tail.removeprefix("Q") or "1"
        last = {Level.YEAR: 1, Level.QUARTER: 4, Level.MONTH: 12}[level]
        if number.isascii() and number.isdigit() and 1 <= int(number) <= last:
            found = period_of(date(int(year), (int(number) - 1) * MONTHS[level] + 1, 1), level)
            if found.code == code:
                return found
    raise ValueError(f"{code!r} is no period: 2012-03, 2012-Q1 or 2012")


@lru_cache(maxsize=4096)
def code_of(code: str, level: Level) -> str:
    """Return the code of the longer period that a period is in."""
    return _code(parse(code).start, level)


def previous_year(code: str, years: int = 1) -> str:
    """Return the code of the same period so many years before (after, when negative)."""
    return f"{int(code[:4]) - years:04d}{code[4:]}"


def since(first: date, as_of: date, levels: Iterable[Level] = Level) -> Iterator[Period]:
    """Give every period from the one that holds `first` to the one that holds `as_of`."""
    for level in levels:
        period = period_of(first, level)
        while period.start <= as_of:
            yield period
            period = period_of(period.end + timedelta(days=1), level)


def months_in(period: Period) -> Iterator[date]:
    """Give the first day of every month of a period."""
    for offset in range(MONTHS[period.level]):
        yield add_months(period.start, offset)
