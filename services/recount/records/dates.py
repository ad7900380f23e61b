"""Dates of records and facts."""

from __future__ import annotations

from datetime import date
from typing import Any

from google.type.date_pb2 import Date


def day_of(message: Any, field: str) -> date | None:
    """Read a date; None where there is none."""
    value = getattr(message, field)
    return date(value.year, value.month, value.day) if value.year else None


def put(facts: Any, field: str, day: date | None) -> None:
    """Set a date that is not kept in the record itself."""
    if day is not None:
        getattr(facts, field).CopyFrom(Date(year=day.year, month=day.month, day=day.day))


def set_to(facts: Any, field: str, day: date | None) -> None:
    """Set a date, or clear it, whatever the record says."""
    facts.ClearField(field)
    put(facts, field, day)
