"""Canaries where nobody looks: traces, memory of those who must not know, files given out, requests of any kind."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import Any

import pytest
from geju.aggregation.v1 import report_service_pb2 as reports

from services.chassis.client import Channel
from services.chassis.identity import ROLES
from tests.support.calls import Refused
from tests.support.canaries import FORMS, filled, found_in
from tests.support.hostile import Answer, Served, all_of, send, served
from tests.support.memory import in_memory
from tests.support.personal_places import OFFICE
from tests.support.planting import LOOKED_FOR, OTHER_OFFICE, PUBLIC, Planted, asked_places
from tests.support.requests import Maker
from tests.support.system import DOMAIN, SERVICES, System

pytestmark = pytest.mark.timeout(400)
#: Requests to each method that answers about records.
EACH = 4


async def test_every_personal_field_of_every_request_was_tried(system: System, planted: Planted) -> None:
    """By the contract as it is served: what a method takes or looks for of persons was sent as a canary."""
    places = {
        place
        for one in await served(system)
        if one.service in DOMAIN
        for place in asked_places(one.method.request.DESCRIPTOR)
    }
    assert len(places) > 100
    assert {name for _, name in places} >= LOOKED_FOR
    assert set() == places - planted.sent


def test_traces_hold_nothing_personal(planted: Planted) -> None:
    """Neither names nor parameters of calls and statements in any span that was sent."""
    sent = b"".join(planted.traces)
    assert b"CreateDispute" in sent
    assert b"INSERT INTO" in sent
    assert not found_in(sent)


@pytest.mark.parametrize("part", ["aggregation", "NATS", "PostgreSQL"])
def test_nobody_else_ever_had_a_canary_in_memory(system: System, planted: Planted, part: str) -> None:
    """What would lie in a core dump: board, broker and database, its shared buffers included, never knew one."""
    known = OFFICE.encode()
    try:
        own = in_memory(os.getpid(), FORMS)
        found = in_memory(system.pid(part), [*FORMS, known])
    except PermissionError:
        pytest.skip("needs root: the memory of other processes, which this kernel shows to nobody else")
    assert own, "the search finds what is there"
    assert {known} == found


async def test_refusals_of_every_method_repeat_no_personal_value(planted: Planted) -> None:
    """Whatever any method refuses in a request full of canaries, no answer quotes one."""
    assert len(planted.caller.refusals) > 100
    shown = [(r.failure.message, r.failure.facts, r.failure.fields, repr(r.__cause__)) for r in planted.caller.refusals]
    assert [] == [one for one in shown if found_in(str(one)) or found_in(repr(one))]


def _asked(planted: Planted, methods: Sequence[Served], seed: int) -> list[tuple[Served, Any]]:
    maker = Maker(random.Random(seed), planted.names, [OFFICE])
    made = [(one, maker.request(one.method)) for one in methods for _ in range(EACH)]
    for _, request in made:
        fields = request.DESCRIPTOR.fields_by_name
        for name, value in {"page_size": 1000, "purpose": "核对记录"}.items():
            if name in fields:
                setattr(request, name, value)
    return made


async def _answers(channels: dict[str, Channel], asked: Sequence[tuple[Served, Any]]) -> list[tuple[Served, Answer]]:
    answers = await all_of(send(channels[one.service], one, request.SerializeToString()) for one, request in asked)
    return [(one, answer) for (one, _), answer in zip(asked, answers, strict=True) if answer.message is not None]


async def test_what_reads_no_person_shows_nothing_personal(system: System, planted: Planted) -> None:
    """Methods that the contract does not audit as reads of a person tell nobody, whatever role, a personal value."""
    methods = [m for m in await served(system) if not (m.method.access.mutates or m.method.access.reads_person)]
    token = system.token(*ROLES, offices=("*",))
    channels = {service: system.channel(token, service) for service in SERVICES}
    answers = await _answers(channels, _asked(planted, methods, 5))
    assert len({str(one) for one, _ in answers}) > 20
    telling = {str(one): {*filled(answer.message)} for one, answer in answers if found_in(answer.message)}
    assert {} == {one: places - PUBLIC for one, places in telling.items() if places - PUBLIC or not places}


async def test_every_method_shows_another_office_nothing_personal(system: System, planted: Planted) -> None:
    """Whoever has every role at another office and names this one's records is told what the public register says."""
    methods = [one for one in await served(system) if not one.method.access.mutates]
    token = system.token(*ROLES, offices=(OTHER_OFFICE,), subject="stranger")
    channels = {service: system.channel(token, service) for service in SERVICES}
    answers = await _answers(channels, _asked(planted, methods, 6))
    assert len({str(one) for one, _ in answers}) > 80
    telling = {str(one): {*filled(answer.message)} for one, answer in answers if found_in(answer.message)}
    assert telling, "the public register is read"
    assert {} == {one: places - PUBLIC for one, places in telling.items() if places - PUBLIC or not places}


async def test_files_of_reports_hold_nothing_personal(system: System, planted: Planted) -> None:
    """Word and Excel files of a published period, with its restatements, for each role that may have them."""
    await system.until_equal(60)
    department = system.caller("department", service="aggregation")
    await department("ReportService/ClosePeriod", period="2011-02")
    found = []
    for role in ("clerk", "office_head", "department", "bureau_leader", "auditor", "operations"):
        caller = system.caller(role, service="aggregation")
        for form in (reports.REPORT_FORMAT_DOCX, reports.REPORT_FORMAT_XLSX):
            asked = {"name": "reports/2011-02", "all_units": True, "format": form}
            found.append((role, await caller("ReportService/ExportReport", **asked)))
    assert [True] * len(found) == [answer.document.content.startswith(b"PK") for _, answer in found]
    assert [] == [role for role, answer in found if found_in(answer)]


async def test_own_documents_name_the_person(system: System, planted: Planted) -> None:
    """The search sees into packed files: a document about one's own case names its applicant."""
    owner = system.owner()
    for name in planted.names["aid_case"]:
        try:
            answer = await owner("AidCaseService/RenderAidDocument", name=name, document=1, purpose="核对记录")
        except Refused:
            continue  # of a case that has not come so far
        assert found_in(answer.document.content)
        return
    raise AssertionError("no document could be made")
