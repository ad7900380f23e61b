"""A legal-aid case ended for its handler's fault proposes a complaint, once, which somebody opens or dismisses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats
import pytest
from asyncpg.pgproto.pgproto import UUID
from geju.legalaid.v1 import facts_pb2 as aid
from geju.legalservices.v1 import complaint_pb2, complaint_proposal_pb2, facts_pb2

from services.chassis.embedded import Nats
from services.chassis.reactions import Reactor
from services.chassis.runtime import Runtime
from services.chassis.stream import FactEvent, encode, facts_stream, subject
from services.chassis.testing import eventually
from services.legalservices.app import REACTIONS
from services.legalservices.domain.complaints import proposal
from tests.integration.chassis.toy import make_settings
from tests.integration.legalservices.complaints.conftest import (
    CLERK,
    COMPLAINTS,
    ELSEWHERE,
    HEAD,
    OTHER_OFFICE,
    PROPOSALS,
    Bench,
)
from tests.integration.servicers import DEPARTMENT, Database
from tests.support.records import on

CASE = "0198c0de-0000-7000-8000-00000000000a"


@dataclass
class Scene:
    """The bench with its reactions, on a NATS of its own."""

    bench: Bench
    client: Any
    settings: Any

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Runtime]:
        """React for the length of the block."""
        store = self.bench.store
        runtime = Runtime("legalservices", self.settings, store.profile, self.bench.clock)
        runtime.background("reactions", Reactor(runtime, store, REACTIONS).run)
        try:
            yield runtime
        finally:
            await runtime.close()

    async def tell(self, number: int, practitioner: str, change: str = "ended", **fields: Any) -> None:
        """Publish a revision of a legal-aid case."""
        handler, fault = practitioner.partition("/")[2], fields.get("handler_fault", True)
        given = {"handler_fault": fault, "fault_practitioner": handler if fault else "", "ended_date": on(2012, 5, 21)}
        facts = aid.AidCaseFacts(office="wuma", practitioner=handler, **given | fields)
        event = FactEvent(
            id=UUID(f"{number:032x}"),
            source="geju/legalaid",
            kind="aid_case",
            collection="aidCases",
            record_id=UUID(CASE),
            epoch=1,
            revision=number,
            sequence=number,
            change=change,
            office="wuma",
            actor="示例",
            recorded=datetime(2012, 5, 21, tzinfo=UTC),
            facts_type="geju.legalaid.v1.AidCaseFacts",
            facts=facts.SerializeToString(),
        )
        stream = self.client.jetstream()
        await stream.publish(subject(event), encode(event))

    async def handled(self, events: int) -> None:
        """Wait until so many events of the stream were acknowledged, and none is left."""

        async def done() -> bool:
            try:
                info = await self.client.jetstream().consumer_info("GEJU_FACTS", "legalservices-reactions")
            except nats.js.errors.NotFoundError:
                return False
            left = (info.num_ack_pending, info.num_pending)
            return info.delivered.consumer_seq >= events and left == (0, 0)

        await eventually(done)

    async def read_again(self) -> None:
        """Forget what was acknowledged: the next reader begins at the beginning of the stream."""
        await self.client.jetstream().delete_consumer("GEJU_FACTS", "legalservices-reactions")


@pytest.fixture
async def scene(
    bench: Bench, database: Database, nats_server: Nats, tmp_path: Path, record_keys: Path
) -> AsyncIterator[Scene]:
    """Give the bench beside an empty stream."""
    client = await nats.connect(nats_server.url)
    await client.jetstream().add_stream(facts_stream(1))
    settings = make_settings(
        tmp_path, nats_url=nats_server.url_of("legalservices"), **database[0].settings(), record_keys=record_keys
    )
    yield Scene(bench, client, settings)
    await client.close()


async def proposed(scene: Scene) -> complaint_proposal_pb2.ComplaintProposal:
    """Make the proposal of a case."""
    lawyer = await scene.bench.practitioner()
    async with scene.running():
        await scene.tell(1, lawyer.name)
        await scene.handled(1)
    [found] = await proposals(scene.bench)
    return found


async def proposals(bench: Bench) -> list[complaint_proposal_pb2.ComplaintProposal]:
    """Return the proposals there are."""
    return list((await bench.call(PROPOSALS + "ListComplaintProposals", DEPARTMENT)).complaint_proposals)


async def test_a_case_proposes_once(scene: Scene) -> None:
    """However often the end is delivered or told; a correction afterwards changes nothing."""
    lawyer = await scene.bench.practitioner()
    await scene.tell(1, lawyer.name)
    await scene.tell(2, lawyer.name, "corrected", handler_fault=False)
    await scene.tell(3, lawyer.name)
    for _ in range(2):
        async with scene.running():
            await scene.handled(3)
            await scene.read_again()
    [found] = await proposals(scene.bench)
    assert (f"aidCases/{CASE}", lawyer.name, proposal.PENDING) == (
        found.legal_aid_case,
        found.practitioner,
        found.state,
    )
    assert (OTHER_OFFICE, on(2012, 5, 21)) == (found.office, found.proposed_date)
    [facts] = await scene.bench.facts("complaint_proposal", facts_pb2.ComplaintProposalFacts)
    assert CASE == facts.legal_aid_case
    await scene.bench.call(PROPOSALS + "DeleteComplaintProposal", DEPARTMENT, name=found.name, reason="重复提出")
    async with scene.running():
        await scene.tell(4, lawyer.name)
        await scene.handled(4)
    assert [] == await proposals(scene.bench)


async def test_nothing_follows_without_fault(scene: Scene) -> None:
    """Nor of a case without a handler, one that is deleted, or of another change; an unknown handler is refused."""
    lawyer = await scene.bench.practitioner()
    await scene.tell(1, lawyer.name, handler_fault=False)
    await scene.tell(2, "")
    await scene.tell(3, lawyer.name, deleted=True)
    await scene.tell(4, lawyer.name, "reassigned")
    await scene.tell(5, f"practitioners/{CASE}")
    async with scene.running():
        await scene.handled(5)
    assert [] == await proposals(scene.bench)


async def test_whoever_took_a_case_over_is_not_to_blame(scene: Scene) -> None:
    """The proposal is about the handler at fault, not about who handled the case when it ended."""
    blamed, later = await scene.bench.practitioner(), await scene.bench.practitioner()
    fault = blamed.name.partition("/")[2]
    await scene.tell(1, later.name, fault_practitioner=fault, former_practitioner=[fault])
    async with scene.running():
        await scene.handled(1)
    assert [blamed.name] == [found.practitioner for found in await proposals(scene.bench)]


async def test_a_proposal_is_opened_as_a_complaint(scene: Scene) -> None:
    """Of the office that has the proposal; both refer to each other, and it is opened once."""
    bench, found = scene.bench, await proposed(scene)
    given: dict[str, Any] = {"name": found.name, "narrative": "示例情况", "received_date": on(2012, 5, 22)}
    assert "NOT_FOUND" == (await bench.refused(PROPOSALS + "OpenComplaint", HEAD, **given))[0]
    answer = await bench.call(PROPOSALS + "OpenComplaint", ELSEWHERE, **given)
    complaint = await bench.read(answer.complaint.name)
    assert (found.name, found.legal_aid_case, found.practitioner) == (
        complaint.proposal,
        complaint.legal_aid_case,
        complaint.practitioner,
    )
    assert complaint_pb2.COMPLAINT_CHANNEL_TRANSFERRED == complaint.channel
    assert complaint.receipt_code
    assert (proposal.OPENED, complaint.name) == (answer.complaint_proposal.state, answer.complaint_proposal.complaint)
    assert ("SETTLED_BEFORE", "state") == await bench.refused(PROPOSALS + "OpenComplaint", ELSEWHERE, **given)
    dismissed = await bench.refused(PROPOSALS + "DismissProposal", ELSEWHERE, name=found.name, reason="查无实据")
    assert ("SETTLED_BEFORE", "state") == dismissed


async def test_a_deleted_complaint_leaves_its_proposal_waiting(scene: Scene) -> None:
    """It can be opened again, or dismissed."""
    bench, found = scene.bench, await proposed(scene)
    given: dict[str, Any] = {"name": found.name, "narrative": "示例情况", "received_date": on(2012, 5, 22)}
    first = (await bench.call(PROPOSALS + "OpenComplaint", ELSEWHERE, **given)).complaint
    await bench.call(COMPLAINTS + "DeleteComplaint", DEPARTMENT, name=first.name, reason="登记有误")
    [waiting] = await proposals(bench)
    assert (proposal.PENDING, "", False) == (waiting.state, waiting.complaint, waiting.HasField("settled_date"))
    again = await bench.call(PROPOSALS + "OpenComplaint", ELSEWHERE, **given)
    assert (proposal.OPENED, again.complaint.name) == (
        again.complaint_proposal.state,
        again.complaint_proposal.complaint,
    )
    assert again.complaint.name != first.name


async def test_a_proposal_is_dismissed(scene: Scene) -> None:
    """With a reason in the trail."""
    found = await proposed(scene)
    dismiss: dict[str, Any] = {"name": found.name, "reason": "查无实据"}
    answer = await scene.bench.call(PROPOSALS + "DismissProposal", ELSEWHERE, **dismiss)
    assert proposal.DISMISSED == answer.complaint_proposal.state


async def test_nobody_makes_or_changes_proposals_by_hand(scene: Scene) -> None:
    """They are what the facts of legal aid say."""
    found = await proposed(scene)
    bench, by = scene.bench, ELSEWHERE
    create = await bench.refused(PROPOSALS + "CreateComplaintProposal", by, complaint_proposal={"office": OTHER_OFFICE})
    assert ("DECIDED_BY_STEP", "name") == create
    change: dict[str, Any] = {"complaint_proposal": {"name": found.name, "key": "P-1"}}
    assert ("DECIDED_BY_STEP", "name") == await bench.refused(PROPOSALS + "UpdateComplaintProposal", by, **change)
    rows = [{"row": 2, "complaint_proposal": {"office": OTHER_OFFICE, "key": "P-1"}}]
    [verdict] = (await bench.call(PROPOSALS + "ImportComplaintProposals", by, rows=rows)).verdicts
    assert "DECIDED_BY_STEP" == verdict.errors[0].reason


async def test_an_opened_complaint_takes_its_course(scene: Scene) -> None:
    """Its reply is owed to the centre of legal aid."""
    bench, found = scene.bench, await proposed(scene)
    answer = await bench.call(PROPOSALS + "OpenComplaint", ELSEWHERE, name=found.name, narrative="示例情况")
    by = replace(CLERK, offices=frozenset({OTHER_OFFICE}))
    complaint = await bench.step("AcceptComplaint", answer.complaint, by)
    complaint = (await bench.call(COMPLAINTS + "ReplyToUnit", by, name=complaint.name)).complaint
    assert (proposal.CENTRE, on(2012, 6, 1)) == (complaint.transferring_unit, complaint.replied_date)
