"""Personal values stay where they belong: canaries in every personal field, and a search of every other place."""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from geju.correction.v1 import duty_service_pb2, leave_pb2, supervised_person_pb2
from geju.mediation.v1 import dispute_service_pb2 as rpc

from tests.support import broker
from tests.support.calls import Caller, Refused, find, snake
from tests.support.canaries import MARK, Canary, filled, found_in
from tests.support.correction import RECORDS, supervised
from tests.support.legalaid import an_application
from tests.support.legalservices import a_complaint
from tests.support.personal_places import APPLY, OFFICE, PLACES, RECEIVE, dispute
from tests.support.planting import OF_RECORDS, OTHER_OFFICE, PUBLIC, missing
from tests.support.publicity import held
from tests.support.story import KINDS as NAMES
from tests.support.story import PURPOSE
from tests.support.system import DOMAIN, SERVICES, TABLES, System, read

pytestmark = pytest.mark.timeout(400)


async def test_every_personal_field_holds_a_canary(canary: Canary) -> None:
    """The search that follows covers every personal field of every record."""
    assert set() == missing(canary)


async def test_every_personal_field_of_a_person_is_kept(system: System, canary: Canary) -> None:
    """What was planted in records of persons stands in them, where it can be read with the keys only."""
    for service in ("correction", "legalservices", "legalaid"):
        held = {place for record in await system.records(service) for place in filled(record)}
        assert set() == {place for place in OF_RECORDS if place[0].startswith(f"geju.{service}.")} - held


async def test_the_databases_hold_personal_values_encrypted_only(system: System, canary: Canary) -> None:
    """No column of any table of any service, the waiting outbox included, holds a canary."""
    system.signal("NATS", signal.SIGSTOP)
    try:
        await canary("DisputeService/CreateDispute", dispute=dispute())
        await canary("SupervisedPersonService/CreateSupervisedPerson", supervised_person=supervised(office=OFFICE))
        await canary(RECEIVE, complaint=a_complaint(office=OFFICE))
        await canary(APPLY, aid_case=an_application(office=OFFICE))
        await canary("ActivityService/RecordHeldActivity", activity=held(office=OFFICE))
        for service in DOMAIN:
            [waiting] = await system.rows(service, "SELECT count(*) FROM outbox")
            assert waiting["count"] > 0
        leaking = [table for service in SERVICES for table in await _leaking_tables(system, service)]
    finally:
        system.signal("NATS", signal.SIGCONT)
    assert [] == leaking


async def _leaking_tables(system: System, service: str) -> list[str]:
    tables = [row[0] for row in await system.rows(service, TABLES)]
    assert len(tables) > 5
    rows = {table: await system.rows(service, f"SELECT t::text FROM {table} t") for table in tables}  # noqa: S608
    return [table for table in tables if any(found_in(row[0]) for row in rows[table])]


async def test_no_file_of_the_installation_holds_a_canary(system: System, canary: Canary) -> None:
    """Neither data files nor write-ahead log nor stream nor logs nor spreadsheets left behind."""
    files = [path for path in system.home.root.rglob("*") if path.is_file()]
    await system.rows("mediation", "CHECKPOINT")  # of every database
    assert [] == [str(path) for path in files if found_in(read(path))]


async def test_the_stream_carries_nothing_personal(system: System, canary: Canary) -> None:
    """Nothing of what was published can be traced to a person."""
    await system.until_equal(60)
    client = await system.nats()
    try:
        messages = await broker.stored(client.jetstream())
    finally:
        await client.close()
    assert any(OFFICE.encode() in message.data for message in messages)
    assert [] == [message.subject for message in messages if found_in(message.data)]


@pytest.mark.parametrize("service", SERVICES)
async def test_metrics_hold_nothing_personal(system: System, canary: Canary, service: str) -> None:
    """Labels are codes of closed lists."""
    assert not found_in(system.metrics(service))


@pytest.mark.parametrize("place", PLACES)
async def test_refusals_repeat_no_personal_value(system: System, canary: Canary, place: str) -> None:
    """Whatever is refused for whatever reason, the answer does not quote it."""
    for text in (f"{MARK}{'长' * 9000}", f"{MARK}\u202e"):
        name, request = PLACES[place](text)
        request.request_id = str(uuid4())
        with pytest.raises(Refused) as refused:
            await system.owner().raw(find(name), request.SerializeToString())
        assert place.rpartition(".")[2] in str(refused.value.failure.fields)
        canary.refusals.append(refused.value)
    shown = [(r.failure.message, r.failure.facts, r.failure.fields, repr(r.__cause__)) for r in canary.refusals]
    assert [] == [one for one in shown if found_in(json.dumps(one, ensure_ascii=False))]


async def test_verdicts_on_rows_repeat_no_personal_value(system: System, canary: Canary) -> None:
    """A bad row of a spreadsheet is described, not quoted."""
    texts: Mapping[str, Any] = {"applicants": f"{MARK}\u202e", "mediator": MARK, "summary": f"{MARK}{'长' * 9000}"}
    rows = [
        rpc.DisputeImportRow(**{"row": n, "office": OFFICE, "key": f"L-{n}", "type": 1, "channel": 1, field: text})
        for n, (field, text) in enumerate(texts.items())
    ]
    answer = await system.caller("clerk")("DisputeService/ImportDisputes", rows=rows)
    assert [True] * len(rows) == [bool(verdict.errors) for verdict in answer.verdicts]
    assert not found_in(answer)


async def test_a_name_in_the_place_of_a_number_is_not_repeated(system: System, canary: Canary) -> None:
    """Whoever writes a person's name where the number belongs is told so, and the name is not told again."""
    first = {"year": 2012, "month": 3, "day": 1}
    duty = duty_service_pb2.DutyImportRow(row=1, office=OFFICE, person=MARK, month_date=first)
    leave = leave_pb2.Leave(office=OFFICE, person=MARK, kind=1, from_date=first, to_date=first)
    person = supervised(office=OFFICE, full_name=f"{MARK}\u202e", id_number=MARK, officer=MARK)
    of_aid: Mapping[str, Mapping[str, Any]] = {
        "TravelTime": {"place": f"{OFFICE}-c01", "station": MARK, "from_date": first},
        "VolunteerShift": {"volunteer": MARK, "station": MARK, "served_date": first},
        "Consultation": {"channel": 1, "topic": 1, "held_date": first, "aid_case": MARK},
    }
    answers = [
        *[await _one_row(system, kind, record) for kind, record in of_aid.items()],
        await system.owner()("DutyService/ImportDuties", rows=[duty]),
        await system.owner()("LeaveService/ImportLeaves", rows=[{"row": 1, "leave": leave}]),
        await system.owner()(
            "SupervisedPersonService/ImportSupervisedPersons", rows=[{"row": 1, "supervised_person": person}]
        ),
    ]
    assert [True] * len(answers) == [bool(verdict.errors) for answer in answers for verdict in answer.verdicts]
    assert [] == [type(answer).__name__ for answer in answers if found_in(answer)]


async def _one_row(system: System, kind: str, record: Mapping[str, Any]) -> Any:
    row = {"row": 1, snake(kind): {"office": OFFICE, "key": "N-1", **record}}
    return await system.owner()(f"{kind}Service/Import{kind}s", rows=[row])


async def test_another_office_and_the_board_show_nothing_personal(system: System, canary: Canary) -> None:
    """Another office's lists, deadlines, figures and their members, and the audit trail hold no canary."""
    answers: list[Any] = []
    token = system.token("clerk", "office_head", "auditor", "sealed_files", offices=(OTHER_OFFICE,))
    stranger = Caller(*system.channels(token))
    lists = [find_list(name) for name in NAMES.values() if name != "PieceRateStatement"]
    for name in [*lists, *(f"{service}.FundEntryService/ListFundEntries" for service in DOMAIN[1:])]:
        purpose = {"purpose": PURPOSE} if "purpose" in find(name).request.DESCRIPTOR.fields_by_name else {}
        answers.append(await stranger(name, page_size=1000, **purpose))
    assert PUBLIC == {place for answer in answers for place in filled(answer)}
    answers = [answer for answer in answers if not set(filled(answer))]
    owner = system.owner()
    for prefix in ("", *(f"{service}." for service in DOMAIN[1:])):
        answers.append(await owner(f"{prefix}LimitService/ListLimits", page_size=1000, due_within_days=365))
        answers.append(await owner(f"{prefix}AuditService/ListAuditEntries", page_size=1000))
    board = system.caller("clerk", "auditor", service="aggregation")
    answers.append(await board("BoardService/GetBoard", unit=OFFICE, period="2012"))
    for indicator in (
        "mediation.accepted",
        "correction.received",
        "resettlement.registered",
        "legalservices.complaints",
        "legalaid.accepted",
        "publicity.activities",
    ):
        question = {"indicator": indicator, "period": "2011", "page_size": 1000}
        answers.append(await board("BoardService/ListMembers", **question))
    assert [] == [type(answer).__name__ for answer in answers if found_in(answer)]


def find_list(name: str) -> str:
    """Return the List method of a kind's service."""
    [collection] = [plural for plural, kind in NAMES.items() if kind == name]
    return f"{name}Service/List{collection[:1].upper()}{collection[1:]}"


async def test_who_may_finds_a_person_and_can_erase_him(system: System, canary: Canary) -> None:
    """An exact name finds the encrypted record; once erased it finds nothing, and no figure has changed."""
    made = await canary("DisputeService/CreateDispute", dispute=dispute())
    await system.until_equal(60)
    before = await system.figures()
    department = system.caller("department")
    wanted = {"person_name": canary.sent["geju.mediation.v1.Party", "full_name"], "purpose": "本人申请查阅"}
    found = await department("AuditService/GetSubjectRecords", **wanted)
    await department("AuditService/EraseRecord", name=made.dispute.name, reason="本人申请删除")
    after = await department("AuditService/GetSubjectRecords", **wanted)
    left = await department("DisputeService/GetDispute", name=made.dispute.name)
    assert [made.dispute.name] == [record.name for record in found.records]
    assert ([], False) == (list(after.records), found_in(left))
    await system.until_equal(60)
    assert before == await system.figures()


async def test_all_that_is_held_on_a_person_is_told_and_erased(system: System, canary: Canary) -> None:
    """One call returns what is held on a person; nothing is erased before the file is closed, and then all of it."""
    name = await _person_on_leave(canary)
    department = system.caller("department", "sealed_files", service="correction")
    wanted, erasure = {"name": name, "purpose": PURPOSE}, {"name": name, "reason": "本人申请删除"}
    held = await department("SubjectService/GetSubject", **wanted)
    with pytest.raises(Refused) as refused:
        await department("SubjectService/EraseSubject", **erasure)
    assert "FILE_OPEN" == refused.value.failure.reason
    ended = {"ended_date": {"year": 2012, "month": 5, "day": 4}, "end_ground": supervised_person_pb2.END_GROUND_DIED}
    await canary("SupervisedPersonService/EndCorrection", name=name, **ended)
    await system.until_equal(60)
    before = await system.figures()
    await department("SubjectService/EraseSubject", **erasure)
    left = await department("SubjectService/GetSubject", **wanted)
    assert {"supervisedPersons", "duties", "leaves"} == {record.collection for record in held.records}
    assert (True, False) == (found_in(held), found_in(left))
    await system.until_equal(60)
    assert before == await system.figures()


async def _person_on_leave(canary: Canary) -> str:
    """Take a person over who asks for leave; returns the name."""
    service = "SupervisedPersonService"
    made = await canary(f"{service}/CreateSupervisedPerson", supervised_person=supervised(office=OFFICE))
    name = str(made.supervised_person.name)
    await canary(f"{service}/TakeOverPerson", name=name, taken_over_date={"year": 2012, "month": 3, "day": 5})
    leave = RECORDS["leave"](name)
    leave.office = OFFICE
    await canary("LeaveService/CreateLeave", leave=leave)
    return name


@pytest.mark.parametrize("service", DOMAIN)
async def test_the_audit_chain_is_whole(system: System, canary: Canary, service: str) -> None:
    """Every entry written so far lies in the hash chain as it was written."""
    [linked] = await system.rows(service, "SELECT count(*) FROM audit_link")
    answer = await system.caller("auditor", service=service)("AuditService/VerifyAudit")
    assert (True, "") == (answer.intact, answer.problem)
    assert answer.entries >= linked["count"] > 0
