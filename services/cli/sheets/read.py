"""Reads a spreadsheet file into rows of cells, within bounds.

A file from outside may be anything: a zip bomb, a sheet with one cell at its far corner (dense in memory), a text in an
old encoding, an encrypted workbook. What is not a plain table of a sane size is refused before it is unpacked.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from services.cli.failure import Exit, Failure
from services.cli.sheets import archive
from services.cli.sheets.archive import MAX_COLUMNS, MAX_ROWS

MAX_FILE = 50 * 2**20
MAX_CELL = 32_767  # Excel's own limit
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")

Row = Sequence[object]


@dataclass(frozen=True)
class Sheet:
    """One table of a file: its name and its rows, the first row being line 1."""

    name: str
    rows: list[Row]


def read(path: Path) -> list[Sheet]:
    """Read every visible sheet of an .xlsx file, or the one table of a .csv file. Errors: Failure."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_FILE else b""
    except OSError as error:
        raise Failure(f"读不了文件 {path}:{error.strerror}", Exit.USAGE) from None
    if not data:
        raise Failure(f"文件 {path.name} " + (f"超过 {MAX_FILE >> 20} MB" if size else "是空的"), Exit.RULE)
    if data.startswith(b"PK"):
        return _workbook(data, path.name)
    if data.startswith(_OLE):
        raise Failure(
            f"{path.name} 是旧格式(.xls)或加密的工作簿", Exit.RULE, "请在表格软件中另存为不加密的 .xlsx 后重试"
        )
    if path.suffix.lower() not in {".csv", ".txt", ".tsv"}:
        raise Failure(f"{path.name} 不是 .xlsx 工作簿", Exit.RULE, "只读 .xlsx 和 .csv 文件")
    return [Sheet(path.stem, _table(data, path.name))]


def _workbook(data: bytes, name: str) -> list[Sheet]:
    try:
        archive.check(data, name)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
        return [
            Sheet(title, _bounded(book.get_sheet_by_name(title).to_python(skip_empty_area=False), name))
            for title in visible
        ]
    except PasswordError:
        raise Failure(f"{name} 设有密码", Exit.RULE, "请去掉密码后重试") from None
    except (archive.Broken, CalamineError, ValueError, OSError):
        raise Failure(f"{name} 不是完好的 .xlsx 工作簿", Exit.RULE, "请在表格软件中打开并另存为 .xlsx 后重试") from None


def _table(data: bytes, name: str) -> list[Row]:
    """Read CSV text: UTF-8 with or without mark, UTF-16 with mark, else GB18030 (which GBK and GB2312 are parts of)."""
    content = _decode(data, name)
    heading = content[: content.find("\n") if "\n" in content else len(content)]
    delimiter = max(",\t;", key=heading.count)
    csv.field_size_limit(MAX_CELL * 4)
    rows: list[Row] = []
    try:
        for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter):
            rows.append([_unquoted(cell) for cell in row])
            if len(rows) > MAX_ROWS:
                break
    except csv.Error:
        raise Failure(f"{name} 第 {len(rows) + 1} 行之后不是完好的 CSV") from None
    return _bounded(rows, name)


def _decode(data: bytes, name: str) -> str:
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Failure(f"{name} 的文字编码无法识别", Exit.RULE, "请另存为 UTF-8 的 CSV 或 .xlsx 后重试")


def _unquoted(cell: str) -> str:
    """Undo the mark with which an export keeps a spreadsheet program from running a text as a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell


def _bounded(rows: Sequence[Row], name: str) -> list[Row]:
    if len(rows) > MAX_ROWS or max((len(row) for row in rows[:1000]), default=0) > MAX_COLUMNS:
        raise archive.too_large(name)
    return list(rows)
