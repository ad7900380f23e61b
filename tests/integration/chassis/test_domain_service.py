"""A domain service comes with everything that its kinds and reactions call for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geju.common.v1 import subject_service_pb2, subject_service_pb2_grpc

from services.chassis.changes import create
from services.chassis.client import connect
from services.chassis.domain_service import domain_app
from services.chassis.embedded import Nats
from services.chassis.reactions import Reaction
from services.chassis.server import serving
from services.chassis.stream import FactEvent, encode, ensure_stream, facts_stream, subject
from services.chassis.testing import eventually
from services.chassis.testing.keys import Tokens
from services.chassis.work import Work
from tests.integration.chassis.clients import CLIENT, VISIT, Client, Visit
from tests.integration.chassis.conftest import Bench
from tests.integration.chassis.notes import NOTE
from tests.integration.chassis.test_reactions import closed
from tests.integration.chassis.toy import failure_of, make_settings

NOTE_CLOSED = closed(office="wuma")
NOBODY = "clients/0198f000-0000-7000-8000-000000000000"


async def opened(work: Work, event: FactEvent) -> None:
    """Open a file for a closed note."""
    await create(work, CLIENT, Client(office=event.office, full_name="张某某"))


async def visited(work: Work, event: FactEvent) -> None:
    """Record a visit for a file opened."""
    name = f"{event.collection}/{event.record_id}"
    await create(work, VISIT, Visit(office=event.office, clients=[name], report="首次走访"))


REACTIONS = (Reaction("note", frozenset({"closed"}), opened), Reaction("client", frozenset({"created"}), visited))


async def test_reactions_and_subjects_are_served(
    bench: Bench, nats_server: Nats, tmp_path: Path, record_keys: Path
) -> None:
    """What a reaction makes is published and reacted to in turn; who keeps persons' files answers for them."""
    token = Tokens(tmp_path)("auditor", {"auditor"}, {"*"})
    servers = {"nats_url": nats_server.url_of("testing"), **bench.urls.settings()}
    settings = make_settings(tmp_path, record_keys=record_keys, **servers)
    async with serving(domain_app("testing", (NOTE, CLIENT, VISIT), (), REACTIONS), settings) as running:
        stream = (await running.runtime.nats()).jetstream()
        await ensure_stream(stream, facts_stream())
        await stream.publish(subject(NOTE_CLOSED), encode(NOTE_CLOSED))

        async def made() -> bool:
            return len(await bench.rows("SELECT FROM visit")) == 1

        await eventually(made)
        file = (await bench.rows("SELECT id FROM client"))[0]["id"]
        async with connect(f"127.0.0.1:{running.port}", token) as channel:
            stub: Any = subject_service_pb2_grpc.SubjectServiceStub(channel)
            asked = subject_service_pb2.GetSubjectRequest(name=f"clients/{file}", purpose="当事人查询")
            assert ["clients", "visits"] == [found.collection for found in (await stub.GetSubject(asked)).records]
            asked.name = NOBODY
            assert "NOT_FOUND" == (await failure_of(stub.GetSubject(asked))).reason
            erasure = subject_service_pb2.EraseSubjectRequest(name=NOBODY, reason="保存期满", request_id=str(file))
            assert "PERMISSION_DENIED" == (await failure_of(stub.EraseSubject(erasure))).reason
