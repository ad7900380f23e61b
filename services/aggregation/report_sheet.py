"""Sheets of a report: how its cells look, and rows of values that are written quickly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import ceil
from types import MappingProxyType
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from services.chassis.workbooks import put, sheet_name

Value = str | int | float | Decimal | None
_FACE = "宋体"
_SIZE, _LINE_HEIGHT = 10, 14
_LINE = Side(style="thin", color="BFBFBF")
_GRID = {"border": Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE), "font": Font(name=_FACE, size=_SIZE)}


def _fill(color: str) -> PatternFill:
    return PatternFill("solid", fgColor=color)


def _font(size: int = _SIZE, *, bold: bool = False, color: str | None = None) -> Font:
    return Font(name=_FACE, size=size, bold=bold, color=color)


def _align(side: str, *, wrapped: bool = False) -> Alignment:
    return Alignment(vertical="center", horizontal=side, wrap_text=wrapped, indent=0 if side == "center" else 1)


_TEXT = {**_GRID, "alignment": _align("left", wrapped=True)}
_NUMBER = {**_GRID, "alignment": _align("right")}
LOOKS: Mapping[str, Mapping[str, Any]] = MappingProxyType({
    "title": {"font": _font(16, bold=True)},
    "subtitle": {"font": _font(12)},
    "alarm": {"font": _font(12, bold=True, color="C00000")},
    "note": {"font": _font(color="595959")},
    "open": {"font": _font(), "alignment": _align("left")},
    "head": {
        **_GRID, "font": _font(bold=True), "fill": _fill("D9E1F2"), "alignment": _align("center", wrapped=True)
    },
    "text": _TEXT,
    "strong": {**_TEXT, "font": _font(bold=True)},
    "code": {**_TEXT, "font": _font(8, color="7F7F7F")},
    "number": _NUMBER,
    "green": {**_TEXT, "fill": _fill("E2EFDA")},
    "amber": {**_TEXT, "fill": _fill("FFF2CC")},
    "red": {**_TEXT, "fill": _fill("F8CBAD")},
})  # fmt: skip


class Column(NamedTuple):
    """A column of a table: its heading and how wide it is, in characters."""

    zh: str
    width: int


class Styled(NamedTuple):
    """What a cell holds, and how it looks: a name of LOOKS and a number format."""

    value: Value
    look: str = "text"
    form: str = ""


def _lines(cell: Styled, width: int) -> int:
    """Return how many lines a cell takes: Chinese characters are twice as wide as others."""
    if not isinstance(cell.value, str) or "border" not in LOOKS[cell.look]:
        return 1
    size: float = LOOKS[cell.look]["font"].size / _SIZE
    return max(1, ceil(len(cell.value.encode("gb18030", "replace")) * size / (width - 2)))


class Sheet:
    """A sheet that is printed across an A4 page, its table headed on every page."""

    def __init__(self, book: Workbook, name: str, widths: Iterable[int]) -> None:
        self._sheet: Any = book.create_sheet(sheet_name(name))
        self._widths = tuple(widths)
        for number, width in enumerate(self._widths, 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = width
        self._sheet.page_setup.orientation = "landscape"
        self._sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
        self._sheet.page_setup.fitToHeight = 0
        self._sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self._row = 0
        # A row is written when it is added: its cells can be those of the row before, with other values.
        self._cells: dict[tuple[int, str, str], Any] = {}

    def freeze(self, columns: int, row: int) -> None:
        """Keep in sight so many columns and what is above a row's end; before anything is written."""
        self._sheet.freeze_panes = f"{get_column_letter(columns + 1)}{row + 1}"
        self._sheet.print_title_rows = f"{row}:{row}"

    def line(self, text: str = "", look: str = "open") -> None:
        """Add a line outside of tables."""
        self.row([Styled(text, look)])

    def head(self, columns: Iterable[str]) -> None:
        """Add the heading of a table."""
        self.row([Styled(zh, "head") for zh in columns])

    def row(self, cells: Sequence[Styled]) -> None:
        """Add a row, as high as its longest text needs: not every program sees to that itself."""
        self._row += 1
        lines = max((_lines(cell, width) for cell, width in zip(cells, self._widths, strict=False)), default=1)
        if lines > 1:
            self._sheet.row_dimensions[self._row].height = lines * _LINE_HEIGHT
        self._sheet.append([self._cell(place, cell) for place, cell in enumerate(cells)])

    def filtered(self, columns: int, head: int) -> None:
        """Let people choose rows of the table below a heading; once it is written."""
        self._sheet.auto_filter.ref = f"A{head}:{get_column_letter(columns)}{max(self._row, head)}"

    def _cell(self, place: int, wanted: Styled) -> Any:
        key = (place, wanted.look, wanted.form)
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = WriteOnlyCell(self._sheet)
            for name, style in LOOKS[wanted.look].items():
                setattr(cell, name, style)
            if wanted.form:
                cell.number_format = wanted.form
        return put(cell, wanted.value)
