"""Cells and files of workbooks (.xlsx): what comes from records is data, never a formula."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.workbook.child import INVALID_TITLE_REGEX

from services.chassis.packages import RISKY, dated

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def data_cell(sheet: Any, value: Any) -> Any:
    """Return what a cell of a sheet is to hold as data."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return put(WriteOnlyCell(sheet), value) if isinstance(value, str) else value


def put(cell: Any, value: Any) -> Any:
    """Make a cell hold a value as data, and return it: a text that looks like a formula stays a text."""
    if not isinstance(value, str):
        cell.value = value
        return cell
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(RISKY)
    return cell


def sheet_name(text: str) -> str:
    """Return a text as the name of a sheet: at most 31 characters, none that the format forbids."""
    return INVALID_TITLE_REGEX.sub("_", text)[:31]


def written(book: Workbook, moment: datetime) -> bytes:
    """Return a workbook as a file that says to be of a moment; equal content is equal bytes."""
    content = io.BytesIO()
    book.save(content)
    return dated(content.getvalue(), moment)
