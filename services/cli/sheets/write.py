"""Writes tables and templates as .xlsx or .csv that no spreadsheet program runs as formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from services.chassis.workbooks import data_cell, sheet_name
from services.cli.failure import Exit, Failure
from services.cli.sheets import labels
from services.cli.sheets.columns import Column
from services.cli.sheets.comma import csv_writer

_LISTS = "选项"
_TEMPLATE_ROWS = 5000
_WIDTH_MAX = 40


def template(path: Path, title: str, columns: Sequence[Column]) -> None:
    """Write an empty sheet: headings, hints below them and, in .xlsx, lists to choose from."""
    headings, hints = [column.label for column in columns], [column.hint for column in columns]
    if _suffix(path) == ".csv":
        table(path, title, headings, [hints])
        return
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = sheet_name(title)
    sheet.append(headings)
    sheet.append(hints)
    for index, column in enumerate(columns, 1):
        _dress(sheet, index, column)
    sheet.freeze_panes = "A3"
    _choices(book, sheet, columns)
    book.save(path)


def table(path: Path, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write headings and rows; returns the number of rows."""
    written = Table(path, title, headings)
    for row in rows:
        written.append(row)
    written.close()
    return written.rows


class Table:
    """A file that rows are written to as they come: none of them is kept in memory. It is complete once it is closed.

    Errors: Failure when the name of the file tells of no format that is written here.
    """

    def __init__(self, path: Path, title: str, headings: Sequence[str]) -> None:
        """Begin with the headings."""
        self.rows = 0
        if _suffix(path) == ".csv":
            stream = path.open("w", encoding="utf-8-sig", newline="")
            self._write, self._end = csv_writer(stream, headings), stream.close
            return
        book = Workbook(write_only=True)
        sheet = book.create_sheet(sheet_name(title))
        sheet.append(list(headings))
        self._write = lambda row: sheet.append([data_cell(sheet, value) for value in row])
        self._end = lambda: book.save(path)

    def append(self, row: Sequence[Any]) -> None:
        """Write a row."""
        self._write(row)
        self.rows += 1

    def close(self) -> None:
        """Complete the file."""
        self._end()


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in {".xlsx", ".csv"}:
        raise Failure(f"不会写 {suffix or '没有后缀的'} 文件", Exit.USAGE, "文件名请以 .xlsx 或 .csv 结尾")
    return suffix


def _dress(sheet: Worksheet, index: int, column: Column) -> None:
    heading, hint = sheet.cell(1, index), sheet.cell(2, index)
    heading.font = Font(bold=True)
    heading.fill = PatternFill("solid", fgColor="FFF2CC" if column.required else "EDEDED")
    hint.font = Font(italic=True, color="808080")
    hint.alignment = Alignment(wrap_text=True, vertical="top")
    letter = get_column_letter(index)
    sheet.column_dimensions[letter].width = min(_WIDTH_MAX, max(12, 2 * len(column.label) + 4))
    if column.field.type == column.field.TYPE_STRING:
        # Long numbers of papers would lose their last digits in a numeric column.
        sheet.column_dimensions[letter].number_format = "@"
    if labels.is_message(column.field, labels.DATE):
        sheet.column_dimensions[letter].number_format = "yyyy-mm-dd"


def _choices(book: Workbook, sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Give enum and yes/no columns a list to choose from, kept on a hidden sheet (a formula holds 255 characters)."""
    lists = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    for index, column in enumerate(columns, 1):
        if not column.choices or column.field.is_repeated:
            continue
        letter = get_column_letter(index)
        for line, choice in enumerate(column.choices, 1):
            lists.cell(line, index, choice)
        rule = DataValidation(
            type="list", formula1=f"{_LISTS}!${letter}$1:${letter}${len(column.choices)}", allow_blank=True
        )
        rule.error, rule.errorTitle = "请从列表中选择", column.label[:32]
        sheet.add_data_validation(rule)
        rule.add(f"{letter}3:{letter}{_TEMPLATE_ROWS}")
