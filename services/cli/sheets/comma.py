"""CSV that no spreadsheet program runs as formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from services.chassis.packages import RISKY


def csv_rows(stream: TextIO, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write headings and rows as CSV; returns the number of rows."""
    writer = csv.writer(stream)
    writer.writerow(headings)
    count = 0
    for row in rows:
        writer.writerow([harmless(value) for value in row])
        count += 1
    return count


def harmless(value: Any) -> Any:
    """Mark a text that a spreadsheet program would run as a formula; other values stay."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value
