"""One number, two files: the day tells which is meant."""

from __future__ import annotations

import pytest
from geju.correction.v1 import released_person_pb2, supervised_person_pb2
from google.type.date_pb2 import Date

from services.correction.domain.subjects import file_on

BEFORE = supervised_person_pb2.SupervisedPerson(key="J-1")
AFTER = released_person_pb2.ReleasedPerson(key="J-1", released_date=Date(year=2012, month=5, day=31))


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        (Date(year=2012, month=5, day=31), BEFORE),
        (Date(year=2012, month=6, day=1), AFTER),
        (Date(), BEFORE),
        (Date(year=2012, month=13, day=1), BEFORE),
    ],
)
def test_the_day_of_release_parts_the_files(day: Date, meant: object) -> None:
    """What happened up to the day of release belongs to the file under correction, what came later to the new one."""
    assert file_on(BEFORE, AFTER, day) is meant


def test_a_single_file_is_meant_whatever_the_day() -> None:
    """Where only one file bears the number the day does not matter; where none does, none is meant."""
    day = Date(year=2013, month=1, day=1)
    assert [BEFORE, AFTER, None] == [file_on(BEFORE, None, day), file_on(None, AFTER, day), file_on(None, None, day)]
