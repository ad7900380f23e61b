"""The size of the demonstration: one number scales it, in parts that a store can hold beside one another."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from geju.mediation.v1 import dispute_service_pb2

from services.chassis import profile_file
from services.chassis.checks import check_record
from services.chassis.domain.dates import from_date
from services.chassis.domain.rules import Rules
from services.cli.kinds import get
from services.cli.sheets import read
from services.demo import DISTRICT, FIRST_YEAR, SCALES, TODAY, Amount, Part, scaled
from services.demo.generate import rows_of
from services.demo.rows import Rows
from services.demo.sheets import Sheet, written

PROFILE = profile_file.load(Path("deploy/districts/lucheng"))
RULES = Rules(PROFILE, dt.datetime.combine(TODAY, dt.time(4), dt.UTC))
SEED, SPAN, PARTS = 2008, (FIRST_YEAR, TODAY), 3
FEW = Amount(disputes=60, persons=12, practitioners=40, cases=40, consultations=240, activities=20)
OWN = {"id_number", "licence_number"}


@cache
def _part(number: int) -> list[Rows]:
    return list(rows_of(PROFILE, FEW, SEED, SPAN, Part(number, PARTS)))


def _records(number: int) -> Iterator[tuple[str, Any]]:
    """Give the records of a part with their kinds; a flat row stands for its record."""
    for rows in _part(number):
        field = get(rows.kind).record.name
        snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in field).lstrip("_")
        for row in rows.rows:
            known = row.DESCRIPTOR.fields_by_name
            yield rows.kind, getattr(row, snake) if snake in known else row


def _numbers(number: int) -> set[tuple[str, str, str]]:
    """Return what no two records may share: numbers in their offices, papers anywhere."""
    found = set()
    for kind, record in _records(number):
        fields = {field.name: value for field, value in record.ListFields()}
        if "key" in fields:
            found.add((kind, record.office, record.key))
        found.update((name, "", fields[name]) for name in OWN & set(fields))
    return found


def _told(number: int, kinds: set[str], name: str) -> set[str]:
    """Return what the records of kinds say in a field."""
    return {getattr(record, name) for kind, record in _records(number) if kind in kinds} - {""}


def test_a_name_or_a_number_scales_every_amount() -> None:
    """A street is a twentieth, a city ten districts; what is given for itself is not scaled; nothing is scaled away."""
    assert scaled(1) == DISTRICT
    assert scaled(SCALES["street"]) == Amount(60, 5, 30, 30, 750, 20)
    assert scaled(SCALES["city"], persons=7) == Amount(12_000, 7, 6_000, 6_000, 150_000, 4_000)
    assert scaled(0.001).persons == 1


@pytest.mark.parametrize(("size", "parts"), [("street", 1), ("district", 1), ("city", 10), ("province", 100)])
def test_no_part_is_larger_than_a_district(size: str, parts: int) -> None:
    """The parts add up to the whole, however it divides."""
    amount = scaled(SCALES[size] * 0.999)
    assert parts == amount.parts
    shares = [amount.part(Part(number, parts)) for number in range(1, parts + 1)]
    for name in ("disputes", "persons", "practitioners", "cases", "consultations", "activities"):
        of_parts = [getattr(share, name) for share in shares]
        assert getattr(amount, name) == sum(of_parts)
        assert max(of_parts) <= getattr(DISTRICT, name)


def test_the_first_part_is_the_story_that_is_told_alone() -> None:
    """More parts change nothing of what the first one tells, but for the plans, which are for all parts."""
    alone = list(rows_of(PROFILE, FEW, SEED, SPAN))
    assert [rows.name for rows in alone] == [rows.name for rows in _part(1)]
    assert {"year_plan"} == {
        mine.name for mine, other in zip(alone, _part(1), strict=True) if list(mine.rows) != list(other.rows)
    }


def test_no_two_parts_share_a_number() -> None:
    """What one part tells of is never taken for what another told of."""
    first, second, third = (_numbers(number) for number in (1, 2, 3))
    assert (set(), set(), set()) == (first & second, first & third, second & third)
    assert len(second) > 1000


def test_later_parts_have_no_register_of_offices_and_villages() -> None:
    """There is one committee in a village, one station, one plan a year; funds come with every part."""
    names = [{rows.kind for rows in _part(number)} for number in (1, 2)]
    assert names[1] < names[0]
    assert {"committee", "mediator", "station", "facility", "school", "screening", "year_plan", "counsel_contract"} < (
        names[0] - names[1]
    )
    assert {"dispute", "supervised_person", "practitioner", "aid_case", "activity", "fund_entry"} <= names[1]


def test_later_parts_refer_to_their_own_persons_and_to_the_registers_of_the_first() -> None:
    """Nothing refers to what is not there."""
    persons = {key for kind, _, key in _numbers(2) if kind in {"supervised_person", "released_person"}}
    assert _told(2, {"duty", "leave", "measure", "released_visit", "placement", "base_stay"}, "person") <= persons
    licences = _told(2, {"practitioner"}, "licence_number")
    assert _told(2, {"aid_case", "training", "yearly_assessment", "complaint"}, "practitioner") <= licences
    named = {key for kind, record in _records(2) if kind == "activity" for key in record.facilities}
    assert named
    assert named <= {key for kind, _, key in _numbers(1) if kind == "facility"}
    bases = {key for kind, _, key in _numbers(1) if kind == "resettlement_base"}
    assert _told(2, {"base_stay"}, "base") <= bases


def test_every_record_of_a_later_part_keeps_to_the_contract() -> None:
    """Its numbers are longer, and still short enough."""
    for kind, record in _records(2):
        if record.DESCRIPTOR.full_name == get(kind).record.full_name:
            check_record(record, None, RULES)


def _disputes(first: int, count: int, *, closed: bool = False) -> Rows:
    rows = []
    for number in range(first, first + count):
        row = dispute_service_pb2.DisputeImportRow(office="wuma", key=f"k{number}")
        if closed:
            row.closed_date.CopyFrom(from_date(TODAY))
        rows.append(row)
    return Rows("dispute", "dispute-wuma", rows)


def _keys(sheet: Sheet) -> list[Any]:
    [table] = read.read(sheet.path)
    head = list(table.rows[0])
    return [line[head.index("编号")] for line in table.rows[1:]]


def test_a_sheet_grows_from_part_to_part_and_ends_before_it_gets_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row is lost, none is written twice, and the files come in the order of their rows."""
    monkeypatch.setattr("services.demo.sheets.MOST_ROWS", 4)
    sheets = written(tmp_path, [[_disputes(1, 3)], [_disputes(4, 2)], [_disputes(6, 5)]])
    assert [("dispute-wuma.xlsx", 4), ("dispute-wuma-2.xlsx", 4), ("dispute-wuma-3.xlsx", 2)] == [
        (sheet.path.name, sheet.rows) for sheet in sheets
    ]
    assert [f"k{number}" for number in range(1, 11)] == [key for sheet in sheets for key in _keys(sheet)]


def test_what_fills_another_column_begins_the_next_file(tmp_path: Path) -> None:
    """A file has the columns that somebody has filled, as the sheet of one part has."""
    sheets = written(tmp_path, [[_disputes(1, 2)], [_disputes(3, 2, closed=True)], [_disputes(5, 1)]])
    assert [2, 3] == [sheet.rows for sheet in sheets]
    heads = [set(read.read(sheet.path)[0].rows[0]) for sheet in sheets]
    assert {"办结日期"} == heads[1] - heads[0]


def test_a_sheet_without_rows_is_not_written(tmp_path: Path) -> None:
    """There is nothing to take over in it."""
    assert [] == written(tmp_path, [[Rows("dispute", "dispute-late", [])]])
    assert Counter() == Counter(path.name for path in tmp_path.iterdir())
