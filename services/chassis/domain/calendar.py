"""Working days: Chinese public holidays and shifted working days, as the `chinesecalendar` library knows them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar

_DAY = timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=16384)
def is_workday(day: date) -> bool:
    """Tell whether a day is a working day; outside the years that the library knows, Monday to Friday are."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY


def add_working_days(day: date, count: int) -> date:
    """Return the `count`-th working day after `day` (`day` itself for 0)."""
    while count > 0:
        day += _DAY
        count -= is_workday(day)
    return day


def working_days(start: date, end: date) -> int:
    """Count the working days from `start` to the day before `end`."""
    return sum(is_workday(start + _DAY * offset) for offset in range((end - start).days))
