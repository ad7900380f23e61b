"""Complaints about the bureau's own staff and offices: the discipline role's, and nobody else's to see."""

from __future__ import annotations

from typing import Any

import pytest
from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import facts_pb2, practitioner_pb2
from geju.legalservices.v1 import sanction_pb2 as sanctions

from services.chassis import context
from services.chassis.domain.errors import NotFound
from services.chassis.limit_service import limit_counts
from services.legalservices.domain.complaints import lifecycle
from services.legalservices.domain.complaints.errors import ComplaintDisciplineOnly
from tests.integration.legalservices.complaints.conftest import (
    CLERK,
    COMPLAINTS,
    DISCIPLINE,
    HEAD,
    OFFICE,
    SANCTIONS,
    Bench,
    a_complaint,
)
from tests.integration.servicers import DEPARTMENT
from tests.support.records import on

STAFF, OFFICES = pb.RESPONDENT_KIND_BUREAU_STAFF, pb.RESPONDENT_KIND_JUDICIAL_OFFICE
ABOUT_AN_OFFICE: dict[str, Any] = {"respondent_kind": OFFICES, "respondent_office": OFFICE, "respondent_name": None}
OUTSIDERS = (CLERK, HEAD, DEPARTMENT)


@pytest.mark.parametrize("by", OUTSIDERS)
@pytest.mark.parametrize("kind", [STAFF, OFFICES])
async def test_only_the_discipline_role_receives_them(bench: Bench, by: Any, kind: Any) -> None:
    """Others are told whom to turn to, in a spreadsheet too, and nothing is kept."""
    sent = a_complaint(respondent_kind=kind, key="D-1")
    with pytest.raises(ComplaintDisciplineOnly, match="纪检监察"):
        await bench.call(COMPLAINTS + "CreateComplaint", by, complaint=sent)
    [verdict] = await bench.take_over(sent, by=by)
    assert ["COMPLAINT_DISCIPLINE_ONLY"] == [error.reason for error in verdict.errors]
    assert 0 == await bench.count("complaint")


async def test_nobody_else_sees_them(bench: Bench, profile: Any) -> None:
    """Neither the office concerned nor the department finds them or what followed, and no fact names the office."""
    found = await bench.concluded(by=DISCIPLINE, **ABOUT_AN_OFFICE)
    assert (profile.code, True) == (found.office, found.sealed)
    measure: dict[str, Any] = {"name": found.name, "kind": 2, "content": "示例谈话"}
    made = (await bench.call(COMPLAINTS + "TakeMeasure", DISCIPLINE, **measure)).sanction
    assert (True, "", "", profile.code) == (made.sealed, made.firm, made.practitioner, made.office)
    for by in OUTSIDERS:
        for method, name in ((COMPLAINTS + "GetComplaint", found.name), (SANCTIONS + "GetSanction", made.name)):
            if method.startswith(SANCTIONS) and by is CLERK:
                continue
            with pytest.raises(NotFound):
                await bench.call(method, by, name=name)
        assert not (await bench.call(COMPLAINTS + "ListComplaints", by)).complaints
        assert (
            "NOT_FOUND" == (await bench.refused(COMPLAINTS + "AnswerComplaint", by, name=found.name, answer="示例"))[0]
        )
    assert [found.name] == [
        one.name for one in (await bench.call(COMPLAINTS + "ListComplaints", DISCIPLINE)).complaints
    ]
    [facts] = await bench.facts("complaint", facts_pb2.ComplaintFacts)
    assert (profile.code, True) == (facts.office, facts.sealed)
    assert OFFICE.encode() not in facts.SerializeToString()
    [facts] = await bench.facts("sanction", facts_pb2.SanctionFacts)
    assert facts.sealed


async def test_the_discipline_role_corrects_and_takes_over(bench: Bench, profile: Any) -> None:
    """Past ones with their course, whatever office the sheet says, found again by the bureau's number."""
    past: dict[str, Any] = {
        "key": "D-1",
        "received_date": on(2010, 3, 1),
        "accepted_date": on(2010, 3, 3),
        "outcome": 3,
        "concluded_date": on(2010, 4, 1),
    }
    sent = a_complaint(**ABOUT_AN_OFFICE, **past)
    [first] = await bench.take_over(sent, by=DISCIPLINE)
    [again] = await bench.take_over(sent, by=DISCIPLINE)
    assert (first.name, profile.code) == (again.name, (await bench.read(first.name, DISCIPLINE)).office)
    found = await bench.read(first.name, DISCIPLINE)
    found = await bench.change("Correct", found, DISCIPLINE, accepted_date=on(2010, 3, 4))
    assert lifecycle.CONCLUDED == found.state
    open_one = await bench.change("Correct", found, DISCIPLINE, concluded_date=None, outcome=None)
    with pytest.raises(Exception, match="请重新登记"):
        await bench.change("Update", open_one, DISCIPLINE, respondent_kind=1, respondent_office=None)


async def test_repeated_ones_are_shown_together(bench: Bench) -> None:
    """To the discipline role: those about the same office, those about staff of the same name."""
    for fields in (ABOUT_AN_OFFICE, {"respondent_kind": STAFF}):
        first, second = await bench.receive(DISCIPLINE, **fields), await bench.receive(DISCIPLINE, **fields)
        answer = await bench.call(COMPLAINTS + "ListRelatedComplaints", DISCIPLINE, name=first.name)
        assert [second.name, first.name] == [one.name for one in answer.complaints]
        with pytest.raises(NotFound):
            await bench.call(COMPLAINTS + "ListRelatedComplaints", DEPARTMENT, name=first.name)


async def test_what_is_held_on_a_person_does_not_tell_of_them(bench: Bench) -> None:
    """Who asks for the file of somebody is not told that the same person complained about staff, too."""
    number = "999999199001010000"
    lawyer = await bench.practitioner(id_number=number)
    other = await bench.receive(complainant_id_number=number)
    sealed = await bench.receive(DISCIPLINE, complainant_id_number=number, **ABOUT_AN_OFFICE)
    both = context.Caller("both", frozenset({"department", "discipline"}), frozenset({"*"}))
    for by, names in ((DEPARTMENT, {lawyer.name, other.name}), (both, {lawyer.name, other.name, sealed.name})):
        for name in (lawyer.name, other.name):
            answer = await bench.call("SubjectService/GetSubject", by, name=name)
            assert names == {_named(one) for one in answer.records}
            assert sealed.name in names or sealed.name not in str(answer)


async def test_metrics_do_not_count_them(bench: Bench, profile: Any) -> None:
    """A complaint about staff is not told by the limits of the bureau, which anybody may read."""
    await bench.receive(DISCIPLINE, **ABOUT_AN_OFFICE)
    assert [] == await limit_counts(bench.store)
    await bench.receive(DEPARTMENT, office=profile.code)
    assert [(profile.code, 1)] == [(count.office, count.records) for count in await limit_counts(bench.store)]


def _named(held: Any) -> str:
    """Return the name of a record that is held on somebody."""
    record = pb.Complaint() if held.collection == "complaints" else practitioner_pb2.Practitioner()
    held.record.Unpack(record)
    return record.name


async def test_a_sanction_cannot_reach_behind_the_seal(bench: Bench) -> None:
    """Whoever does not see the complaint does not refer to it."""
    found = await bench.concluded(by=DISCIPLINE, **ABOUT_AN_OFFICE)
    firm = await bench.firm()
    record = sanctions.Sanction(
        office=OFFICE, complaint=found.name, firm=firm.name, kind=1, authority=1, decided_date=on(2012, 5, 25)
    )
    refused = await bench.refused(SANCTIONS + "CreateSanction", DEPARTMENT, sanction=record)
    assert ("UNKNOWN_REFERENCE", "complaint") == refused
    assert ("RESPONDENT_MISMATCH", "firm") == await bench.refused(
        SANCTIONS + "CreateSanction", DISCIPLINE, sanction=record
    )
