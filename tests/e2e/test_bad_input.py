"""Bad input is answered with a clear, typed error, and nothing of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from geju.correction.v1.supervised_person_service_pb2 import CreateSupervisedPersonRequest
from geju.funds.v1.fund_entry_pb2 import FundEntry
from geju.legalaid.v1.aid_case_service_pb2 import CreateAidCaseRequest
from geju.legalservices.v1.complaint_service_pb2 import CreateComplaintRequest
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import dispute_service_pb2 as rpc
from geju.mediation.v1.session_pb2 import Session
from geju.publicity.v1.activity_pb2 import Activity
from geju.publicity.v1.activity_service_pb2 import RecordHeldActivityRequest
from google.protobuf.field_mask_pb2 import FieldMask

from services.chassis.domain.dates import from_date
from tests.support.calls import Caller, Refused, find
from tests.support.correction import supervised
from tests.support.legalaid import an_application
from tests.support.legalservices import a_complaint
from tests.support.publicity import MATERIALS_AT, audience, held, planned
from tests.support.refusals import nothing_written, said
from tests.support.system import System

OFFICE = "wuma"
HEAD = ("clerk", "office_head")
CREATE, CREATE_PERSON = "DisputeService/CreateDispute", "SupervisedPersonService/CreateSupervisedPerson"
RECEIVE, APPLY = "ComplaintService/CreateComplaint", "AidCaseService/CreateAidCase"
HELD = "ActivityService/RecordHeldActivity"
NUL, RIGHT_TO_LEFT = "\x00", "\u202e"


def dispute(**fields: Any) -> pb.Dispute:
    """Return a dispute as a clerk takes it in."""
    parties = [pb.Party(side=1, full_name="张某某"), pb.Party(side=2, full_name="测试甲")]
    made = pb.Dispute(office=OFFICE, type=4, channel=1, parties=parties)
    made.MergeFrom(pb.Dispute(**fields))
    return made


@pytest.fixture(scope="module")
def head(system: System) -> Caller:
    """Give the head of an office."""
    return system.caller(*HEAD, offices=(OFFICE,))


@pytest.fixture
async def registered(head: Caller) -> pb.Dispute:
    """Take a dispute in."""
    return (await head(CREATE, dispute=dispute())).dispute  # type: ignore[no-any-return]


WRONG: Mapping[str, tuple[pb.Dispute, str, str]] = {
    "unknown office": (dispute(office="nowhere"), "UNKNOWN_OFFICE", "office"),
    "place of another office": (dispute(place="nanmen-c01"), "UNKNOWN_PLACE", "place"),
    "no type": (pb.Dispute(office=OFFICE, channel=1), "INVALID_FIELD", "dispute.type"),
    "a value of a newer client": (dispute(type=99), "UNKNOWN_ENUM_VALUE", "dispute.type"),
    "one inside a party": (dispute(parties=[pb.Party(side=9, full_name="测试乙")]), "UNKNOWN_ENUM_VALUE",
                           "dispute.parties[2].side"),
    "a NUL": (dispute(summary=f"测试{NUL}"), "BAD_TEXT", "dispute.summary"),
    "text turned around": (dispute(parties=[pb.Party(side=1, full_name=f"测试{RIGHT_TO_LEFT}甲")]), "BAD_TEXT",
                           "dispute.parties[2].full_name"),
    "a sum below nothing": (dispute(amount_fen=-1), "INVALID_FIELD", "dispute.amount_fen"),
    "a day of a later step": (dispute(closed_date=from_date(date(2012, 6, 1))), "STEP_FACT", "closed_date"),
    "a reference to nobody": (dispute(mediator=f"mediators/{uuid4()}"), "UNKNOWN_REFERENCE", "mediator"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_field_is_named(system: System, head: Caller, wrong: str) -> None:
    """A record with one wrong field is refused for that field, and leaves nothing."""
    given, reason, field = WRONG[wrong]
    async with nothing_written(system):
        failure = await head.refused(CREATE, dispute=given)
    code = "FAILED_PRECONDITION" if reason == "STEP_FACT" else "INVALID_ARGUMENT"
    assert (code, reason, field) == said(failure)


async def test_tomorrow_is_accepted_and_the_day_after_is_not(system: System, head: Caller) -> None:
    """The future is refused beyond one day, for records and for steps."""
    tomorrow, later = (from_date(system.today + timedelta(days=days)) for days in (1, 2))
    made = (await head(CREATE, dispute=dispute(registered_date=tomorrow))).dispute
    async with nothing_written(system):
        of_record = await head.refused(CREATE, dispute=dispute(registered_date=later))
        of_step = await head.refused("DisputeService/RefuseDispute", name=made.name, ground=1, refused_date=later)
    assert ("INVALID_ARGUMENT", "FUTURE_DATE") == said(of_record)[:2]
    assert ("INVALID_ARGUMENT", "FUTURE_DATE") == said(of_step)[:2]


async def test_a_day_that_is_none_is_refused(system: System, head: Caller) -> None:
    """The 30th of February is no day."""
    wrong = dispute()
    wrong.registered_date.year, wrong.registered_date.month, wrong.registered_date.day = 2012, 2, 30
    async with nothing_written(system):
        failure = await head.refused(CREATE, dispute=wrong)
    assert ("INVALID_ARGUMENT", "INVALID_FIELD") == said(failure)[:2]
    assert failure.fields[0][0].endswith("registered_date")


STEPS: Mapping[str, Mapping[str, Any]] = {
    "CloseDispute": {"outcome": pb.DISPUTE_OUTCOME_FAILED, "failure_ground": 1},
    "RecordFulfilment": {},
    "ReopenDispute": {"reason": "当事人反悔"},
    "ReportFeedback": {},
    "RecordSession": {"session": Session(venue=1, held_date=from_date(date(2012, 6, 20)))},
}


@pytest.mark.parametrize("step", STEPS)
async def test_an_impossible_transition_says_from_where_to_where(
    system: System, head: Caller, registered: pb.Dispute, step: str
) -> None:
    """A step that the dispute's state does not permit is refused and moves nothing."""
    async with nothing_written(system):
        failure = await head.refused(f"DisputeService/{step}", name=registered.name, **STEPS[step])
    assert ("FAILED_PRECONDITION", "IMPOSSIBLE_TRANSITION", "state") == said(failure)
    assert "已登记" == failure.facts["state"]


@pytest.mark.parametrize("given", ["", "not-a-uuid"])
async def test_a_mutation_without_request_id_is_refused(system: System, head: Caller, given: str) -> None:
    """No request id, no effect."""
    async with nothing_written(system):
        failure = await head.refused(CREATE, dispute=dispute(), request_id=given)
    assert ("INVALID_ARGUMENT", "MISSING_REQUEST_ID", "request_id") == said(failure)


async def test_a_repeated_request_has_one_effect_and_one_answer(system: System, head: Caller) -> None:
    """The same request under the same id is answered as the first time, whatever came in between."""
    request_id = str(uuid4())
    first = await head(CREATE, dispute=dispute(key=f"R-{request_id[:8]}"), request_id=request_id)
    await head("DisputeService/RefuseDispute", name=first.dispute.name, ground=1)
    async with nothing_written(system):
        again = await head(CREATE, dispute=dispute(key=f"R-{request_id[:8]}"), request_id=request_id)
    assert first == again


async def test_a_request_id_stands_for_one_request(system: System, head: Caller) -> None:
    """Other content, or another method, under an id that was used is refused."""
    request_id = str(uuid4())
    name = (await head(CREATE, dispute=dispute(), request_id=request_id)).dispute.name
    async with nothing_written(system):
        other = await head.refused(CREATE, dispute=dispute(people=7), request_id=request_id)
        method = await head.refused("DisputeService/RefuseDispute", name=name, ground=1, request_id=request_id)
    assert [("ALREADY_EXISTS", "REQUEST_ID_REUSED", "request_id")] * 2 == [said(other), said(method)]


async def test_a_stale_etag_is_refused(system: System, head: Caller, registered: pb.Dispute) -> None:
    """Whoever saw an older revision must read again: step, update and deletion alike."""
    changed = pb.Dispute(name=registered.name, etag=registered.etag, people=4)
    update = {"dispute": changed, "update_mask": FieldMask(paths=["people"])}
    await head("DisputeService/UpdateDispute", **update)
    stale = {"name": registered.name, "etag": registered.etag}
    async with nothing_written(system):
        failures = [
            await head.refused("DisputeService/UpdateDispute", **update),
            await head.refused("DisputeService/RefuseDispute", ground=1, **stale),
            await head.refused("DisputeService/DeleteDispute", reason="重复登记", **stale),
        ]
    assert [("ABORTED", "STALE_ETAG")] * 3 == [said(failure)[:2] for failure in failures]


async def test_a_page_token_belongs_to_its_query(head: Caller, registered: pb.Dispute) -> None:
    """A page token of another query, or one that was tampered with, is refused."""
    for _ in range(2):
        await head(CREATE, dispute=dispute())
    token = (await head("DisputeService/ListDisputes", page_size=1)).next_page_token
    other = rpc.DisputeFilter(type=pb.DISPUTE_TYPE_NEIGHBOUR)
    failures = [
        await head.refused("DisputeService/ListDisputes", page_size=1, page_token=token, filter=other),
        await head.refused("SessionService/ListSessions", page_size=1, page_token=token),
        await head.refused("DisputeService/ListDisputes", page_size=1, page_token=token[:-3] + "abc"),
    ]
    assert [("INVALID_ARGUMENT", "BAD_PAGE_TOKEN")] * 3 == [said(failure)[:2] for failure in failures]


LONG = "长" * (5 * 2**20 // 3)
LARGE: Mapping[str, Any] = {
    CREATE: rpc.CreateDisputeRequest(dispute=dispute(summary=LONG), request_id=str(uuid4())),
    CREATE_PERSON: CreateSupervisedPersonRequest(supervised_person=supervised(plan=LONG), request_id=str(uuid4())),
    RECEIVE: CreateComplaintRequest(complaint=a_complaint(narrative=LONG), request_id=str(uuid4())),
    APPLY: CreateAidCaseRequest(aid_case=an_application(summary=LONG), request_id=str(uuid4())),
    HELD: RecordHeldActivityRequest(activity=held(office=OFFICE, title=LONG), request_id=str(uuid4())),
}


@pytest.mark.parametrize("method", LARGE)
async def test_a_message_of_five_megabytes_is_refused(system: System, method: str) -> None:
    """What is too large is refused as too large, not as broken, by every service."""
    async with nothing_written(system):
        with pytest.raises(Refused) as refused:
            await system.owner().raw(find(method), LARGE[method].SerializeToString())
    assert ("RESOURCE_EXHAUSTED", "MESSAGE_TOO_LARGE") == said(refused.value.failure)[:2]


@pytest.mark.parametrize("method", LARGE)
async def test_bytes_that_are_no_message_are_refused(system: System, method: str) -> None:
    """Noise is answered as noise, by every service."""
    async with nothing_written(system):
        with pytest.raises(Refused) as refused:
            await system.owner().raw(find(method), b"\xff\xfe\xfd")
    assert ("INVALID_ARGUMENT", "UNREADABLE_MESSAGE") == said(refused.value.failure)[:2]


async def test_money_that_is_not_there_is_not_spent(system: System) -> None:
    """Spending beyond the budget, or for what the earmark does not cover, is refused."""
    department = system.caller("department")
    entry = FundEntry(office=OFFICE, earmark="mediation_training", year=2012, kind=4, amount_fen=10**10,
                      entry_date=from_date(system.today), purpose="course")  # fmt: skip
    async with nothing_written(system):
        over = await department.refused("FundEntryService/CreateFundEntry", fund_entry=entry)
        entry.purpose = "subsidy"
        foreign = await department.refused("FundEntryService/CreateFundEntry", fund_entry=entry)
    assert ("FAILED_PRECONDITION", "OVER_BUDGET") == said(over)[:2]
    assert ("FAILED_PRECONDITION", "PURPOSE_NOT_COVERED") == said(foreign)[:2]


async def test_a_step_of_two_records_is_taken_whole_or_not_at_all(system: System, head: Caller) -> None:
    """A session whose mediator is nobody leaves its dispute where it was."""
    made = (await head(CREATE, dispute=dispute(registered_date=from_date(system.today)))).dispute
    session = Session(venue=1, held_date=from_date(system.today), mediators=[f"mediators/{uuid4()}"])
    await head("DisputeService/AcceptDispute", name=made.name)
    async with nothing_written(system):
        failure = await head.refused("DisputeService/RecordSession", name=made.name, session=session)
    assert failure.code.name in {"INVALID_ARGUMENT", "FAILED_PRECONDITION"}
    assert pb.Dispute.STATE_ACCEPTED == (await head("DisputeService/GetDispute", name=made.name)).dispute.state


@pytest.fixture(scope="module")
def publicist(system: System) -> Caller:
    """Give whoever records law publicity in an office."""
    return system.caller(*HEAD, offices=(OFFICE,), service="publicity")


NOBODY = f"facilities/{uuid4()}"
OF_PUBLICITY: Mapping[str, tuple[Activity, Mapping[str, Any], str, str]] = {
    "unknown office": (held(office="nowhere"), {}, "UNKNOWN_OFFICE", "office"),
    "a group twice": (held(office=OFFICE, audience=[*audience(pupils=3), *audience(pupils=4)], people=0), {},
                      "GROUP_TWICE", "audience[1].group"),
    "more people than groups": (held(office=OFFICE, people=51), {}, "TOTAL_MISMATCH", "people"),
    "fewer people than a group": (held(office=OFFICE, people=29), {}, "TOTAL_MISMATCH", "people"),
    "nobody there": (held(office=OFFICE, audience=[], people=0), {}, "NO_AUDIENCE", "audience"),
    "text turned around": (held(office=OFFICE, title=f"示例{RIGHT_TO_LEFT}"), {}, "BAD_TEXT", "activity.title"),
    "the future": (held(office=OFFICE, held_date=from_date(date(2012, 6, 29))), {}, "FUTURE_DATE",
                   "activity.held_date"),
    "a facility of nobody": (held(office=OFFICE, facilities=[NOBODY]), MATERIALS_AT, "UNKNOWN_REFERENCE",
                             "facilities[0]"),
    "a material twice": (held(office=OFFICE), {"materials": MATERIALS_AT["materials"] * 2}, "GROUP_TWICE",
                         "materials[2].kind"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", OF_PUBLICITY)
async def test_a_wrong_activity_is_recorded_in_no_part(system: System, publicist: Caller, wrong: str) -> None:
    """An activity with one wrong field leaves nothing, neither itself nor what was handed out at it."""
    given, more, reason, field = OF_PUBLICITY[wrong]
    async with nothing_written(system):
        failure = await publicist.refused(HELD, activity=given, **more)
    assert ("INVALID_ARGUMENT", reason, field) == said(failure)


async def test_a_cancelled_activity_is_not_held(system: System, publicist: Caller) -> None:
    """What was cancelled is held by no step, and what was held is not cancelled."""
    made = [
        (await publicist("ActivityService/CreateActivity", activity=planned(office=OFFICE))).activity for _ in range(2)
    ]
    who = audience(pupils=30)
    await publicist("ActivityService/CancelActivity", name=made[0].name, reason="示例")
    await publicist("ActivityService/HoldActivity", name=made[1].name, audience=who, **MATERIALS_AT)
    async with nothing_written(system):
        failures = [
            await publicist.refused("ActivityService/HoldActivity", name=made[0].name, audience=who),
            await publicist.refused("ActivityService/CancelActivity", name=made[1].name, reason="示例"),
        ]
        kept = await publicist.refused("ActivityService/DeleteActivity", name=made[1].name, reason="重复登记")
    assert {("FAILED_PRECONDITION", "IMPOSSIBLE_TRANSITION", "state")} == {said(failure) for failure in failures}
    assert ("FAILED_PRECONDITION", "STILL_USED", "name") == said(kept)
