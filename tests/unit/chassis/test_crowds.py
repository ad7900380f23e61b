"""A list that is too long is refused before anything in it is looked at."""

from __future__ import annotations

from typing import Any

import pytest
from geju.aggregation.v1 import assessment_service_pb2
from geju.correction.v1 import supervised_person_service_pb2
from geju.mediation.v1 import dispute_pb2, dispute_service_pb2

from services.chassis import validation
from services.chassis.crowds import MOST, MOST_OF_A_LIST, Crowd, crowd
from services.chassis.validation import InvalidRequest

MANY = 500_000
AssessOffices = assessment_service_pb2.AssessOfficesRequest
UpdateDispute = dispute_service_pb2.UpdateDisputeRequest
ImportPersons = supervised_person_service_pb2.ImportSupervisedPersonsRequest


def create(**fields: Any) -> dispute_service_pb2.CreateDisputeRequest:
    """Return a request for a dispute."""
    return dispute_service_pb2.CreateDisputeRequest(dispute=dispute_pb2.Dispute(**fields))


def test_a_list_beyond_its_limit_is_named_alone() -> None:
    """Half a million wrong elements are one violation, not half a million."""
    with pytest.raises(InvalidRequest) as refused:
        validation.check(create(parties=[dispute_pb2.Party()] * MANY))
    [violation] = refused.value.violations
    assert ("dispute.parties", "INVALID_FIELD") == (violation.field, violation.reason)
    assert violation.message.startswith("最多 ")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (create(limits=[{}] * 1001), Crowd("dispute.limits", MOST_OF_A_LIST)),
        (AssessOffices(what_if={"targets": [{}] * 2000}), Crowd("what_if.targets", 256)),
        (UpdateDispute(update_mask={"paths": ["people"] * 1001}), Crowd("update_mask.paths", MOST_OF_A_LIST)),
        (ImportPersons(rows=[{}] * 2000), Crowd("rows", 1000)),
    ],
    ids=["output only", "nested", "mask", "rows"],
)
def test_the_first_list_too_long_is_found(message: Any, expected: Crowd) -> None:
    """Every list has a limit, those too for which the contract names none."""
    assert expected == crowd(message)


def test_all_lists_together_have_a_limit() -> None:
    """Lists that are each short enough may be too many in the rows of one request."""
    rows = [{"row": 1, "supervised_person": {"limits": [{}] * 900}}] * 30
    found = crowd(ImportPersons(rows=rows))
    assert found is not None
    assert (MOST, True) == (found.most, found.together)
    assert found.field.endswith("supervised_person.limits")


def test_what_is_lawful_is_no_crowd() -> None:
    """A full import of a thousand rows with a few elements each passes."""
    rows = [{"row": n, "supervised_person": {"earlier_levels": [{}] * 4}} for n in range(1000)]
    assert crowd(ImportPersons(rows=rows)) is None
