"""CSV that no spreadsheet program runs as formulas."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TextIO

from services.chassis.packages import RISKY


def csv_rows(stream: TextIO, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write headings and rows as CSV; returns the number of rows."""
    write = csv_writer(stream, headings)
    count = 0
    for row in rows:
        write(row)
        count += 1
    return count


def csv_writer(stream: TextIO, headings: Sequence[str]) -> Callable[[Sequence[Any]], None]:
    """Write headings as CSV; returns what writes one row after them."""
    writer = csv.writer(stream)
    writer.writerow(headings)

    def write(row: Sequence[Any]) -> None:
        writer.writerow([harmless(value) for value in row])

    return write


def harmless(value: Any) -> Any:
    """Mark a text that a spreadsheet program would run as a formula; other values stay."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value
