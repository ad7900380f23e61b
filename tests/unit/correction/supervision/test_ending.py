"""An end that comes with a spreadsheet is an end: what follows from it follows from it."""

from __future__ import annotations

import pytest
from geju.correction.v1 import supervised_person_pb2 as pb

from services.correction.domain.supervision.lifecycle import ENDED, TERMINATED, UNDER_CORRECTION, transition


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
    assert change == transition(_person(after), None if before is None else _person(before))


def test_a_change_is_named_for_the_seal_unless_it_tells_of_an_end() -> None:
    """What follows from a seal follows from its change only: another change says nothing of it."""
    minor = pb.SupervisedPerson(state=UNDER_CORRECTION, minor=True)
    over = pb.SupervisedPerson(state=ENDED, minor=True)
    found = [
        transition(*pair) for pair in ((minor, _person(4)), (_person(4), minor), (minor, minor), (over, _person(4)))
    ]
    assert ["sealed", "unsealed", "", "ended"] == found
