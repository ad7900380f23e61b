"""The mediation service as it runs: real PostgreSQL, real NATS, called over gRPC."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from geju.mediation.v1 import (
    committee_pb2,
    committee_service_pb2,
    committee_service_pb2_grpc,
    mediator_pb2,
    mediator_service_pb2,
    mediator_service_pb2_grpc,
    session_service_pb2_grpc,
)
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import dispute_service_pb2 as rpc
from geju.mediation.v1.dispute_service_pb2_grpc import DisputeServiceStub
from google.type.date_pb2 import Date

from services.chassis import migrations, testing
from services.chassis.client import Channel, connect
from services.chassis.clock import ManualClock
from services.chassis.embedded import Nats, Urls
from services.mediation.app import app

PROFILE = Path(__file__).parents[4] / "deploy" / "districts" / "lucheng"
OFFICE, OTHER_OFFICE = "wuma", "nanmen"


def on(day: str) -> Date:
    """Return a day as a message."""
    year, month, day_ = day.split("-")
    return Date(year=int(year), month=int(month), day=int(day_))


class Service:
    """The running service, as the head of one office and others call it."""

    def __init__(self, port: int, tokens: testing.Tokens, urls: Urls, admin_url: str) -> None:
        self._port, self._tokens, self.urls = port, tokens, urls
        self._admin_url = admin_url.rpartition("/")[0] + "/" + urls.app.rpartition("/")[2]
        self.channel = self.connect()
        self.disputes: Any = DisputeServiceStub(self.channel)
        self.sessions: Any = session_service_pb2_grpc.SessionServiceStub(self.channel)

    def connect(self, *offices: str, roles: tuple[str, ...] = ("clerk", "office_head")) -> Channel:
        """Open a channel as somebody of an office."""
        token = self._tokens("someone", roles, offices or (OFFICE,))
        return connect(f"127.0.0.1:{self._port}", token)

    async def call(self, verb: str, **fields: Any) -> pb.Dispute:
        """Call a verb of DisputeService, or CreateDispute and the like; return the dispute."""
        request = getattr(rpc, f"{verb}Request")(request_id=str(uuid4()), **fields)
        return (await getattr(self.disputes, verb)(request)).dispute  # type: ignore[no-any-return]

    async def mediator(self) -> str:
        """Appoint a mediator to a committee of the street."""
        made = mediator_pb2.Mediator(office=OFFICE, full_name="测试调解员", employment=1, background=1)
        made.committee = await self._committee()
        made.from_date.CopyFrom(on("2008-01-01"))
        stub: Any = mediator_service_pb2_grpc.MediatorServiceStub(self.channel)
        request = mediator_service_pb2.CreateMediatorRequest(mediator=made, request_id=str(uuid4()))
        return (await stub.CreateMediator(request)).mediator.name  # type: ignore[no-any-return]

    async def _committee(self) -> str:
        made = committee_pb2.Committee(
            office=OFFICE, title="测试街道调委会", kind=committee_pb2.COMMITTEE_KIND_STREET, level=2
        )
        made.from_date.CopyFrom(on("2008-01-01"))
        stub: Any = committee_service_pb2_grpc.CommitteeServiceStub(self.channel)
        request = committee_service_pb2.CreateCommitteeRequest(committee=made, request_id=str(uuid4()))
        return (await stub.CreateCommittee(request)).committee.name  # type: ignore[no-any-return]

    async def rows(self, sql: str, *params: Any) -> list[Any]:
        """Read as superuser."""
        connection = await asyncpg.connect(self._admin_url)
        try:
            return await connection.fetch(sql, *params)  # type: ignore[no-any-return]
        finally:
            await connection.close()


def dispute(**fields: Any) -> pb.Dispute:
    """Return a dispute as a clerk takes it in; persons are invented."""
    made = pb.Dispute(
        office=OFFICE,
        type=pb.DISPUTE_TYPE_NEIGHBOUR,
        channel=pb.DISPUTE_CHANNEL_APPLICATION,
        summary="测试纠纷:<滴水> & 采光",
        registered_date=on("2012-03-01"),
        parties=[
            pb.Party(side=pb.PARTY_SIDE_APPLICANT, full_name="张某某", phone="测试电话"),
            pb.Party(side=pb.PARTY_SIDE_RESPONDENT, full_name="测试甲"),
        ],
    )
    made.MergeFrom(pb.Dispute(**fields))
    return made


@asynccontextmanager
async def _served(postgres: testing.Server, nats: Nats, tokens: testing.Tokens, keys: Path) -> AsyncIterator[Service]:
    urls = await postgres.database("mediation")
    await migrations.upgrade(urls.owner, migrations.schema_of("mediation"))
    settings = {**urls.settings(), "nats_url": nats.url_of("mediation"), "record_keys": keys, "jwt_keys": tokens.public}
    clock = ManualClock(datetime(2012, 6, 1, 4, tzinfo=UTC))
    async with testing.service(app(), clock, profile=PROFILE, log_level="error", **settings) as running:
        yield Service(running.port, tokens, urls, postgres.admin_url)


@pytest.fixture(scope="session")
async def served(
    postgres: testing.Server, shared_nats: Nats, tokens: testing.Tokens, record_keys: Path
) -> AsyncIterator[Service]:
    """Serve on 1 June 2012, for tests that make their own disputes."""
    async with _served(postgres, shared_nats, tokens, record_keys) as service:
        yield service


@pytest.fixture(scope="session")
async def mediator(served: Service) -> str:
    """Appoint a mediator of the office."""
    return await served.mediator()
