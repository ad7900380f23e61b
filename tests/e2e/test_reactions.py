"""What services do after facts, their own or another's, is done once, whatever is killed, repeated or read anew."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from geju.legalaid.v1.aid_case_pb2 import AID_END_GROUND_DECEPTION
from geju.mediation.v1.committee_pb2 import COMMITTEE_KIND_STREET
from geju.mediation.v1.dispute_pb2 import DISPUTE_CHANNEL_LEGAL_AID
from nats.js.errors import NotFoundError

from services.chassis.stream import FACTS
from services.chassis.testing import eventually
from tests.support import broker
from tests.support.calls import Caller
from tests.support.correction import on, supervised
from tests.support.legalaid import an_application
from tests.support.legalservices import a_firm, a_practitioner
from tests.support.story import PATIENCE
from tests.support.system import System

pytestmark = pytest.mark.timeout(240)
SERVICE = "SupervisedPersonService"
KILLED = ("correction", "NATS", "correction", "NATS")
ENDED_EACH = 5


@pytest.fixture(scope="module")
async def released(system: System) -> list[str]:
    """End the correction of many persons while processes are killed one after the other."""
    caller, people = system.owner(), list[str]()
    for part in KILLED:
        names = [await _taken_over(caller) for _ in range(ENDED_EACH)]
        ends = [_end(caller, name) for name in names]
        await asyncio.gather(*ends[1:], _kill(system, part), *ends[:1])
        people += names
    return people


async def _taken_over(caller: Caller) -> str:
    person = supervised(term_to_date=on("2012-05-31"))
    made = await caller(f"{SERVICE}/CreateSupervisedPerson", PATIENCE, supervised_person=person)
    name = str(made.supervised_person.name)
    await caller(f"{SERVICE}/TakeOverPerson", PATIENCE, name=name, taken_over_date=on("2012-03-05"))
    return name


async def _end(caller: Caller, name: str) -> None:
    fields = {"name": name, "end_ground": 1, "ended_date": on("2012-05-31")}
    await caller(f"{SERVICE}/EndCorrection", PATIENCE, **fields)


async def _kill(system: System, part: str) -> None:
    await system.until_restarted(part, system.signal(part, signal.SIGKILL))


async def _files(system: System, people: Sequence[str]) -> list[tuple[str, str]]:
    """Return (person, file) of every file that was ever opened for one of these, as the files have it."""
    sql = "SELECT id, supervised_person FROM released_person WHERE supervised_person = ANY ($1)"
    rows = await system.rows("correction", sql, [name.partition("/")[2] for name in people])
    return sorted((row["supervised_person"], str(row["id"])) for row in rows)


async def _named(system: System, people: Sequence[str]) -> list[tuple[str, str]]:
    """Return (person, file) as the persons' own records have it; the file is empty where there is none yet."""
    sql = "SELECT id, released_person FROM supervised_person WHERE id = ANY ($1::uuid[])"
    rows = await system.rows("correction", sql, [name.partition("/")[2] for name in people])
    return sorted((str(row["id"]), row["released_person"]) for row in rows)


async def test_every_end_opens_one_file(system: System, released: list[str]) -> None:
    """Each person whose term was served has one file in the end, and the two records refer to each other."""

    async def opened() -> bool:
        return all(file for _, file in await _named(system, released))

    await eventually(opened, 60)
    assert len(KILLED) * ENDED_EACH == len(await _files(system, released))
    assert await _named(system, released) == await _files(system, released)


async def test_events_told_again_open_no_second_file(system: System, released: list[str]) -> None:
    """The whole stream told once more, and read from its beginning by a service killed meanwhile, changes no record."""
    before = await _files(system, released)
    traces = {name: count for name, count in (await system.traces()).items() if name.startswith("correction ")}
    await broker.repeat(system, random.Random(3), 10**6)
    await _read_anew(system, "correction")
    after = {name: count for name, count in (await system.traces()).items() if name.startswith("correction ")}
    assert (before, traces) == (await _files(system, released), after)
    await system.until_equal(60)


async def _read_anew(system: System, service: str) -> None:
    """Delete the consumer and kill the service: it makes the one anew and reads the stream from the beginning."""
    client = await system.nats()
    try:
        with suppress(NotFoundError):
            await client.jetstream().delete_consumer(FACTS, f"{service}-reactions")
    finally:
        await client.close()
    await _kill(system, service)
    await eventually(lambda: _all_read(system, service), 120)  # all that the tests before have told


async def _all_read(system: System, service: str) -> bool:
    client = await system.nats()
    try:
        found = await client.jetstream().consumer_info(FACTS, f"{service}-reactions")
    except NotFoundError:
        return False  # not made anew yet
    finally:
        await client.close()
    return bool(found.num_pending == 0 and found.num_ack_pending == 0 and found.delivered.consumer_seq > 0)


async def test_a_case_ended_for_its_handlers_fault_proposes_one_complaint(system: System) -> None:
    """The handler's office has one proposal of the case, though told again and read anew, and opens it once."""
    owner = system.owner()
    firm = (await owner("FirmService/CreateFirm", firm=a_firm(office="nanmen", licence_number="示例许可R"))).firm
    lawyer = a_practitioner(office="nanmen", firm=firm.name, licence_number="示例证R")
    handler = (await owner("PractitionerService/CreatePractitioner", practitioner=lawyer)).practitioner
    cases = [await _ended_case(system, handler.name, fault=fault) for fault in (True, False)]
    await _kill(system, "legalservices")
    await eventually(lambda: _proposed(system, cases[0]), 60)
    told = {name.partition("/")[2] for name in cases}
    assert await broker.repeat(system, random.Random(5), 10**6, told)
    await _read_anew(system, "legalservices")
    head = system.caller("office_head", offices=("nanmen",), service="legalservices")
    listed = await head("ComplaintProposalService/ListComplaintProposals", PATIENCE, page_size=1000)
    [proposal] = [one for one in listed.complaint_proposals if one.practitioner == handler.name]
    assert (cases[0], on("2012-05-31")) == (proposal.legal_aid_case, proposal.proposed_date)
    opening = {"name": proposal.name, "narrative": "示例情况"}
    opened = (await head("ComplaintProposalService/OpenComplaint", **opening)).complaint
    again = await head.refused("ComplaintProposalService/OpenComplaint", **opening)
    assert (cases[0], proposal.name, "SETTLED_BEFORE") == (opened.legal_aid_case, opened.proposal, again.reason)
    await system.until_equal(60)


async def _proposed(system: System, case: str) -> bool:
    sql = "SELECT FROM complaint_proposal WHERE legal_aid_case = $1"
    return bool(await system.rows("legalservices", sql, case.partition("/")[2]))


async def _ended_case(system: System, handler: str, *, fault: bool) -> str:
    """Grant legal aid, and end it for the handler's fault or not; returns the name of the case."""
    centre = system.caller(service="legalaid")
    application = an_application()
    name = str((await centre("AidCaseService/CreateAidCase", PATIENCE, aid_case=application)).aid_case.name)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("GrantAid", {"granted_date": on("2012-03-02")}),
        ("AssignHandler", {"practitioner": handler, "assigned_date": on("2012-03-05")}),
        ("BeginCase", {"begun_date": on("2012-03-06")}),
        ("EndAid", {"end_ground": AID_END_GROUND_DECEPTION, "ended_date": on("2012-05-31"), "handler_fault": fault}),
    ]
    for verb, fields in steps:
        await centre(f"AidCaseService/{verb}", PATIENCE, name=name, **fields)
    return name


REFERRED = 4
_FROM_CASES = "SELECT aid_case, id::text FROM dispute WHERE aid_case = ANY ($1)"
_FROM_DISPUTES = "SELECT origin_dispute, id::text FROM aid_case WHERE origin_dispute = ANY ($1)"
_OF_DISPUTES = "SELECT id::text, aid_case FROM dispute WHERE id = ANY ($1::uuid[])"


async def test_referrals_go_to_and_fro_once(system: System) -> None:
    """What one service refers the other opens once, though both are killed, told again and read anew."""
    owner = system.owner()
    cases = [await _referred_case(owner) for _ in range(REFERRED)]
    await asyncio.gather(*(_kill(system, part) for part in ("mediation", "legalaid")))
    mediator = await _mediator(owner)
    disputes = [await _referred_dispute(owner, mediator) for _ in range(REFERRED)]
    await asyncio.gather(*(_kill(system, part) for part in ("legalaid", "NATS", "mediation")))
    await eventually(lambda: _settled(system, cases, disputes), 60)
    before = await _written(system)
    assert await broker.repeat(system, random.Random(7), 10**6, {*cases, *disputes})
    await asyncio.gather(*(_read_anew(system, service) for service in ("mediation", "legalaid")))
    assert (True, before) == (await _settled(system, cases, disputes), await _written(system))
    [(_, opened), *_] = await _pairs(system, "mediation", _FROM_CASES, cases)
    dispute = (await owner("DisputeService/GetDispute", PATIENCE, name=f"disputes/{opened}")).dispute
    assert (DISPUTE_CHANNEL_LEGAL_AID, on("2012-03-06"), 0) == (
        dispute.channel,
        dispute.registered_date,
        len(dispute.parties),
    )
    await system.until_equal(60)


async def _written(system: System) -> dict[str, int]:
    """Count what changes leave, but for events: these two tell the other what it reacts to again when they begin."""
    again = ("mediation event", "legalaid event")
    return {name: count for name, count in (await system.traces()).items() if name not in again}


async def test_what_the_broker_lost_reaches_another_service(system: System) -> None:
    """A referral that was gone with the broker's store before the other service had read it is told again."""
    mediation = system.signal("mediation", signal.SIGSTOP)
    try:
        case = await _referred_case(system.owner())
        await eventually(lambda: broker.all_confirmed(system), 30)
        await broker.lose_store(system)
    finally:
        system.signal("mediation", signal.SIGKILL)
    await system.until_restarted("mediation", mediation)
    await eventually(lambda: _settled(system, [case], []), 60)
    await system.until_equal(60)


async def _referred_case(owner: Caller) -> str:
    """Grant legal aid and refer the case to mediation; returns the id."""
    made = await owner("AidCaseService/CreateAidCase", PATIENCE, aid_case=an_application())
    name = made.aid_case.name
    await owner("AidCaseService/GrantAid", PATIENCE, name=name, granted_date=on("2012-03-02"))
    await owner("AidCaseService/ReferToMediation", PATIENCE, name=name, referred_date=on("2012-03-06"))
    return str(name.partition("/")[2])


async def _mediator(owner: Caller) -> str:
    """Appoint a mediator; returns the name."""
    own = {"office": "wuma", "from_date": on("2010-01-01")}
    street = {"title": "测试街道调委会", "kind": COMMITTEE_KIND_STREET, "level": 2, **own}
    committee = (await owner("CommitteeService/CreateCommittee", PATIENCE, committee=street)).committee
    person = {"full_name": "测试调解员", "committee": committee.name, "employment": 1, "background": 1, **own}
    return str((await owner("MediatorService/CreateMediator", PATIENCE, mediator=person)).mediator.name)


async def _referred_dispute(owner: Caller, mediator: str) -> str:
    """Accept a dispute and hand it on to legal aid; returns the id."""
    parties = [{"side": 1, "full_name": "张某某"}, {"side": 2, "full_name": "测试甲"}]
    given = {"office": "wuma", "type": 4, "channel": 1, "registered_date": on("2012-03-01"), "parties": parties}
    name = (await owner("DisputeService/CreateDispute", PATIENCE, dispute=given)).dispute.name
    await owner("DisputeService/AcceptDispute", PATIENCE, name=name, mediator=mediator, accepted_date=on("2012-03-02"))
    session = {"venue": 1, "held_date": on("2012-03-03")}
    await owner("DisputeService/RecordSession", PATIENCE, name=name, session=session)
    referral = {"unit": "示例中心", "kind": 1, "to_legal_aid": True}
    await owner("DisputeService/ReferDispute", PATIENCE, name=name, referral=referral, referred_date=on("2012-03-06"))
    return str(name.partition("/")[2])


async def _settled(system: System, cases: Sequence[str], disputes: Sequence[str]) -> bool:
    """Tell whether each has exactly one counterpart that it knows, and that knows it."""
    from_cases = await _pairs(system, "mediation", _FROM_CASES, cases)
    from_disputes = await _pairs(system, "legalaid", _FROM_DISPUTES, disputes)
    assert len(from_cases) <= REFERRED
    assert len(from_disputes) <= REFERRED
    of_disputes = await _pairs(system, "mediation", _OF_DISPUTES, disputes)
    return from_cases == await _known(system, cases) and from_disputes == of_disputes


async def _pairs(system: System, service: str, sql: str, ids: Sequence[str]) -> list[tuple[str, str]]:
    return sorted((row[0], row[1]) for row in await system.rows(service, sql, ids))


async def _known(system: System, cases: Sequence[str]) -> list[tuple[str, str]]:
    """Return what cases say themselves of the disputes that they became."""
    found, owner = [], system.owner()
    for case in cases:
        name, why = f"aidCases/{case}", {"purpose": "核对记录"}
        record = (await owner("AidCaseService/GetAidCase", PATIENCE, name=name, **why)).aid_case
        found.append((case, str(record.mediation_dispute.rpartition("/")[2])))
    return sorted(found)
