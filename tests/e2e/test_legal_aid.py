"""Legal aid against a whole installation: who may not, what is wrong, and how a case is decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.legalaid.v1 import consultation_service_pb2 as rpc
from geju.legalaid.v1.consultation_pb2 import Consultation

from services.chassis.domain.dates import from_date
from tests.support.calls import Caller, Refused
from tests.support.legalaid import an_application
from tests.support.records import on, ref
from tests.support.refusals import nothing_written, said
from tests.support.system import System

OFFICE, OTHER_OFFICE = "wuma", "nanmen"
NUL = "\x00"
APPLY, CASES = "AidCaseService/CreateAidCase", "AidCaseService/"
STREAM = "ConsultationService/RecordConsultations"
WHY = {"purpose": "核对记录"}


def of_legal_aid(system: System, *roles: str, office: str = OFFICE) -> Caller:
    """Return somebody with these roles in an office who calls legal aid."""
    return system.caller(*roles, offices=(office,), service="legalaid", subject="-".join(roles))


async def test_a_case_is_its_offices_alone(system: System) -> None:
    """Nobody of another office reads, moves, pays or deletes it."""
    clerk = of_legal_aid(system, "clerk")
    stranger = of_legal_aid(system, "clerk", "office_head", office=OTHER_OFFICE)
    name = (await clerk(APPLY, aid_case=an_application())).aid_case.name
    attempts: list[tuple[str, Mapping[str, Any]]] = [
        ("GetAidCase", WHY),
        ("RenderAidDocument", {"document": 1, **WHY}),
        ("GrantAid", {}),
        ("RefuseAid", {"refusal_ground": 1}),
        ("ReferToMediation", {}),
        ("PaySubsidy", {"subsidy_fen": 1, "earmark": "legal_aid"}),
        ("DeleteAidCase", {"reason": "重复登记"}),
    ]
    async with nothing_written(system):
        failures = [await stranger.refused(CASES + verb, name=name, **fields) for verb, fields in attempts]
    assert {("NOT_FOUND", "NOT_FOUND")} == {said(failure)[:2] for failure in failures}
    assert name not in {one.name for one in (await stranger(f"{CASES}ListAidCases", page_size=1000, **WHY)).aid_cases}


async def test_roles_of_legal_aid(system: System) -> None:
    """A clerk ends, rates and pays nothing and decides no objection; leaders, auditors and services read nobody."""
    name = (await of_legal_aid(system, "clerk")(APPLY, aid_case=an_application())).aid_case.name
    attempts: list[tuple[str, str, Mapping[str, Any]]] = [
        ("clerk", "DecideObjection", {"name": name, "objection_outcome": 1}),
        ("clerk", "ReassignHandler", {"name": name, "practitioner": ref("practitioners"), "reassign_reason": 1}),
        ("clerk", "EndAid", {"name": name, "end_ground": 1}),
        ("clerk", "RateFile", {"name": name, "grade": 1}),
        ("clerk", "PaySubsidy", {"name": name, "subsidy_fen": 1, "earmark": "legal_aid"}),
        ("clerk", "DeleteAidCase", {"name": name, "reason": "重复登记"}),
        ("auditor", "CreateAidCase", {"aid_case": an_application()}),
        ("service", "GetAidCase", {"name": name, **WHY}),
        ("bureau_leader", "ListAidCases", WHY),
    ]
    async with nothing_written(system):
        failures = [await of_legal_aid(system, role).refused(CASES + verb, **f) for role, verb, f in attempts]
        nameless = await of_legal_aid(system, "clerk").refused(f"{CASES}GetAidCase", name=name)
    assert {("PERMISSION_DENIED", "PERMISSION_DENIED", "")} == {said(failure) for failure in failures}
    assert ("INVALID_ARGUMENT", "PURPOSE_REQUIRED") == said(nameless)[:2]


WRONG: Mapping[str, tuple[pb.AidCase, str, str]] = {
    "unknown office": (an_application(office="nowhere"), "UNKNOWN_OFFICE", "office"),
    "no path": (an_application(path=0), "INVALID_FIELD", "aid_case.path"),
    "a group of a newer client": (an_application(groups=[99]), "UNKNOWN_ENUM_VALUE", "aid_case.groups[0]"),
    "one group twice": (an_application(groups=[1, 1]), "INVALID_FIELD", "aid_case.groups"),
    "a NUL": (an_application(summary=f"示例{NUL}"), "BAD_TEXT", "aid_case.summary"),
    "the future": (an_application(received_date=from_date(date(2099, 1, 1))), "FUTURE_DATE", "aid_case.received_date"),
    "an income below nothing": (an_application(monthly_income_fen=-1), "INVALID_FIELD", "aid_case.monthly_income_fen"),
    "nobody": (an_application(person_name=" "), "INVALID_FIELD", "person_name"),
    "a day of a later step": (an_application(granted_date=on(2012, 3, 2)), "STEP_FACT", ""),
    "a notice by nobody": (an_application(path=2, hardship=0), "INVALID_FIELD", "notifying_organ"),
    "a channel for others": (an_application(green_channel=3), "GROUND_MISMATCH", "green_channel"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_application_is_refused_for_its_field(system: System, wrong: str) -> None:
    """One wrong field is named, and nothing is kept."""
    given, reason, field = WRONG[wrong]
    async with nothing_written(system):
        failure = await system.owner().refused(APPLY, aid_case=given)
    assert (reason, field or said(failure)[2]) == said(failure)[1:]


STEPS: Mapping[str, Mapping[str, Any]] = {
    "RecordSupplement": {},
    "RecordObjection": {},
    "DecideObjection": {"objection_outcome": 1},
    "AssignHandler": {"practitioner": ref("practitioners")},
    "ReassignHandler": {"practitioner": ref("practitioners"), "reassign_reason": 1},
    "BeginCase": {},
    "CloseCase": {"result": 1},
    "EndAid": {"end_ground": 1},
    "ReturnFile": {},
    "RateFile": {"grade": 1},
    "PaySubsidy": {"subsidy_fen": 1, "earmark": "legal_aid"},
}


async def test_no_step_of_a_case_is_left_out(system: System) -> None:
    """What its state does not permit moves nothing, and the words say where it stands."""
    owner = system.owner()
    name = (await owner(APPLY, aid_case=an_application())).aid_case.name
    async with nothing_written(system):
        failures = [await owner.refused(CASES + verb, name=name, **fields) for verb, fields in STEPS.items()]
    assert {("FAILED_PRECONDITION", "IMPOSSIBLE_TRANSITION", "state")} == {said(failure) for failure in failures}
    assert {"待审查"} == {failure.facts["state"] for failure in failures}


async def test_a_case_is_decided_as_the_rules_have_it(system: System) -> None:
    """Hardship is judged by the standard of the day, an objection by another, a file by others than its handler."""
    owner, second = system.owner(), system.owner("second")
    rich = an_application(monthly_income_fen=10**6)
    name = (await owner(APPLY, aid_case=rich)).aid_case.name
    named: Mapping[str, Any] = {"name": name}
    handler = {"practitioner": ref("practitioners")}
    refused = [await owner.refused(f"{CASES}GrantAid", **named, granted_date=on(2012, 3, 2))]
    refused.append(await owner.refused(f"{CASES}ProvideFirst", **named, **handler, provide_first=1))
    await owner(f"{CASES}RefuseAid", **named, refusal_ground=2, refused_date=on(2012, 3, 2))
    await owner(f"{CASES}RecordObjection", **named, objected_date=on(2012, 3, 5))
    overturned = {"objection_outcome": 2, "objection_decided_date": on(2012, 3, 6)}
    refused.append(await owner.refused(f"{CASES}DecideObjection", **named, **overturned))
    refused.append(await second.refused(f"{CASES}DecideObjection", **named, **overturned))
    mended = pb.AidCase(name=name, monthly_income_fen=40_000)
    correction = {"aid_case": mended, "update_mask": {"paths": ["monthly_income_fen"]}, "reason": "登记有误"}
    await owner(f"{CASES}CorrectAidCase", **correction)
    await second(f"{CASES}DecideObjection", **named, **overturned)
    await owner(f"{CASES}AssignHandler", **named, **handler, assigned_date=on(2012, 3, 7))
    refused.append(await owner.refused(f"{CASES}ReassignHandler", **named, **handler, reassign_reason=3))
    await owner(f"{CASES}BeginCase", **named, begun_date=on(2012, 3, 8))
    refused.append(await owner.refused(f"{CASES}CloseCase", **named, result=6))
    await owner(f"{CASES}CloseCase", **named, result=1, closed_date=on(2012, 5, 8))
    refused.append(await owner.refused(f"{CASES}PaySubsidy", **named, subsidy_fen=10**11, earmark="legal_aid"))
    await owner(f"{CASES}ReturnFile", **named, file_returned_date=on(2012, 5, 9))
    refused.append(
        await owner.refused(f"{CASES}RateFile", **named, grade=1, reviewer_practitioner=handler["practitioner"])
    )
    await owner(f"{CASES}RateFile", **named, grade=1)
    before = await system.traces()
    refused.append(await owner.refused(f"{CASES}RateFile", **named, grade=1))
    reasons = ["OVER_STANDARD", "GROUND_MISMATCH", "SAME_PERSON_DECIDES", "OVER_STANDARD", "SAME_HANDLER",
               "GROUND_MISMATCH", "OVER_BUDGET", "HANDLER_RATES", "RATED_BEFORE"]  # fmt: skip
    assert (reasons, before) == ([said(failure)[1] for failure in refused], await system.traces())
    assert "示例甲" not in str(refused)


def batch(**fields: Any) -> rpc.RecordConsultationsRequest:
    """Return a batch of one consultation."""
    given: dict[str, Any] = {"office": OFFICE, "channel": 1, "topic": 1, "held_date": on(2012, 5, 2)}
    return rpc.RecordConsultationsRequest(request_id=str(uuid4()), consultations=[Consultation(**given | fields)])


async def test_the_stream_of_consultations_takes_from_whom_it_may(system: System) -> None:
    """A repeat has one effect; bad records are refused by themselves, bad callers and bad batches end the stream."""
    clerk = of_legal_aid(system, "clerk")
    good = batch()
    answers = await clerk.exchange(STREAM, 0, [good, batch(office=OTHER_OFFICE), batch(topic=99), good])
    [[first], [foreign], [unknown], [again]] = [answer.verdicts for answer in answers]
    assert (first.name, ["office", "topic"]) == (again.name, [one.errors[0].field for one in (foreign, unknown)])
    attempts: list[tuple[Caller, rpc.RecordConsultationsRequest, str]] = [
        (of_legal_aid(system, "auditor"), batch(), "PERMISSION_DENIED"),
        (system.bearer("", "legalaid"), batch(), "TOKEN_MISSING"),
        (clerk, rpc.RecordConsultationsRequest(request_id=str(uuid4())), "INVALID_FIELD"),
        (clerk, rpc.RecordConsultationsRequest(consultations=good.consultations), "MISSING_REQUEST_ID"),
        (clerk, rpc.RecordConsultationsRequest(request_id=good.request_id, consultations=batch(topic=2).consultations),
         "REQUEST_ID_REUSED"),
    ]  # fmt: skip
    async with nothing_written(system):
        for caller, request, reason in attempts:
            with pytest.raises(Refused) as refused:
                await caller.exchange(STREAM, 0, [request])
            assert reason == refused.value.failure.reason
