"""Referrals between legal aid and mediation, both services on one stream: each record once, whatever comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import nats
import pytest
from geju.legalaid.v1 import aid_case_pb2
from geju.mediation.v1 import dispute_pb2, facts_pb2

from services.chassis import context, testing
from services.chassis.clock import ManualClock
from services.chassis.embedded import Nats
from services.chassis.publishing import start_relay
from services.chassis.reactions import Reactor
from services.chassis.runtime import Runtime
from services.chassis.testing import eventually
from services.chassis.work import Work
from services.legalaid.app import REACTIONS as AID_REACTIONS
from services.mediation.kinds import DISPUTE, SESSION
from services.mediation.reaction import REACTIONS as MEDIATION_REACTIONS
from services.mediation.registers import REGISTERS
from services.mediation.service import DisputeServicer, SessionServicer
from tests.integration.chassis.toy import make_settings
from tests.integration.legalaid.cases.conftest import CLERK, HEAD, Bench
from tests.integration.servicers import DEPARTMENT, Database, RecordServicers, migrated, with_servicers
from tests.support.records import on
from tests.unit.legalaid.cases.cases import PROFILE

NAMES = ("legalaid", "mediation")
IN_MEDIATION: dict[str, Any] = {
    "office": "wuma",
    "type": dispute_pb2.DISPUTE_TYPE_UNPAID_WAGES,
    "channel": dispute_pb2.DISPUTE_CHANNEL_APPLICATION,
    "kind": dispute_pb2.DISPUTE_KIND_PEOPLE,
    "registered_date": on(2024, 3, 1),
    "accepted_date": on(2024, 3, 2),
    "first_session_date": on(2024, 3, 5),
    "last_session_date": on(2024, 3, 5),
    "sessions": 1,
    "state": dispute_pb2.Dispute.STATE_IN_MEDIATION,
}
TO_AID = {"unit": "法律援助中心", "to_legal_aid": True}


class Mediation(RecordServicers):
    """The bench of mediation, with what these tests begin with."""

    async def in_mediation(self, **fields: Any) -> dispute_pb2.Dispute:
        """Store a dispute that is in mediation, as its steps leave it."""
        context.enter(context.Call(DEPARTMENT, "/geju.mediation.v1.DisputeService/RecordSession"))
        async with Work(self.store, context.current()) as work:
            made = work.create(DISPUTE, dispute_pb2.Dispute(**IN_MEDIATION | fields))
            await work.commit()
        return made

    async def refer(self, dispute: Any, **referral: Any) -> dispute_pb2.Dispute:
        """Hand a dispute on."""
        given = {"name": dispute.name, "referral": referral, "referred_date": on(2024, 3, 8)}
        return (await self.call("DisputeService/ReferDispute", HEAD, **given)).dispute  # type: ignore[no-any-return]

    async def disputes(self) -> list[dispute_pb2.Dispute]:
        """Return the disputes there are."""
        return list((await self.call("DisputeService/ListDisputes")).disputes)


@dataclass
class Scene:
    """Both benches, whose relays and reactions run on a NATS of their own."""

    aid: Bench
    mediation: Mediation
    client: Any
    settings: dict[str, Any]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Publish and react for the length of the block."""
        begun = []
        for name, bench, reactions in self._services():
            runtime = Runtime(name, self.settings[name], PROFILE, bench.clock)
            start_relay(runtime)
            runtime.background("reactions", Reactor(runtime, bench.store, reactions).run)
            begun.append(runtime)
        try:
            yield
        finally:
            for runtime in begun:
                await runtime.close()

    def _services(self) -> list[tuple[str, Any, Any]]:
        return [("legalaid", self.aid, AID_REACTIONS), ("mediation", self.mediation, MEDIATION_REACTIONS)]

    async def handled(self, events: int) -> None:
        """Wait until the stream holds so many events and both services have handled all that are for them."""

        async def done() -> bool:
            stream = self.client.jetstream()
            try:
                last = (await stream.stream_info("GEJU_FACTS")).state.last_seq
                found = [await stream.consumer_info("GEJU_FACTS", f"{name}-reactions") for name in NAMES]
            except nats.js.errors.NotFoundError:
                return False
            return last == events and all(info.num_ack_pending == info.num_pending == 0 for info in found)

        await eventually(done)

    async def read_again(self) -> None:
        """Forget what was acknowledged: the next readers begin at the beginning of the stream."""
        for name in NAMES:
            await self.client.jetstream().delete_consumer("GEJU_FACTS", f"{name}-reactions")

    async def again(self, events: int) -> None:
        """Let both services run, and then twice more from the beginning of the stream."""
        for _ in range(3):
            async with self.running():
                await self.handled(events)
                await self.read_again()

    async def cases(self) -> list[aid_case_pb2.AidCase]:
        """Return the cases there are."""
        return list((await self.aid.call("AidCaseService/ListAidCases")).aid_cases)


@pytest.fixture(scope="session")
async def mediation_database(postgres: testing.Server) -> Database:
    """Give a migrated database of mediation with the URL of its superuser."""
    return await migrated(postgres, "mediation")


@pytest.fixture
async def scene(
    bench: Bench,
    database: Database,
    mediation_database: Database,
    clock: ManualClock,
    nats_server: Nats,
    tmp_path: Path,
    record_keys: Path,
) -> AsyncIterator[Scene]:
    """Give both benches beside an empty stream."""
    client = await nats.connect(nats_server.url)
    urls = {"legalaid": database[0], "mediation": mediation_database[0]}
    settings = {
        name: make_settings(tmp_path, nats_url=nats_server.url_of(name), record_keys=record_keys, **one.settings())
        for name, one in urls.items()
    }
    kinds, servicers = (DISPUTE, SESSION, *REGISTERS), (DisputeServicer, SessionServicer)
    parts: dict[str, Any] = {"profile": PROFILE, "kinds": kinds, "servicers": servicers}
    async with with_servicers(Mediation, mediation_database, clock, service="mediation", **parts) as mediation:
        yield Scene(bench, mediation, client, settings)
    await client.close()


async def test_a_case_becomes_a_dispute_once(scene: Scene) -> None:
    """In its office, from legal aid, for the clerk to fill in; the two records refer to each other."""
    case = await scene.aid.case(matter=aid_case_pb2.AID_MATTER_UNPAID_WAGES)
    await scene.aid.step("ReferToMediation", case, CLERK, referred_date=on(2024, 3, 4))
    await scene.again(4)
    [dispute] = await scene.mediation.disputes()
    case = await scene.aid.get(case)
    assert (case.name, dispute.name) == (dispute.aid_case, case.mediation_dispute)
    assert ("wuma", dispute_pb2.DISPUTE_CHANNEL_LEGAL_AID, dispute_pb2.DISPUTE_TYPE_UNPAID_WAGES) == (
        dispute.office,
        dispute.channel,
        dispute.type,
    )
    assert (on(2024, 3, 4), 0, dispute_pb2.Dispute.STATE_REGISTERED) == (
        dispute.registered_date,
        len(dispute.parties),
        dispute.state,
    )
    assert "geju/mediation" == (await scene.mediation.rows("SELECT actor FROM dispute"))[0]["actor"]
    [facts] = await scene.mediation.facts("dispute", facts_pb2.DisputeFacts)
    assert (case.name.partition("/")[2], False) == (facts.aid_case, facts.referred_to_aid)


async def test_a_dispute_becomes_an_application_once(scene: Scene) -> None:
    """Received on the day it was handed on; the name is filled in before aid is granted; it does not go back."""
    dispute = await scene.mediation.refer(await scene.mediation.in_mediation(), **TO_AID)
    await scene.again(4)
    [case] = await scene.cases()
    dispute = await scene.mediation.get(dispute)
    assert (dispute.name, case.name) == (case.origin_dispute, dispute.aid_case)
    assert ("wuma", "", on(2024, 3, 8), aid_case_pb2.AID_MATTER_UNPAID_WAGES) == (
        case.office,
        case.person_name,
        case.received_date,
        case.matter,
    )
    named = await scene.aid.change("Update", case, CLERK, person_name="示例丙", hardship=3)
    assert aid_case_pb2.AidCase.STATE_GRANTED == (await scene.aid.step("GrantAid", named, CLERK)).state
    [facts] = await scene.mediation.facts("dispute", facts_pb2.DisputeFacts)
    assert (case.name.partition("/")[2], True) == (facts.aid_case, facts.referred_to_aid)


async def test_what_came_from_legal_aid_goes_back_to_its_case(scene: Scene) -> None:
    """No second case is opened for it."""
    aid_case = f"aidCases/{uuid4()}"
    known = await scene.mediation.in_mediation(channel=dispute_pb2.DISPUTE_CHANNEL_LEGAL_AID, aid_case=aid_case)
    await scene.mediation.refer(known, **TO_AID)
    async with scene.running():
        await scene.handled(2)
    assert [] == await scene.cases()
    assert aid_case == (await scene.mediation.get(known)).aid_case


async def test_what_goes_elsewhere_does_not_come_here(scene: Scene) -> None:
    """Nor does a case that nobody refers."""
    await scene.mediation.refer(await scene.mediation.in_mediation(), unit="示例法院")
    await scene.aid.case()
    async with scene.running():
        await scene.handled(3)
    assert (0, 1) == (await scene.aid.count("aid_case") - 1, await scene.mediation.count("dispute"))


async def test_a_reference_that_is_set_is_not_set_again(scene: Scene) -> None:
    """A dispute that was opened again and handed on again stays with its case."""
    dispute = await scene.mediation.refer(await scene.mediation.in_mediation(), **TO_AID)
    async with scene.running():
        await scene.handled(4)
        given = {"name": dispute.name, "reason": "当事人要求", "reopened_date": on(2024, 3, 8)}
        await scene.mediation.call("DisputeService/ReopenDispute", HEAD, **given)
        await scene.mediation.refer(dispute, **TO_AID)
        await scene.handled(6)
    [case] = await scene.cases()
    assert case.name == (await scene.mediation.get(dispute)).aid_case
