"""Reads a spreadsheet file into rows of cells, within bounds.

A file from outside may be anything: a zip bomb, a sheet with one cell at its far corner (dense in memory), a text in an
old encoding, an encrypted workbook. What is not a plain table of a sane size is refused before it is unpacked.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from services.cli.failure import Exit, Failure

MAX_FILE = 50 * 2**20
MAX_UNPACKED = 500 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 702  # the last column of two letters, ZZ
MAX_CELL = 32_767  # Excel's own limit
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CHUNK = 1 << 20
# A filled cell in a column of three letters or in a row above MAX_ROWS.
_FAR_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="(?:[A-Z]{3,}\d+|[A-Z]+(?:\d{7,}|[2-9]\d{5}))"[^>]*(?<!/)>')

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
    _check_archive(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
        return [
            Sheet(title, _bounded(book.get_sheet_by_name(title).to_python(skip_empty_area=False), name))
            for title in visible
        ]
    except PasswordError:
        raise Failure(f"{name} 设有密码", Exit.RULE, "请去掉密码后重试") from None
    except (CalamineError, ValueError, OSError):
        raise Failure(f"{name} 不是完好的 .xlsx 工作簿", Exit.RULE, "请在表格软件中打开并另存为 .xlsx 后重试") from None


def _check_archive(data: bytes, name: str) -> None:
    """Refuse an archive that unpacks to too much or holds a cell so far out that the table would fill the memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = 0
            for entry in archive.infolist():
                far = entry.filename.startswith("xl/worksheets/")
                # The size that the archive states is the sender's word; what counts is what comes out.
                unpacked += _measure(archive, entry, name, MAX_UNPACKED - unpacked, search=far)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise Failure(f"{name} 不是完好的 .xlsx 工作簿", Exit.RULE, "请在表格软件中打开并另存为 .xlsx 后重试") from None


def _measure(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, allowed: int, *, search: bool) -> int:
    size, tail = 0, b""
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > allowed:
                raise Failure(f"{name} 解压后超过 {MAX_UNPACKED >> 20} MB,拒绝读取")
            if search and _FAR_CELL.search(tail + chunk):
                raise Failure(
                    f"{name} 超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列",
                    Exit.RULE,
                    "请分成几个文件,或删去表格边缘的空白行列后另存",
                )
            tail = chunk[-256:]
    return size


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
        raise Failure(f"{name} 超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列", Exit.RULE, "请分成几个文件")
    return list(rows)
