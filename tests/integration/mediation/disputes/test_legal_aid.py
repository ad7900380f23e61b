"""What mediation does after facts of legal aid: the dispute of a case that was referred, the case a dispute became."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from asyncpg.pgproto.pgproto import UUID
from geju.legalaid.v1 import aid_case_pb2
from geju.legalaid.v1.facts_pb2 import AidCaseFacts
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1.facts_pb2 import DisputeFacts

from services.chassis import context, profile_file, testing
from services.chassis.clock import ManualClock
from services.chassis.stream import FactEvent
from services.chassis.work import Work
from services.mediation import reaction
from services.mediation.domain.errors import PartiesRequired
from services.mediation.kinds import DISPUTE, SESSION
from services.mediation.registers import REGISTERS
from services.mediation.service import DisputeServicer
from tests.integration.mediation.disputes.conftest import PROFILE
from tests.integration.servicers import DEPARTMENT, Database, RecordServicers, migrated, with_servicers
from tests.support.records import changed, on

#: The service itself, as its reactions run.
SERVICE = context.Caller("geju/mediation", frozenset({"service"}), frozenset({"*"}))
CASE = UUID("0198c0de-0000-7000-8000-000000000001")
SIDES, APPLIED = (pb.PARTY_SIDE_APPLICANT, pb.PARTY_SIDE_RESPONDENT), pb.DISPUTE_CHANNEL_APPLICATION
OTHER = "0198c0de-0000-7000-8000-000000000002"
REFERRED = AidCaseFacts(
    office="wuma",
    place="wuma-c01",
    kind=aid_case_pb2.AID_KIND_CIVIL,
    matter=aid_case_pb2.AID_MATTER_TRAFFIC,
    received_date=on(2012, 5, 1),
    referred_date=on(2012, 5, 2),
)


class Bench(RecordServicers):
    """The bench of disputes, with what follows from facts of legal aid."""

    async def follow(self, handle: Callable[[Work, FactEvent], Awaitable[None]], facts: AidCaseFacts) -> None:
        """Let the service itself react to an event of the case."""
        context.enter(context.Call(SERVICE, "/geju.mediation.reactions/legalaid.aid_case"))
        event = FactEvent(
            id=UUID(str(uuid4())),
            source="geju/legalaid",
            kind="aid_case",
            collection="aidCases",
            record_id=CASE,
            epoch=1,
            revision=1,
            sequence=1,
            change="referred",
            office=facts.office,
            actor="somebody",
            recorded=datetime(2012, 5, 2, tzinfo=UTC),
            facts_type=AidCaseFacts.DESCRIPTOR.full_name,
            facts=facts.SerializeToString(),
        )
        async with Work(self.store, context.current()) as work:
            await handle(work, event)
            await work.commit()

    async def disputes(self) -> list[pb.Dispute]:
        """Return the disputes there are."""
        return list((await self.call("DisputeService/ListDisputes")).disputes)


@pytest.fixture(scope="session")
async def database(postgres: testing.Server) -> Database:
    """Give a migrated database with the URL of its superuser."""
    return await migrated(postgres, "mediation")


@pytest.fixture
async def bench(database: Database, clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store with its servicer; it is 1 June 2012."""
    profile, kinds = profile_file.load(PROFILE), (DISPUTE, SESSION, *REGISTERS)
    parts: dict[str, Any] = {"profile": profile, "kinds": kinds, "servicers": (DisputeServicer,)}
    async with with_servicers(Bench, database, clock, service="mediation", **parts) as found:
        yield found


async def test_a_case_that_was_referred_is_opened_once(bench: Bench) -> None:
    """However often legal aid says so; the clerk adds the parties before it is accepted."""
    for _ in range(3):
        await bench.follow(reaction.open_dispute, REFERRED)
    [dispute] = await bench.disputes()
    assert (f"aidCases/{CASE}", pb.DISPUTE_CHANNEL_LEGAL_AID, pb.DISPUTE_TYPE_TRAFFIC, on(2012, 5, 2)) == (
        dispute.aid_case,
        dispute.channel,
        dispute.type,
        dispute.registered_date,
    )
    [entry] = await bench.rows("SELECT change, actor FROM audit WHERE revision > 0")
    assert ("taken_from_aid", "geju/mediation") == (entry["change"], entry["actor"])
    with pytest.raises(PartiesRequired):
        await bench.call("DisputeService/AcceptDispute", DEPARTMENT, name=dispute.name)
    parties = [pb.Party(side=side, full_name="示例某") for side in SIDES]
    await bench.change("Update", dispute, parties=parties)
    accepted = (await bench.call("DisputeService/AcceptDispute", DEPARTMENT, name=dispute.name)).dispute
    assert (pb.Dispute.STATE_ACCEPTED, dispute.aid_case) == (accepted.state, accepted.aid_case)


@pytest.mark.parametrize("fields", [{"referred_date": None}, {"origin_dispute": OTHER}, {"deleted": True}], ids=str)
async def test_no_other_case_is_opened(bench: Bench, fields: dict[str, Any]) -> None:
    """Not one that was not referred, that came from here, or that is gone."""
    await bench.follow(reaction.open_dispute, changed(REFERRED, **fields))
    assert [] == await bench.disputes()


async def test_a_dispute_knows_the_case_it_became(bench: Bench) -> None:
    """Once, and only what is here; the reference cannot be sent by anybody."""
    made = await bench.make(
        pb.Dispute(office="wuma", type=pb.DISPUTE_TYPE_OTHER, channel=APPLIED, aid_case=f"aidCases/{uuid4()}")
    )
    assert "" == made.aid_case
    facts = AidCaseFacts(office="wuma", origin_dispute=made.name.partition("/")[2])
    for _ in range(2):
        await bench.follow(reaction.note_case, facts)
    await bench.follow(reaction.note_case, changed(facts, origin_dispute=str(uuid4())))
    await bench.follow(reaction.note_case, REFERRED)
    known = await bench.get(made)
    assert (f"aidCases/{CASE}", 2) == (known.aid_case, known.revision)
    [found] = await bench.facts("dispute", DisputeFacts)
    assert str(CASE) == found.aid_case
