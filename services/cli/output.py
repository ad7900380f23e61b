"""How answers are shown: a table for people, JSON or CSV for programs."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.cli.sheets.comma import csv_rows, harmless

# Into a file or a pipe lines need not fold as they must on a terminal.
_PIPED_WIDTH = 160
console = Console(highlight=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPED_WIDTH)
notes = Console(stderr=True, highlight=False)


class Form(StrEnum):
    """The forms of an answer."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Output = Annotated[Form, typer.Option("--output", "-o", help="输出格式:table 表格、json、csv。")]


@dataclass(frozen=True)
class Head:
    """One column of an answer: its key for programs, its heading for people, and whether it holds numbers."""

    key: str
    zh: str
    number: bool = False


def emit(form: Form, heads: Sequence[Head], rows: Iterable[Sequence[Any]], title: str = "") -> int:
    """Show rows in the form asked for; returns their number. Cells may be rich Text in a table."""
    if form == Form.TABLE:
        table = tabled(heads, rows, title)
        console.print(table)
        return table.row_count
    if form == Form.CSV:
        return csv_rows(sys.stdout, [head.zh for head in heads], ([_plain(cell) for cell in row] for row in rows))
    listed = [{head.key: _json(cell) for head, cell in zip(heads, row, strict=True)} for row in rows]
    dump(listed)
    return len(listed)


def dump(value: Any, indent: int | None = 2) -> None:
    """Write JSON to stdout; on one line without indent."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=indent, default=str)
    sys.stdout.write("\n")


def fields(form: Form, pairs: Sequence[tuple[str, str, Any]], title: str = "") -> None:
    """Show one thing as (key, label, value) pairs."""
    if form == Form.JSON:
        dump({key: _json(value) for key, _, value in pairs})
        return
    if form == Form.CSV:
        writer = csv.writer(sys.stdout)
        writer.writerows([zh, harmless(_plain(value))] for _, zh, value in pairs)
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for _, zh, value in pairs:
        table.add_row(Text(zh, style="dim"), _shown(value))
    if title:
        console.print(Text(title, style="bold"))
    console.print(table)


def say(message: str, style: str = "") -> None:
    """Tell a person something that is no part of the answer; programs read stdout without it."""
    notes.print(Text(message, style=style))


def tabled(heads: Sequence[Head], rows: Iterable[Sequence[Any]], title: str = "") -> Table:
    """Return rows as a table for the terminal."""
    table = Table(title=title or None, title_justify="left", header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head.zh, justify="right" if head.number else "left", overflow="fold", no_wrap=head.number)
    for row in rows:
        table.add_row(*(_shown(cell) for cell in row))
    return table


def _shown(cell: Any) -> Text:
    """Return a cell as text: what comes from records is never read as markup."""
    if isinstance(cell, Text):
        return cell
    if isinstance(cell, bool):
        return Text("是" if cell else "否")
    return Text("" if cell is None else str(cell))


def _plain(cell: Any) -> Any:
    if isinstance(cell, Text):
        return cell.plain
    return "" if cell is None else cell


def _json(cell: Any) -> Any:
    if isinstance(cell, Text):
        return cell.plain
    if isinstance(cell, dt.date | dt.datetime):
        return cell.isoformat()
    return float(cell) if isinstance(cell, Decimal) else cell
