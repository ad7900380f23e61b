"""Files: templates come back as they went out, hostile and wrong ones are refused by name."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from services.cli import importing, kinds
from services.cli.failure import Failure
from services.cli.importing import Wish
from services.cli.sheets import archive, header, read, rows, write

MEDIATOR = kinds.get("mediator")
DISPUTE = kinds.get("dispute")
HEADINGS = ["司法所", "编号", "纠纷类型", "登记日期", "涉案金额(元)"]
VALUES = ["wuma", "2012-001", "劳动争议", "2012-03-05", "1,200.50"]


def _book(path: Path, *lines: list[object]) -> Path:
    book = Workbook()
    for line in lines:
        book.active.append(line)  # type: ignore[union-attr]
    book.save(path)
    return path


def _csv(path: Path, *lines: list[str], encoding: str = "utf-8") -> Path:
    stream = io.StringIO()
    csv.writer(stream).writerows(lines)
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize("kind", kinds.all_kinds().values(), ids=lambda kind: kind.name)
def test_a_template_comes_back_with_every_column_and_no_data(kind: kinds.Kind, suffix: str, tmp_path: Path) -> None:
    """Headings of a template are all known again, and its hints are no row."""
    path = tmp_path / f"t{suffix}"
    write.template(path, kind.zh, kind.columns)
    [sheet] = read.read(path)
    head = header.find(sheet.rows, kind.columns)
    assert kind.columns == list(head.columns)
    assert not list(rows.parse(sheet.rows, head, kind.columns, kind.row_class, {}))


def test_a_template_offers_the_choices(tmp_path: Path) -> None:
    """An enum column of a workbook has a list to choose from."""
    path = tmp_path / "t.xlsx"
    write.template(path, MEDIATOR.zh, MEDIATOR.columns)
    listed = load_workbook(path).worksheets[0].data_validations.dataValidation
    assert [c for c in MEDIATOR.columns if c.choices and not c.field.is_repeated].__len__() == len(listed)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_text_is_read_in_the_encodings_that_offices_use(encoding: str, tmp_path: Path) -> None:
    """The same rows come out of UTF-8, GBK and what Excel calls Unicode."""
    path = _csv(tmp_path / "t.csv", HEADINGS, VALUES, encoding=encoding)
    [row] = importing.load(path, DISPUTE, Wish())
    assert ("wuma", "2012-001", 120050, []) == (row.message.office, row.message.key, row.message.amount_fen, row.errors)  # type: ignore[attr-defined]


def test_titles_above_the_headings_are_skipped(tmp_path: Path) -> None:
    """An office's own sheet has a title; lines are numbered as the spreadsheet program shows them."""
    path = _book(tmp_path / "t.xlsx", ["五马街道2012年纠纷登记表"], [], HEADINGS, [], VALUES)
    assert [5] == [row.line for row in importing.load(path, DISPUTE, Wish())]


def test_a_sheet_headed_in_fen_holds_fen(tmp_path: Path) -> None:
    """The unit in the heading is the unit of the column."""
    path = _csv(tmp_path / "t.csv", [*HEADINGS[:4], "涉案金额(分)"], [*VALUES[:4], "1200"])
    assert 1200 == importing.load(path, DISPUTE, Wish())[0].message.amount_fen  # type: ignore[attr-defined]


def test_missing_and_unknown_headings_are_named(tmp_path: Path) -> None:
    """Whoever hands in a wrong sheet learns what is missing, what is too much, and what may have been meant."""
    path = _csv(tmp_path / "t.csv", ["司法所", "纠纷类别", "登记日期", "备注"], ["a", "b", "c", "d"])
    with pytest.raises(Failure) as refused:
        importing.load(path, DISPUTE, Wish())
    assert "缺少必填列:编号" in refused.value.advice
    assert "备注" in refused.value.advice
    assert "纠纷类型" in refused.value.advice


def test_unknown_columns_can_be_left_out(tmp_path: Path) -> None:
    """A remark of the office's own is no reason to retype a sheet."""
    path = _csv(tmp_path / "t.csv", [*HEADINGS, "备注"], [*VALUES, "x"])
    assert not importing.load(path, DISPUTE, Wish(skip_unknown=True))[0].errors


def test_a_sheet_of_another_kind_is_recognised(tmp_path: Path) -> None:
    """A sheet of mediators handed in as disputes is refused by its right name."""
    path = tmp_path / "t.xlsx"
    write.template(path, MEDIATOR.zh, MEDIATOR.columns)
    with pytest.raises(Failure, match="人民调解员"):
        importing.load(path, DISPUTE, Wish())


def test_an_office_given_by_option_needs_no_column(tmp_path: Path) -> None:
    """An office that imports its own sheet need not repeat its code in every row."""
    path = _csv(tmp_path / "t.csv", HEADINGS[1:], VALUES[1:])
    [row] = importing.load(path, DISPUTE, Wish(given={"office": "wuma"}))
    assert "wuma" == row.message.office  # type: ignore[attr-defined]


def test_names_of_offices_become_codes(tmp_path: Path) -> None:
    """Sheets name offices; records hold codes."""
    path = _csv(tmp_path / "t.csv", HEADINGS, ["五马司法所", *VALUES[1:]])
    [row] = importing.load(path, DISPUTE, Wish(codes={"office": {"五马司法所": "wuma"}}))
    assert "wuma" == row.message.office  # type: ignore[attr-defined]


def test_each_name_of_a_list_becomes_its_code(tmp_path: Path) -> None:
    """A cell holds one for each of several; one that nothing is known of stays, an empty one keeps its place."""
    headings = ["司法所", "编号", "案件来源", "案件类别", "援助事项", "受援人群体", "曾承办人·承办人"]
    cells = ["wuma", "A-1", "申请", "民事", "其他", "老年人、残疾人", "甲、;乙、丙"]
    [row] = importing.load(
        _csv(tmp_path / "t.csv", headings, cells),
        kinds.get("aid_case"),
        Wish(codes={"practitioner": {"甲": "practitioners/1", "乙": "practitioners/2"}}),
    )
    case: Any = row.message.aid_case  # type: ignore[attr-defined]
    handlers = [former.practitioner for former in case.former_handlers]
    assert ["practitioners/1", "", "practitioners/2", "丙"] == handlers
    assert [3, 2] == list(case.groups)


def test_zero_and_no_are_told_from_empty_cells(tmp_path: Path) -> None:
    """A cell that says 0 or 否 is named to the service, which keeps what an empty one leaves open."""
    path = _csv(tmp_path / "d.csv", [*HEADINGS, "涉及人数", "疑难纠纷"], [*VALUES[:4], "0", "", "否"])
    [row] = importing.load(path, DISPUTE, Wish())
    assert ["amount_fen", "difficult"] == list(row.message.cleared)  # type: ignore[attr-defined]


def test_every_bad_cell_of_a_row_is_reported(tmp_path: Path) -> None:
    """One look at the list of errors is enough to mend a row."""
    path = _csv(tmp_path / "t.csv", HEADINGS, ["wuma", "1", "没有的类型", "2012-02-30", "很多"])
    [row] = importing.load(path, DISPUTE, Wish())
    assert ["纠纷类型", "登记日期", "涉案金额(元)"] == [error.label for error in row.errors]


def test_a_number_used_twice_is_refused(tmp_path: Path) -> None:
    """Two rows of one number contradict each other."""
    path = _csv(tmp_path / "t.csv", HEADINGS, VALUES, VALUES)
    first, second = importing.load(path, DISPUTE, Wish())
    assert not first.errors
    assert "第 2 行" in second.errors[0].message


def test_numbers_too_large_for_their_field_are_errors_of_the_row(tmp_path: Path) -> None:
    """A number beyond the field is the row's error, not the program's."""
    path = _csv(tmp_path / "t.csv", ["司法所", "编号", "涉及人数"], ["wuma", "1", "99999999999"])
    assert importing.load(path, DISPUTE, Wish())[0].errors


def test_formulas_are_written_as_text_and_come_back(tmp_path: Path) -> None:
    """What a person typed never runs in another person's spreadsheet program."""
    evil = '=HYPERLINK("http://x","看")'
    for name in ("t.csv", "t.xlsx"):
        write.table(tmp_path / name, "t", ["司法所", "编号"], [[evil, "+1"]])
        assert [evil, "+1"] == list(read.read(tmp_path / name)[0].rows[1])
    assert (tmp_path / "t.csv").read_text("utf-8-sig").splitlines()[1].startswith("\"'=")
    cell = load_workbook(tmp_path / "t.xlsx").worksheets[0]["A2"]
    assert "s" == cell.data_type


def test_control_characters_do_not_break_an_export(tmp_path: Path) -> None:
    """A workbook cannot hold them; the rest of the text stays."""
    write.table(tmp_path / "t.xlsx", "t", ["a"], [["b\x00\x0bc"]])
    assert "bc" == read.read(tmp_path / "t.xlsx")[0].rows[1][0]


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive is measured by what comes out of it, while it comes out."""
    monkeypatch.setattr(archive, "MAX_UNPACKED", 4 * 2**20)
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"<x>" + b" " * (5 * 2**20))
    with pytest.raises(Failure, match="解压"):
        read.read(tmp_path / "t.xlsx")


@pytest.mark.parametrize("place", [(1_048_576, 1), (1, 16_384)])
def test_a_cell_at_the_far_corner_is_refused(place: tuple[int, int], tmp_path: Path) -> None:
    """One cell far out would make a table that fills the memory."""
    book = Workbook()
    book.active.cell(1, 1, "司法所")  # type: ignore[union-attr]
    book.active.cell(*place, "x")  # type: ignore[union-attr]
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(Failure, match="单元格"):
        read.read(tmp_path / "t.xlsx")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.xlsx", b"PK\x03\x04broken"), ("t.xlsx", b"<html>"), ("t.xls", bytes.fromhex("d0cf11e0a1b11ae1")),
        ("t.csv", b""), ("t.csv", b"\xff\xff\x80\x80"), ("t.pdf", b"%PDF"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(name: str, data: bytes, tmp_path: Path) -> None:
    """Whatever is handed in, the answer is a sentence."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Failure):
        importing.load(tmp_path / name, DISPUTE, Wish())


def test_a_missing_file_is_a_wrong_use(tmp_path: Path) -> None:
    """A file that is not there is the caller's mistake, exit code 2."""
    with pytest.raises(Failure) as refused:
        read.read(tmp_path / "none.xlsx")
    assert 2 == refused.value.code


def test_chunks_bound_rows_and_bytes(tmp_path: Path) -> None:
    """No request is longer than the service takes."""
    lines = [["wuma", str(number), "x" * 3000] for number in range(1200)]
    path = _csv(tmp_path / "t.csv", ["司法所", "编号", "纠纷简要情况"], *lines)
    parts = list(importing.chunks(importing.load(path, DISPUTE, Wish())))
    assert 1200 == sum(len(part) for part in parts)
    assert max(sum(row.message.ByteSize() for row in part) for part in parts) <= importing.CHUNK_BYTES
