"""Workbooks that are made to fill a memory or to reach for other files are refused before they are opened."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from services.cli.failure import Failure
from services.cli.sheets import read

pytestmark = pytest.mark.timeout(20)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET, STRINGS, RELATIONS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"
#: What a text in a cell would be replaced with by a parser that follows references.
_FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
_REMOTE = '<!DOCTYPE x SYSTEM "http://x.example/x.dtd">'
_LAUGHS = f'<!DOCTYPE x [<!ENTITY b "{"x" * 1000}"><!ENTITY a "{"&b;" * 1000}">]>'


def sheet(*cells: str) -> str:
    """Return a sheet of cells as they are given."""
    rows = "".join(f"<row>{cell}</row>" for cell in cells)
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def cell(place: str, text: str = "x") -> str:
    """Return a filled cell."""
    return f'<c r="{place}" t="str"><v>{text}</v></c>'


def write(path: Path, parts: Mapping[str, str | bytes], place: str = "worksheets/sheet1.xml") -> Path:
    """Write a workbook of one sheet at a place of the archive, with some of its parts as they are given."""
    plain = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" '
                       f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
                           '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        RELATIONS: f'<Relationships xmlns="{_PACKAGE}/relationships">'
                   f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="{place}"/></Relationships>',
        STRINGS: f'<sst xmlns="{_MAIN}"><si><t>a</t></si></sst>',
        f"xl/{place}": sheet(cell("A1"), cell("B2")),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (plain | dict(parts)).items():
            made.writestr(name, content)
    return path


def test_a_plain_workbook_is_read(tmp_path: Path) -> None:
    """What the tests below spoil is sound before they do."""
    [found] = read.read(write(tmp_path / "t.xlsx", {}))
    assert [["x", ""], ["", "x"]] == found.rows


def test_what_says_nothing_spoils_nothing(tmp_path: Path) -> None:
    """A text that is not there, and a part without content, are no reason to refuse a workbook."""
    parts = {SHEET: sheet('<c r="A1" t="s"><v/></c>', cell("B2")), "customXml/item1.xml": ""}
    [found] = read.read(write(tmp_path / "t.xlsx", parts))
    assert [["", ""], ["", "x"]] == found.rows


@pytest.mark.parametrize(
    "declared", [_FILE, _REMOTE, _LAUGHS, "<!DOCTYPE x>"], ids=["file", "remote", "laughs", "bare"]
)
@pytest.mark.parametrize(
    "part", [SHEET, STRINGS, RELATIONS, "xl/workbook.xml", "[Content_Types].xml", "docProps/a.xml"]
)
def test_a_declaration_of_types_is_refused_in_any_part(part: str, declared: str, tmp_path: Path) -> None:
    """Entities that reach for a file, for an address or multiply themselves do not get as far as being looked up."""
    body = sheet(cell("A1", "&a;")) if declared in {_FILE, _LAUGHS} else "<x/>"
    with pytest.raises(Failure, match="DTD"):
        read.read(write(tmp_path / "t.xlsx", {part: f'<?xml version="1.0"?>{declared}{body}'}))


def test_a_declaration_hides_in_no_encoding(tmp_path: Path) -> None:
    """A part in UTF-16 is read as what it is."""
    hidden = f'<?xml version="1.0" encoding="UTF-16"?>{_FILE}{sheet(cell("A1", "&a;"))}'.encode("utf-16")
    with pytest.raises(Failure, match="DTD"):
        read.read(write(tmp_path / "t.xlsx", {SHEET: hidden}))


FAR: Mapping[str, str] = {
    "a corner": cell("XFD1048576"),
    "the largest table that there may be, but for one cell": cell("ZZ200000"),
    "in other quotes": cell("XFD1048576").replace('r="XFD1048576"', "r='XFD1048576'"),
    "by another prefix": f'<y:c xmlns:y="{_MAIN}" r="XFD1048576"><y:v>1</y:v></y:c>',
    "spelt in references": cell("&#88;FD1048576"),
    "behind much else": f'<c s="{"1" * 400}" r="XFD1048576"><v>1</v></c>',
    "by rows alone": '<row r="1048576"><c><v>1</v></c></row>',
    "by counting": "<c/>" * 800 + "<c><v>1</v></c>",
    "inline": '<c r="XFD1" t="inlineStr"><is><t>1</t></is></c>',
}


@pytest.mark.parametrize("far", FAR)
@pytest.mark.parametrize("place", ["worksheets/sheet1.xml", "elsewhere/s.xml", "media/picture.png", "vba.bin"])
def test_two_cells_make_no_large_table(far: str, place: str, tmp_path: Path) -> None:
    """However a cell says that it is far out, and wherever the sheet lies: what would be laid out is refused."""
    path = write(tmp_path / "t.xlsx", {f"xl/{place}": sheet(cell("A1"), FAR[far])}, place)
    assert path.stat().st_size < 4000
    with pytest.raises(Failure, match="单元格"):
        read.read(path)


def test_one_text_is_not_written_out_for_ever(tmp_path: Path) -> None:
    """A long text that every cell refers to counts as often as it is used."""
    uses = "".join(f'<row><c r="A{line}" t="s"><v>0</v></c></row>' for line in range(1, 10_001))
    parts = {
        STRINGS: f'<sst xmlns="{_MAIN}"><si><r><t>{"x" * 16_000}</t></r><r><t>{"y" * 16_000}</t></r></si></sst>',
        SHEET: f'<worksheet xmlns="{_MAIN}"><sheetData>{uses}</sheetData></worksheet>',
    }
    with pytest.raises(Failure, match="万字"):
        read.read(write(tmp_path / "t.xlsx", parts))


@pytest.mark.parametrize(
    "parts",
    [
        {"content.xml": "<x/>"},  # an OpenDocument, whose cells may say how often they are repeated
        {"XL\\workbook.bin": b"x"},
        {SHEET: "<worksheet><sheetData><row><c r='A1'><v>1</v>"},
        {SHEET: sheet("<c r='A0'><v>1</v></c>")},
        {SHEET: sheet("<c r='A1' t='s'><v>99999999999</v></c>")},
        {SHEET: "\x01" + sheet(cell("A1"))},
        {"xl/other.bin": b"\x01" + sheet(cell("A1")).encode()},
        {"xl/other.bin": sheet(cell("A1")).encode() + b"<"},
        {SHEET: '<?xml version="1.0" encoding="UTF-7"?>' + sheet(cell("A1"))},
    ],
)
def test_what_one_parser_takes_and_another_does_not_is_refused(
    parts: Mapping[str, str | bytes], tmp_path: Path
) -> None:
    """What cannot be measured is not opened."""
    with pytest.raises(Failure, match="完好"):
        read.read(write(tmp_path / "t.xlsx", parts))


def test_pictures_and_macros_are_no_harm(tmp_path: Path) -> None:
    """What is no XML is left alone."""
    parts = {
        "xl/media/a.png": b"\x89PNG\r\n\x1a\n" + bytes(3000),
        "xl/vbaProject.bin": bytes(range(256)) * 20,
        "xl/e.bin": b"",
    }
    assert 1 == len(read.read(write(tmp_path / "t.xlsx", parts)))


def test_archives_within_archives_are_not_opened(tmp_path: Path) -> None:
    """A bomb in a part that nobody unpacks does nothing; what comes out of the parts themselves is counted."""
    write(tmp_path / "inner.xlsx", {SHEET: b"0" * 700})
    parts = {"xl/embeddings/a.xlsx": (tmp_path / "inner.xlsx").read_bytes()}
    assert 1 == len(read.read(write(tmp_path / "t.xlsx", parts)))


def test_a_document_is_no_table(tmp_path: Path) -> None:
    """A text document is refused as what it is not."""
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as made:
        made.writestr("word/document.xml", "<w/>")
    with pytest.raises(Failure, match="完好"):
        read.read(tmp_path / "t.xlsx")
