"""Last days in time, counted day by day from what the profile says of a limit."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

import chinese_calendar

DAY = timedelta(days=1)
Pause = tuple[date, date | None]  # the first day that does not count, and the first that counts again
_SATURDAY = 5


def in_force(rules: Iterable[Any], on: date) -> Any:
    """Return the first of some rules that is in force on a day; None when none is."""
    return next((rule for rule in rules if rule.valid_from <= on <= (rule.valid_to or date.max)), None)


def rule_of(profile: Any, rule_id: str, start: date | None) -> Any:
    """Return the limit by which a clock runs that starts on a day; None when there was none."""
    if start is None:
        return None
    return in_force((rule for rule in profile.limits if rule.id == rule_id), start)


def limit(profile: Any, rule_id: str, start: date | None) -> date | None:
    """Return the last day in time of a clock that nothing stops; None when no rule was in force as it started."""
    rule = rule_of(profile, rule_id, start)
    return None if rule is None or start is None else last_day(rule, start)


def last_day(rule: Any, start: date, pauses: Iterable[Pause] = ()) -> date | None:
    """Return the last day in time; the day after the start is the first that counts, days of a pause do not.

    None while the clock stands still.
    """
    stops = list(pauses)
    if rule.unit == "months":
        if any(until is None for _, until in stops):
            return None
        stood = sum((until - first).days for first, until in stops if until is not None)
        return later(start, months=rule.length, days=stood)
    left, day = rule.length, start
    while left:
        day += DAY
        pause = next((one for one in stops if one[0] <= day and (one[1] is None or day < one[1])), None)
        if pause is not None and pause[1] is None:
            return None
        left -= int(pause is None and (rule.unit == "days" or is_workday(day)))
    return day


def later(day: date, *, months: int = 0, days: int = 0) -> date:
    """Return a day so much later; the last of its month when that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])) + timedelta(days=days)


@cache
def is_workday(day: date) -> bool:
    """Tell whether offices work on a day; outside the years with a calendar, Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY
