"""Records for tests: days, references, changed copies, and the instant at which rules are asked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from google.type.date_pb2 import Date

from services.chassis.domain.dates import from_date
from services.chassis.domain.profile import Profile
from services.chassis.domain.rules import Rules

UUID = "0198c0de-0000-7000-8000-{:012d}"


def rules_of(profile: Profile, today: date) -> Rules:
    """Return the rules at 10 o'clock in the morning of a day in Shanghai."""
    return Rules(profile, datetime(today.year, today.month, today.day, 2, tzinfo=UTC))


def on(year: int, month: int, day: int) -> Date:
    """Return a day as the contract has it."""
    return from_date(date(year, month, day))


def ref(collection: str, number: int = 1) -> str:
    """Return a well-formed reference."""
    return f"{collection}/{UUID.format(number)}"


def changed(record: Any, **fields: Any) -> Any:
    """Return a copy of a record with other values; None clears a field."""
    copy = type(record)()
    copy.CopyFrom(record)
    for name, value in fields.items():
        copy.ClearField(name)
        if value is not None:
            copy.MergeFrom(type(record)(**{name: value}))
    return copy
