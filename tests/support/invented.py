"""What the tests of the demonstration ask of its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from services.demo.rows import Rows


def content(sheets: Sequence[Rows]) -> list[tuple[str, list[bytes]]]:
    """Return the sheets in a form that is equal for equal rows only."""
    return [(rows.name, [row.SerializeToString(deterministic=True) for row in rows.rows]) for rows in sheets]


def dates(message: Any) -> Iterator[tuple[str, dt.date]]:
    """Give the names and days of the dates of a record that are filled in."""
    for field, value in message.ListFields():
        if field.message_type is not None and field.message_type.full_name == "google.type.Date":
            for one in value if field.is_repeated else [value]:
                yield field.name, dt.date(one.year, one.month, one.day)
