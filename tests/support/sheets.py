"""Spreadsheets as people fill them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl


def fill(path: Path, lines: Sequence[Mapping[str, str]]) -> None:
    """Fill the lines of a template, by the labels of its columns, as a clerk would."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    for row, line in enumerate(lines, 3):
        for label, value in line.items():
            sheet.cell(row=row, column=columns[label], value=value)
    book.save(path)
