"""Whoever may not is told so, and learns nothing about what is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import dispute_service_pb2 as rpc
from google.protobuf.field_mask_pb2 import FieldMask

from tests.support.correction import supervised
from tests.support.legalaid import an_application
from tests.support.legalservices import a_complaint
from tests.support.publicity import held
from tests.support.refusals import nothing_written, said
from tests.support.system import SERVICES, System
from tests.support.wrong_tokens import TOKENS

OFFICE, OTHER_OFFICE = "wuma", "nanmen"
CREATE = "DisputeService/CreateDispute"


def dispute(**fields: Any) -> pb.Dispute:
    """Return a dispute as a clerk takes it in."""
    parties = [pb.Party(side=1, full_name="张某某"), pb.Party(side=2, full_name="测试甲")]
    return pb.Dispute(**{"office": OFFICE, "type": 4, "channel": 1, "parties": parties} | fields)


ANY_CALL: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "mediation": (CREATE, {"dispute": dispute()}),
    "correction": ("SupervisedPersonService/CreateSupervisedPerson", {"supervised_person": supervised()}),
    "legalservices": ("ComplaintService/CreateComplaint", {"complaint": a_complaint()}),
    "legalaid": ("AidCaseService/CreateAidCase", {"aid_case": an_application()}),
    "publicity": ("ActivityService/RecordHeldActivity", {"activity": held(office=OFFICE)}),
    "aggregation": ("BoardService/GetBoard", {}),
}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", TOKENS)
async def test_a_bad_token_opens_nothing(system: System, kind: str, service: str) -> None:
    """A token that is expired, foreign, forged or missing is refused for what it is, by every service."""
    make, reason = TOKENS[kind]
    caller = system.bearer(make(system), service)
    method, fields = ANY_CALL[service]
    async with nothing_written(system):
        failure = await caller.refused(method, **fields)
    assert ("UNAUTHENTICATED", reason, "") == said(failure)


async def test_a_role_may_do_what_the_contract_says_and_no_more(system: System) -> None:
    """A clerk deletes nothing, an auditor writes nothing, a service reads no person."""
    made = (await system.caller("clerk", offices=(OFFICE,))(CREATE, dispute=dispute())).dispute
    attempts = [
        ("clerk", "DisputeService/DeleteDispute", {"name": made.name, "reason": "重复登记"}),
        ("auditor", CREATE, {"dispute": dispute()}),
        ("service", "DisputeService/GetDispute", {"name": made.name}),
        ("bureau_leader", "DisputeService/ListDisputes", {}),
        ("unheard_of", "DisputeService/ListDisputes", {}),
    ]
    async with nothing_written(system):
        failures = [await system.caller(role).refused(method, **fields) for role, method, fields in attempts]
    assert [("PERMISSION_DENIED", "PERMISSION_DENIED", "")] * len(attempts) == [said(failure) for failure in failures]


async def test_another_offices_record_is_not_there(system: System) -> None:
    """Reading, stepping, changing and deleting another office's record all end in NOT_FOUND, as for no record."""
    made = (await system.caller("clerk", offices=(OFFICE,))(CREATE, dispute=dispute(key=str(uuid4())))).dispute
    stranger = system.caller("clerk", "office_head", offices=(OTHER_OFFICE,))
    mask = FieldMask(paths=["people"])
    async with nothing_written(system):
        for name in (made.name, f"disputes/{uuid4()}"):
            changed = pb.Dispute(name=name, people=3)
            failures = [
                await stranger.refused("DisputeService/GetDispute", name=name),
                await stranger.refused("DisputeService/GetFile", name=name),
                await stranger.refused("DisputeService/RenderDocument", name=name, document=1),
                await stranger.refused("DisputeService/RefuseDispute", name=name, ground=1),
                await stranger.refused("DisputeService/UpdateDispute", dispute=changed, update_mask=mask),
                await stranger.refused("DisputeService/DeleteDispute", name=name, reason="重复登记"),
            ]
            assert {("NOT_FOUND", "NOT_FOUND")} == {said(failure)[:2] for failure in failures}


async def test_a_list_holds_the_callers_offices_only(system: System) -> None:
    """Neither a plain list nor one that asks for another office's record by its number finds it."""
    key = str(uuid4())
    await system.caller("clerk", offices=(OFFICE,))(CREATE, dispute=dispute(key=key))
    stranger = system.caller("clerk", offices=(OTHER_OFFICE,))
    everything = (await stranger("DisputeService/ListDisputes", page_size=1000)).disputes
    by_key = await stranger("DisputeService/ListDisputes", filter=rpc.DisputeFilter(office=OFFICE, key=key))
    by_office = await stranger("DisputeService/ListDisputes", filter=rpc.DisputeFilter(office=OFFICE))
    assert {OTHER_OFFICE} >= {found.office for found in everything}
    assert [] == [*by_key.disputes, *by_office.disputes]


async def test_nobody_writes_into_another_office(system: System) -> None:
    """A record of another office is not made, and none is moved there."""
    clerk = system.caller("clerk", offices=(OFFICE,))
    made = (await clerk(CREATE, dispute=dispute())).dispute
    moved = pb.Dispute(name=made.name, office=OTHER_OFFICE)
    async with nothing_written(system):
        of_new = await clerk.refused(CREATE, dispute=dispute(office=OTHER_OFFICE))
        of_old = await clerk.refused(
            "DisputeService/UpdateDispute", dispute=moved, update_mask=FieldMask(paths=["office"])
        )
    assert [("NOT_FOUND", "NOT_FOUND", "office")] * 2 == [said(of_new), said(of_old)]


async def test_members_of_a_figure_are_the_callers_own(system: System) -> None:
    """Who asks what a figure is made of sees the records of his offices only, and none of an office that is not his."""
    clerk = system.caller("clerk", offices=(OFFICE,))
    made = (await clerk(CREATE, dispute=dispute())).dispute
    await clerk("DisputeService/AcceptDispute", name=made.name)
    await system.until_equal()
    question = {"indicator": "mediation.accepted", "period": "2012", "page_size": 1000}
    own = await system.caller("clerk", offices=(OFFICE,), service="aggregation")("BoardService/ListMembers", **question)
    stranger = system.caller("clerk", offices=(OTHER_OFFICE,), service="aggregation")
    others = await stranger("BoardService/ListMembers", **question)
    refused = await stranger.refused("BoardService/ListMembers", unit=OFFICE, **question)
    assert made.name in {member.record for member in own.members}
    assert {OTHER_OFFICE} >= {member.office for member in others.members}
    assert ("PERMISSION_DENIED", "OFFICE_OUT_OF_SCOPE", "unit") == said(refused)
