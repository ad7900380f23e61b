"""Rows of a sheet <-> row messages of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from geju.common.v1 import import_pb2
from google.protobuf.message import Message

from services.cli.sheets import cells, header
from services.cli.sheets.columns import CLEARED, Column, row_error
from services.cli.sheets.header import Header
from services.cli.sheets.read import MAX_CELL, Row

Codes = Mapping[str, Mapping[str, str]]


@dataclass
class Parsed:
    """One line of a sheet: the row message, or why it cannot be read."""

    line: int
    message: Message
    errors: list[import_pb2.RowError] = field(default_factory=list)


def parse(  # noqa: PLR0913, PLR0917 - a sheet and how it is to be read
    rows: Sequence[Row],
    head: Header,
    columns: Sequence[Column],
    make: type[Message],
    given: Mapping[str, str],
    codes: Codes = MappingProxyType({}),
) -> Iterator[Parsed]:
    """Yield every filled line below the headings.

    `given` fills fields whose cell is empty or has no column; `codes` holds, by field, codes for the names people use.
    """
    defaults = [(column, given[column.field.name]) for column in columns if column.field.name in given]
    for index in range(head.line + 1, len(rows)):
        row = rows[index]
        if all(_empty(cell) for cell in row):
            continue
        if index == head.line + 1 and header.is_hint(row):
            continue
        parsed = Parsed(index + 1, make(row=index + 1))
        filled = _read(parsed, row, head, codes)
        for column, value in defaults:
            if column.path not in filled:
                column.put(parsed.message, value)
        yield parsed


def _read(parsed: Parsed, row: Row, head: Header, codes: Codes) -> set[tuple[str, ...]]:
    """Read the cells of one line; returns the paths that had one."""
    filled = set()
    for column, cell in zip(head.columns, row, strict=False):
        if column is None or _empty(cell):
            continue
        filled.add(column.path)
        try:
            if isinstance(cell, str) and len(cell) > MAX_CELL:
                raise cells.CellError(f"超过 {MAX_CELL} 个字")  # noqa: TRY301 - one place reports every cell
            column.put(parsed.message, _coded(cell, column, codes.get(column.field.name)))
            _note_cleared(parsed.message, column)
        except (cells.CellError, ValueError) as error:
            said = str(error) if isinstance(error, cells.CellError) else "数字超出范围"
            parsed.errors.append(row_error(".".join(column.path), column.label, said))
    return filled


def _note_cleared(message: Any, column: Column) -> None:
    """Tell a cell with 0 or no from an empty one, where the contract has a place for it."""
    if CLEARED in message.DESCRIPTOR.fields_by_name and not getattr(message, column.field.name):
        message.cleared.append(column.field.name)


def _coded(cell: object, column: Column, known: Mapping[str, str] | None) -> object:
    """Put codes in the place of names; each part of a list has its own."""
    if not known or not isinstance(cell, str):
        return cell
    if not column.listed:
        return known.get(cell.strip(), cell)
    return cells.joined(known.get(part.strip(), part) for part in cells.places(cell))


def _empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
