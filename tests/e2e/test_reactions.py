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
from nats.js.errors import NotFoundError

from services.chassis.stream import FACTS
from services.chassis.testing import eventually
from tests.support import broker
from tests.support.calls import Caller
from tests.support.correction import on, supervised
from tests.support.legalservices import a_firm, a_practitioner
from tests.support.records import changed
from tests.support.story import PATIENCE
from tests.support.system import System
from tests.unit.legalaid.cases.cases import APPLICATION

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
    await eventually(lambda: _all_read(system, service), 60)


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
    await eventually(lambda: _proposed(system), 60)
    await broker.repeat(system, random.Random(5), 10**6)
    await _read_anew(system, "legalservices")
    head = system.caller("office_head", offices=("nanmen",), service="legalservices")
    [proposal] = (await head("ComplaintProposalService/ListComplaintProposals", PATIENCE)).complaint_proposals
    assert (cases[0], handler.name, on("2012-05-31")) == (
        proposal.legal_aid_case,
        proposal.practitioner,
        proposal.proposed_date,
    )
    opening = {"name": proposal.name, "narrative": "示例情况"}
    opened = (await head("ComplaintProposalService/OpenComplaint", **opening)).complaint
    again = await head.refused("ComplaintProposalService/OpenComplaint", **opening)
    assert (cases[0], proposal.name, "SETTLED_BEFORE") == (opened.legal_aid_case, opened.proposal, again.reason)
    await system.until_equal(60)


async def _proposed(system: System) -> bool:
    return bool(await system.rows("legalservices", "SELECT FROM complaint_proposal"))


async def _ended_case(system: System, handler: str, *, fault: bool) -> str:
    """Grant legal aid, and end it for the handler's fault or not; returns the name of the case."""
    centre = system.caller(service="legalaid")
    application = changed(APPLICATION, received_date=on("2012-03-01"), monthly_income_fen=10_000)
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
