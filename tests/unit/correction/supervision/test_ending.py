"""An end that comes with a spreadsheet is an end: what follows from it follows from it."""

from __future__ import annotations

import pytest
from geju.correction.v1 import supervised_person_pb2 as pb

from services.correction.domain.supervision.lifecycle import ENDED, TERMINATED, UNDER_CORRECTION, ending


def _person(state: int) -> pb.SupervisedPerson:
    return pb.SupervisedPerson(state=state)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (None, ENDED, "ended"),
        (None, TERMINATED, "terminated"),
        (None, UNDER_CORRECTION, ""),
        (UNDER_CORRECTION, ENDED, "ended"),
        (TERMINATED, ENDED, "ended"),
        (ENDED, ENDED, ""),
    ],
)
def test_an_import_names_the_end_it_tells_of(before: int | None, after: int, change: str) -> None:
    """The change is named for the state that a record has come to, once."""
    assert change == ending(_person(after), None if before is None else _person(before))
