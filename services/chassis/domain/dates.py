"""Dates of the contract and of the work: calendar dates in Asia/Shanghai."""

from __future__ import annotations

import calendar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from google.type.date_pb2 import Date

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Years that a date of the work can lie in: others are slips of the pen, and end in overflows.
YEARS = range(1900, 2201)
#: What to say of a date that is none.
EXPECTED = "应为真实存在的日期(1900年至2200年),如 2012-03-01"


def to_date(message: Date) -> date | None:
    """Return the date of a message; None when it is unset. Raises ValueError when it is no day, or not in `YEARS`."""
    if not (message.year or message.month or message.day):
        return None
    if message.year not in YEARS:
        raise ValueError(message.year)
    return date(message.year, message.month, message.day)


def from_date(value: date | None) -> Date:
    """Return a date as a message; an empty message for None."""
    return Date() if value is None else Date(year=value.year, month=value.month, day=value.day)


def set_date(field: Date, value: date | None) -> None:
    """Write a date into a message's own field; None empties it."""
    field.CopyFrom(from_date(value))


def today(now: datetime) -> date:
    """Return the day it is in Asia/Shanghai at an instant."""
    return now.astimezone(SHANGHAI).date()


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later (or earlier), the month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_of(day: date) -> str:
    """Return the month of a day as "2012-03"."""
    return f"{day.year:04d}-{day.month:02d}"
