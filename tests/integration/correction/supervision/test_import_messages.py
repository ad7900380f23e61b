"""What people read who took over a sheet that is wrong: what is missing, and what right they would need."""

from __future__ import annotations

from typing import Any

import pytest
from geju.common.v1 import import_pb2
from geju.correction.v1 import leave_pb2

from tests.integration.correction.supervision.conftest import CLERK, PERSONS, Bench
from tests.support.correction import OFFICE, on, supervised

LEAVE = leave_pb2.Leave(
    office=OFFICE,
    key="Q-1",
    person="J-9",
    kind=leave_pb2.LEAVE_KIND_TRAVEL,
    from_date=on("2012-06-02"),
    to_date=on("2012-06-03"),
)
REGISTER = {"office": OFFICE, "person": "J-9", "month_date": on("2012-04-01"), "education_hours": 8}


def error_of(answer: Any) -> import_pb2.RowError:
    """Return the one error of the one row."""
    ((error,),) = (verdict.errors for verdict in answer.verdicts)
    return error  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("method", "row"),
    [("LeaveService/ImportLeaves", {"leave": LEAVE}), ("DutyService/ImportDuties", REGISTER)],
)
async def test_a_number_that_nobody_has_is_called_that(bench: Bench, method: str, row: dict[str, Any]) -> None:
    """Whoever fills in the number of a person knows no resource names: the kind and the office are named."""
    error = error_of(await bench.call(method, CLERK, rows=[{"row": 2, **row}]))
    assert ("person", "UNKNOWN_REFERENCE", "本所没有这个编号的社区矫正对象。") == (
        error.field,
        error.reason,
        error.message,
    )
    assert error.label


async def test_a_minor_s_row_says_which_right_it_takes(bench: Bench) -> None:
    """The file of a minor is sealed: the column that makes it one is named, and the right to sealed files."""
    row = {"row": 2, "supervised_person": supervised(key="J-1", minor=True)}
    error = error_of(await bench.call(PERSONS + "ImportSupervisedPersons", CLERK, rows=[row]))
    assert ("minor", "未成年人", "PERMISSION_DENIED") == (error.field, error.label, error.reason)
    assert "封存" in error.message
    assert "sealed_files" in error.message
