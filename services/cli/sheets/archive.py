"""Measures a workbook before it is opened: what its parts unpack to, and how large the tables are that they describe.

A reader of workbooks lays out every cell from the first to the furthest, and writes a shared text out wherever it is
used: so a file of two kilobytes can fill any memory. What counts is what a part says, not what it is called; it is
read here by a parser that keeps to XML, and what this one cannot read the other does not get. Declarations of types
(DTD), in which entities and references to other files hide, have no place in a workbook.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from xml.parsers import expat

from services.cli.failure import Exit, Failure

MAX_UNPACKED = 500 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 702  # the last column of two letters, ZZ
#: Cells of a table, empty ones between filled ones too: 200,000 rows of 40 columns.
MAX_CELLS = 8_000_000
#: Characters of all cells' texts together, each written out wherever it is used.
MAX_TEXT = 200_000_000
_CHUNK = 1 << 20
_PLACE = re.compile(r"([A-Za-z]{1,3})([1-9]\d{0,6})")
#: What a table stands in. A part that has it, or is called XML, and cannot be read is no picture.
_TABLE = "sheetData"
#: What makes another kind of file of an archive, one that the reader of workbooks would read and this does not measure.
_OTHER = {"content.xml", "xl/workbook.bin"}


class Broken(Exception):  # noqa: N818 (reads as what the file is)
    """The file is no workbook, or not a whole one."""


def check(data: bytes, name: str) -> None:
    """Refuse what unpacks, or would be laid out, to too much, and what declares types. Errors: Failure, Broken."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if any(entry.lower().replace("\\", "/") in _OTHER for entry in archive.namelist()):
                raise Broken
            tables, unpacked = _Tables(name), 0
            for entry in archive.infolist():
                # The size that the archive states is the sender's word; what counts is what comes out.
                for chunk in _part(archive, entry, tables):
                    unpacked += len(chunk)
                    if unpacked > MAX_UNPACKED:
                        raise Failure(f"{name} 解压后超过 {MAX_UNPACKED >> 20} MB,拒绝读取")
            tables.check_texts()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, expat.ExpatError) as error:
        raise Broken from error


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, tables: _Tables) -> Iterator[bytes]:
    """Give the content of a part, after having had the tables read it for as long as it is XML."""
    parser: expat.XMLParserType | None = tables.parser()
    xml, tail = entry.filename.lower().endswith((".xml", ".rels")), b""
    with archive.open(entry) as stream:
        while True:
            chunk = stream.read(_CHUNK)
            yield chunk
            try:
                if parser is not None:
                    parser.Parse(chunk, not chunk)
            except expat.ExpatError:
                if (xml and tail + chunk) or tables.begun:
                    raise
                parser = None  # a picture, a macro, nothing at all
            if parser is None and _TABLE.encode() in tail + chunk:
                raise Broken
            if not chunk:
                return
            tail = chunk[-len(_TABLE) :]


class _Tables:
    """What the parts of a workbook that were read describe so far."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._cells = 0  # filled ones
        self._area = 0
        self._lengths, self._uses = array("Q"), array("Q")  # of shared texts
        self._begin()

    def parser(self) -> expat.XMLParserType:
        """Return what reads the next part."""
        self._begin()
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._declared
        return self._parser

    def check_texts(self) -> None:
        """Refuse texts that are used so often that they fill the memory. Errors: Failure."""
        if sum(length * uses for length, uses in zip(self._lengths, self._uses, strict=False)) > MAX_TEXT:
            raise Failure(f"{self._name} 的文字合计超过 {MAX_TEXT // 10_000} 万字,拒绝读取", Exit.RULE)

    def _begin(self) -> None:
        self._row = self._column = self._rows = self._columns = 0
        self.begun = self._shared = False
        self._said: list[str] = []

    def _declared(self, *_: object) -> None:
        raise Failure(
            f"{self._name} 含有文档类型声明(DTD),拒绝读取",
            Exit.RULE,
            "请在表格软件中打开并另存为 .xlsx 后重试",
        )

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = name if ":" not in name else name.rpartition(":")[2]
        if tag == "c":
            self._place(attributes.get("r", ""))
            self._shared = attributes.get("t") == "s"
        elif tag in {"v", "is"}:
            self._fill()
            if self._shared:
                self._listen()
        elif tag == "row":
            self._row, self._column = int(attributes.get("r") or self._row + 1), 0
        elif tag == "si":
            self._listen()
        elif tag == _TABLE:
            self.begun = True

    def _listen(self) -> None:
        """Have the texts up to the end of the element told; of most elements nobody wants to know, and each costs."""
        self._said = []
        self._parser.CharacterDataHandler, self._parser.EndElementHandler = self._said.append, self._end

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag not in {"v", "is", "si"}:
            return
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
        if tag == "si":
            self._lengths.append(sum(map(len, self._said)))
        elif tag == "v" and (index := "".join(self._said)):  # else the cell is empty
            self._use(int(index))

    def _place(self, reference: str) -> None:
        """Take a cell's place as it says, else beside the one before it."""
        if not reference:
            self._column += 1
            return
        found = _PLACE.fullmatch(reference)
        if found is None:
            raise Broken
        letters, row = found.groups()
        self._row, self._column = int(row), _column(letters.upper())

    def _fill(self) -> None:
        self._cells += 1
        if self._row > self._rows or self._column > self._columns or self._cells > MAX_CELLS:
            self._grow()

    def _grow(self) -> None:
        before = self._rows * self._columns
        self._rows, self._columns = max(self._rows, self._row), max(self._columns, self._column)
        self._area += self._rows * self._columns - before
        if self._rows > MAX_ROWS or self._columns > MAX_COLUMNS or max(self._area, self._cells) > MAX_CELLS:
            raise too_large(self._name)

    def _use(self, index: int) -> None:
        if not 0 <= index < MAX_CELLS:
            raise Broken
        if index >= len(self._uses):
            self._uses.extend([0] * (index + 1 - len(self._uses)))
        self._uses[index] += 1


@cache
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def too_large(name: str) -> Failure:
    """Return the refusal of a table that is too large."""
    return Failure(
        f"{name} 超过 {MAX_ROWS} 行、{MAX_COLUMNS} 列或 {MAX_CELLS // 10_000} 万个单元格",
        Exit.RULE,
        "请分成几个文件,或删去表格边缘的空白行列后另存",
    )
