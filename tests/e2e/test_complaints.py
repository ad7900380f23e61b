"""Complaints against a whole installation: who may not, what is wrong, and what a receipt is good for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from geju.legalservices.v1 import complaint_pb2, firm_pb2
from google.protobuf.field_mask_pb2 import FieldMask

from services.chassis.domain.dates import from_date
from tests.support.calls import Caller
from tests.support.legalservices import a_complaint, a_firm
from tests.support.refusals import nothing_written, said
from tests.support.system import TABLES, System, read

OFFICE, OTHER_OFFICE = "wuma", "nanmen"
NUL = "\x00"
#: More calls than a stranger has in a minute.
FLOOD = 40
CODE = re.compile(rb"(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}")
RECEIVE, COMPLAINTS = "ComplaintService/CreateComplaint", "ComplaintService/"
STAFF = complaint_pb2.RESPONDENT_KIND_BUREAU_STAFF
STATUS = "ComplaintStatusService/GetComplaintStatus"


def of_legal_services(system: System, *roles: str, office: str = OFFICE) -> Caller:
    """Return somebody with these roles in an office who calls legal services."""
    return system.caller(*roles, offices=(office,), service="legalservices", subject="-".join(roles))


async def test_a_complaint_is_its_offices_alone(system: System) -> None:
    """Nobody of another office reads or moves it; a firm is read by all and changed by its own office."""
    clerk = of_legal_services(system, "clerk")
    stranger = of_legal_services(system, "clerk", "office_head", office=OTHER_OFFICE)
    made = (await clerk(RECEIVE, complaint=a_complaint(office=OFFICE))).complaint
    firm = (await clerk("FirmService/CreateFirm", firm=a_firm(office=OFFICE, licence_number=str(uuid4())))).firm
    named: Mapping[str, Any] = {"name": made.name}
    attempts: list[tuple[str, Mapping[str, Any]]] = [
        ("GetComplaint", {"purpose": "核对记录"}),
        ("ListRelatedComplaints", {"purpose": "核对记录"}),
        ("RenderComplaintDocument", {"document": 1, "purpose": "核对记录"}),
        ("AcceptComplaint", {}),
        ("AssignInvestigator", {"investigator": "mallory", "no_tie": True}),
        ("TakeMeasure", {"kind": 1, "content": "示例"}),
        ("DeleteComplaint", {"reason": "重复登记"}),
    ]
    async with nothing_written(system):
        failures = [await stranger.refused(COMPLAINTS + verb, **named, **fields) for verb, fields in attempts]
        changed = firm_pb2.Firm(name=firm.name, name_zh="示例")
        mask = FieldMask(paths=["name_zh"])
        failures.append(await stranger.refused("FirmService/UpdateFirm", firm=changed, update_mask=mask))
    assert {("NOT_FOUND", "NOT_FOUND")} == {said(failure)[:2] for failure in failures}
    assert firm.name == (await stranger("FirmService/GetFirm", name=firm.name)).firm.name


async def test_roles_of_legal_services(system: System) -> None:
    """A clerk names no investigator and signs nothing, an auditor receives nothing, services and leaders read none."""
    made = (await of_legal_services(system, "clerk")(RECEIVE, complaint=a_complaint(office=OFFICE))).complaint
    attempts: list[tuple[str, str, Mapping[str, Any]]] = [
        ("clerk", "AssignInvestigator", {"name": made.name, "investigator": "clerk", "no_tie": True}),
        ("clerk", "ConcludeComplaint", {"name": made.name, "outcome": 4, "decision": "示例"}),
        ("clerk", "TakeMeasure", {"name": made.name, "kind": 1, "content": "示例"}),
        ("clerk", "DeleteComplaint", {"name": made.name, "reason": "重复登记"}),
        ("auditor", "CreateComplaint", {"complaint": a_complaint(office=OFFICE)}),
        ("service", "GetComplaint", {"name": made.name, "purpose": "核对记录"}),
        ("bureau_leader", "ListComplaints", {"purpose": "核对记录"}),
    ]
    async with nothing_written(system):
        failures = [
            await of_legal_services(system, role).refused(COMPLAINTS + verb, **fields)
            for role, verb, fields in attempts
        ]
    assert {("PERMISSION_DENIED", "PERMISSION_DENIED", "")} == {said(failure) for failure in failures}


async def test_what_is_about_the_bureau_is_for_the_discipline_role(system: System) -> None:
    """All others are told whom to turn to, and then find it in no list, deadline or figure's members."""
    others = of_legal_services(system, "clerk", "office_head", "department", "sealed_files", office="*")
    discipline = of_legal_services(system, "discipline", office="*")
    sent = a_complaint(office=OFFICE, respondent_kind=STAFF)
    async with nothing_written(system):
        failure = await others.refused(RECEIVE, complaint=sent)
    assert ("PERMISSION_DENIED", "COMPLAINT_DISCIPLINE_ONLY", "respondent_kind") == said(failure)
    assert "纪检监察" in failure.message
    made = (await discipline(RECEIVE, complaint=sent)).complaint
    assert (system.profile.code, True) == (made.office, made.sealed)
    why = {"purpose": "核对记录"}
    for caller, sees in ((discipline, True), (others, False)):
        listed = await caller(COMPLAINTS + "ListComplaints", page_size=1000, **why)
        assert sees == (made.name in {one.name for one in listed.complaints})
    async with nothing_written(system):
        failures = [
            await others.refused(COMPLAINTS + "GetComplaint", name=made.name, **why),
            await others.refused(COMPLAINTS + "AcceptComplaint", name=made.name),
        ]
    assert {("NOT_FOUND", "NOT_FOUND")} == {said(one)[:2] for one in failures}
    due = await others("LimitService/ListLimits", page_size=1000, due_within_days=366)
    assert made.name not in str(due)
    await system.until_equal()
    question = {"indicator": "legalservices.complaints", "period": "2012-05", "page_size": 1000}
    for roles, sees in ((("clerk", "discipline"), True), (("clerk", "department", "sealed_files"), False)):
        found = await system.caller(*roles, service="aggregation")("BoardService/ListMembers", **question)
        assert sees == (made.name in {member.record for member in found.members})


async def test_whoever_has_a_receipt_asks_without_a_token(system: System) -> None:
    """The state is told for its code; wrong codes are answered alike; a flood is turned away."""
    made = (await of_legal_services(system, "clerk")(RECEIVE, complaint=a_complaint(office=OFFICE))).complaint
    stranger = system.bearer("", "legalservices")
    told = await stranger(STATUS, receipt_code=made.receipt_code.lower().replace("-", " "))
    assert (made.state, {"state", "due_date"}) == (told.state, {field.name for field, _ in told.ListFields()})
    wrong = ["2222-2222-2222-2222", made.receipt_code[:-1], made.name[:64], "示例投诉人"]
    async with nothing_written(system):
        failures = await asyncio.gather(*(stranger.refused(STATUS, receipt_code=code) for code in wrong))
        flood = [stranger.refused(STATUS, receipt_code="2222-2222-2222-2222") for _ in range(FLOOD)]
        turned_away = {said(failure) for failure in await asyncio.gather(*flood)} - {said(failures[0])}
    assert 1 == len({(*said(failure), failure.message) for failure in failures})
    assert ("NOT_FOUND", "NOT_FOUND", "") == said(failures[0])
    assert {("RESOURCE_EXHAUSTED", "RATE_LIMITED", "")} == turned_away
    assert f'method="/geju.legalservices.v1.{STATUS}"' in system.metrics("legalservices")


async def test_a_receipt_code_is_nowhere_but_on_the_receipt(system: System) -> None:
    """Whoever has a code may ask about its complaint: no column, file, message, log or metric holds one."""
    complaints = [one for one in await system.records("legalservices") if one.DESCRIPTOR.name == "Complaint"]
    codes = {one.receipt_code.encode() for one in complaints if one.receipt_code}
    assert codes
    tables = [row[0] for row in await system.rows("legalservices", TABLES)]
    rows = [row for table in tables for row in await system.rows("legalservices", f"SELECT t::text FROM {table} t")]  # noqa: S608
    await system.rows("legalservices", "CHECKPOINT")
    places = [row[0].encode() for row in rows] + [system.metrics("legalservices").encode()]
    places += [read(path) for path in system.home.root.rglob("*") if path.is_file()]
    assert [] == [place[:80] for place in places if not codes.isdisjoint(CODE.findall(place))]


WRONG_COMPLAINTS: Mapping[str, tuple[complaint_pb2.Complaint, str, str]] = {
    "unknown office": (a_complaint(office="nowhere"), "UNKNOWN_OFFICE", "office"),
    "no channel": (a_complaint(channel=0), "INVALID_FIELD", "complaint.channel"),
    "no ground": (a_complaint(grounds=[]), "INVALID_FIELD", "complaint.grounds"),
    "a ground of a newer client": (a_complaint(grounds=[99]), "UNKNOWN_ENUM_VALUE", "complaint.grounds[0]"),
    "a NUL": (a_complaint(narrative=f"示例{NUL}"), "BAD_TEXT", "complaint.narrative"),
    "the future": (a_complaint(received_date=from_date(date(2099, 1, 1))), "FUTURE_DATE", "complaint.received_date"),
    "a day of a later step": (a_complaint(accepted_date=from_date(date(2012, 5, 8))), "STEP_FACT", "accepted_date"),
    "a respondent twice": (a_complaint(firm=f"firms/{uuid4()}", respondent_kind=2), "RESPONDENT_MISMATCH",
                           "respondent_name"),
    "a practitioner who is nobody": (a_complaint(practitioner=f"practitioners/{uuid4()}", respondent_name=""),
                                     "UNKNOWN_REFERENCE", "practitioner"),
    "an office that is none": (a_complaint(respondent_kind=7, respondent_office="nowhere", respondent_name=""),
                               "UNKNOWN_OFFICE", "respondent_office"),
    "a unit that handed nothing over": (a_complaint(transferring_unit="示例机关"), "INVALID_FIELD",
                                        "transferring_unit"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_COMPLAINTS)
async def test_a_wrong_complaint_is_refused_for_its_field(system: System, wrong: str) -> None:
    """One wrong field is named, and nothing is kept, least of all a receipt."""
    given, reason, field = WRONG_COMPLAINTS[wrong]
    async with nothing_written(system):
        failure = await system.owner().refused(RECEIVE, complaint=given)
    assert (reason, field) == said(failure)[1:]


COMPLAINT_STEPS: Mapping[str, Mapping[str, Any]] = {
    "RecordSupplement": {},
    "AssignInvestigator": {"investigator": "second", "no_tie": True},
    "RecordInvestigation": {"findings": "示例"},
    "ExtendComplaint": {"reason": "示例"},
    "ConcludeComplaint": {"outcome": 1, "decision": "示例"},
    "TakeMeasure": {"kind": 1, "content": "示例"},
    "AnswerComplaint": {"answer": "示例"},
    "RecordSatisfaction": {"satisfaction": 1},
    "AskReview": {"review_reason": "示例"},
    "DecideReview": {"review_outcome": 1, "review_decision": "示例"},
    "ArchiveComplaint": {},
}


async def test_no_step_of_a_complaint_is_left_out(system: System) -> None:
    """What its state does not permit moves nothing, and the words say where it stands."""
    owner = system.owner()
    name = (await owner(RECEIVE, complaint=a_complaint())).complaint.name
    async with nothing_written(system):
        failures = [await owner.refused(COMPLAINTS + verb, name=name, **f) for verb, f in COMPLAINT_STEPS.items()]
    assert {("FAILED_PRECONDITION", "IMPOSSIBLE_TRANSITION", "state")} == {said(failure) for failure in failures}
    assert {"已登记"} == {failure.facts["state"] for failure in failures}


async def test_a_complaint_is_decided_as_the_rules_have_it(system: System) -> None:
    """By several people, within the district's powers and limits, and in words that do not tell who complained."""
    owner, second = system.owner(), system.owner("second")
    name = (await owner(RECEIVE, complaint=a_complaint())).complaint.name
    late = {"from_date": from_date(date(2012, 6, 1)), "supplement_due_date": from_date(date(2012, 6, 9))}
    refused = [await owner.refused(f"{COMPLAINTS}RequestSupplement", name=name, requested="示例", **late)]
    await owner(f"{COMPLAINTS}AcceptComplaint", name=name, accepted_date=from_date(date(2012, 5, 8)))
    tied = {"investigator": "second", "no_tie": False}
    refused.append(await owner.refused(f"{COMPLAINTS}AssignInvestigator", name=name, **tied))
    await owner(f"{COMPLAINTS}AssignInvestigator", name=name, **tied | {"no_tie": True})
    telling, plain = {"findings": "经查,示例 投诉人所述属实"}, {"findings": "示例情况"}
    refused.append(await owner.refused(f"{COMPLAINTS}RecordInvestigation", name=name, **plain))
    refused.append(await second.refused(f"{COMPLAINTS}RecordInvestigation", name=name, **telling))
    await second(f"{COMPLAINTS}RecordInvestigation", name=name, **plain)
    decided = {"outcome": 1, "decision": "示例决定"}
    refused.append(await second.refused(f"{COMPLAINTS}ConcludeComplaint", name=name, **decided))
    await owner(f"{COMPLAINTS}ConcludeComplaint", name=name, **decided)
    before = await system.traces()
    refused.append(await owner.refused(f"{COMPLAINTS}TakeMeasure", name=name, kind=6, content="示例"))
    refused.append(await owner.refused(f"{COMPLAINTS}TakeMeasure", name=name, kind=1, content="示例"))
    reasons = ["TIME_OVER", "NO_TIE_DECLARATION", "NOT_THE_INVESTIGATOR", "COMPLAINANT_NAMED", "SAME_PERSON_DECIDES",
               "BEYOND_POWERS", "ONE_SUBJECT"]  # fmt: skip
    assert (reasons, before) == ([said(failure)[1] for failure in refused], await system.traces())
    assert "示例投诉人" not in str(refused)
