"""Cells: every usual spelling is read, everything else is refused with what is expected."""

from __future__ import annotations

import datetime as dt

import pytest
from geju.mediation.v1 import dispute_service_pb2
from hypothesis import given
from hypothesis import strategies as st

from services.cli.sheets import cells, labels
from services.cli.sheets.cells import CellError

ROW = dispute_service_pb2.DisputeImportRow.DESCRIPTOR.fields_by_name


@pytest.mark.parametrize(
    "cell",
    [
        "2012-03-05", "2012/3/5", "2012.3.5", "2012年3月5日", " 2012-03-05 ", "20120305", 20120305.0,
        "２０１２年３月５日",
        dt.date(2012, 3, 5), dt.datetime(2012, 3, 5, 8, 30), 40973.0,  # noqa: DTZ001
    ],
)  # fmt: skip
def test_dates_are_read_in_every_usual_spelling(cell: object) -> None:
    """A date is the same date however an office writes it."""
    assert dt.date(2012, 3, 5) == cells.to_date(cell)


@pytest.mark.parametrize("cell", ["12-03-05", "2012-02-30", "2012年3月", "明天", "2012-13-01", "1", True])
def test_what_is_no_date_is_refused(cell: object) -> None:
    """A doubtful date is never guessed."""
    with pytest.raises(CellError):
        cells.to_date(cell)


@given(st.dates(min_value=dt.date(1900, 1, 1)))
def test_every_date_survives_being_written(day: dt.date) -> None:
    """A date that was shown is read back as itself."""
    assert day == cells.to_date(cells.text(day))


@pytest.mark.parametrize(
    ("cell", "fen"),
    [("1200.50", 120050), ("1,200", 120000), ("¥3000元", 300000), ("2.5万元", 2500000), ("120", 12000), (0.1, 10)],
)  # fmt: skip
def test_amounts_are_written_in_yuan(cell: object, fen: int) -> None:
    """Yuan become exact fen."""
    assert fen == cells.to_fen(cell)


@pytest.mark.parametrize("cell", ["1.234", "一百", "", "nan", "1e400", "inf"])
def test_what_is_no_amount_is_refused(cell: object) -> None:
    """An amount has at most two decimals and is a number."""
    with pytest.raises(CellError):
        cells.to_fen(cell)


def test_a_number_that_lost_digits_is_refused() -> None:
    """An identity number kept as floating point has lost its end and must not be taken for whole."""
    with pytest.raises(CellError, match="文本格式"):
        cells.text(11010119900101100000.0)


@pytest.mark.parametrize(("cell", "expected"), [("是", True), ("否", False), ("√", True), (True, True), (0.0, False)])
def test_yes_and_no(cell: object, expected: bool) -> None:  # noqa: FBT001 - the case itself
    """Yes and no are read in the spellings that offices use."""
    assert expected is cells.to_bool(cell)


def test_enums_are_read_by_label_and_code() -> None:
    """Every value of every enum of the dispute row is found by its label and by its code."""
    for field in ROW.values():
        if field.enum_type is not None:
            for value in field.enum_type.values:
                if value.number:
                    assert value.number == cells.to_enum(labels.value_label(value), field.enum_type)
                    assert value.number == cells.to_enum(labels.value_code(value).upper(), field.enum_type)


def test_an_unknown_enum_value_lists_the_choices() -> None:
    """Whoever writes a wrong value is told the right ones, not shown what they wrote."""
    with pytest.raises(CellError) as refused:
        cells.to_enum("街头斗殴张某某", labels.enum_of(ROW["agreement_form"]))
    assert "书面" in str(refused.value)
    assert "张某某" not in str(refused.value)


def test_instants_are_shanghai_time() -> None:
    """A time of day is Shanghai's and is kept in UTC."""
    assert dt.datetime(2012, 3, 5, 6, 30, tzinfo=dt.UTC) == cells.to_instant("2012-03-05 14:30")


def test_lists_are_parted_by_ideographic_commas_and_semicolons() -> None:
    """A comma within an element does not part it."""
    assert ["a,b", "c", "d", "e"] == cells.parts("a,b、c;d; e")


@pytest.mark.parametrize(
    "elements",
    [
        ["身份证、收入证明"],
        ["a;b", "", "c"],
        ['他说"好', '"好"', '好、"坏"'],
        ["", ""],
        ["一行\n二行", "甲"],
        ['"'],
        ["甲"],
    ],
)
def test_an_element_may_hold_what_parts_a_list(elements: list[str]) -> None:
    """It is written in quotes then, and comes back as it was."""
    assert elements == cells.places(cells.joined(elements))


def test_quotes_within_an_element_are_its_own() -> None:
    """Only one that is quoted as a whole is taken out of its quotes; one that is never closed parts as any other."""
    assert ['"甲"公司', "乙", '"丙', "丁"] == cells.parts('"甲"公司、乙;"丙、丁')
