"""The aggregation service on a real database and a real stream, and records to publish to it."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import nats
import pytest
import yaml
from geju.aggregation.v1 import board_service_pb2 as board_pb
from geju.aggregation.v1 import figure_pb2
from geju.aggregation.v1.board_service_pb2_grpc import BoardServiceStub
from geju.aggregation.v1.figure_service_pb2_grpc import FigureServiceStub
from geju.aggregation.v1.proof_service_pb2_grpc import ProofServiceStub
from geju.aggregation.v1.report_service_pb2_grpc import ReportServiceStub
from geju.mediation.v1 import dispute_pb2
from geju.mediation.v1.facts_pb2 import DisputeFacts
from nats.js.errors import NotFoundError
from uuid_utils.compat import uuid7

from services.aggregation.app import app
from services.aggregation.kinds import kind_of
from services.chassis import migrations, testing
from services.chassis.client import connect
from services.chassis.clock import ManualClock
from services.chassis.domain.dates import from_date
from services.chassis.embedded import Nats, Urls
from services.chassis.publisher import NatsPublisher
from services.chassis.server import Running
from services.chassis.stream import FACTS, FactEvent, facts_stream

LUCHENG = Path(__file__).parents[4] / "deploy" / "districts" / "lucheng"
OFFICES = ("wuma", "guanghua", "nanmen")
SOURCE = "geju/mediation"


@dataclass
class Board:
    """A running service: publish facts to it, call it, look behind it."""

    urls: Urls
    nats_url: str
    clock: ManualClock
    settings: dict[str, Any]
    token: Callable[..., str]
    stack: AsyncExitStack
    running: Running | None = None
    publisher: NatsPublisher | None = None
    revisions: dict[UUID, int] = field(default_factory=dict)
    sequence: Any = field(default_factory=lambda: itertools.count(1))

    async def start(self, **settings: Any) -> Running:
        """Run the service until the test ends."""
        self.running = await self.stack.enter_async_context(
            testing.service(app(), self.clock, **{**self.settings, **settings})
        )
        return self.running

    def channel(self, *roles: str, offices: tuple[str, ...] = ("*",), running: Running | None = None) -> Any:
        """Open a channel as an account with these roles."""
        chosen = running or self.running
        assert chosen
        channel = connect(f"127.0.0.1:{chosen.port}", self.token("测试员", roles or ("department",), offices))
        self.stack.push_async_callback(channel.close)
        return channel

    def board(self, *roles: str, offices: tuple[str, ...] = ("*",)) -> Any:
        """Return a stub of BoardService."""
        return BoardServiceStub(self.channel(*roles, offices=offices))

    def reports(self, *roles: str) -> Any:
        """Return a stub of ReportService."""
        return ReportServiceStub(self.channel(*roles))

    def figures(self, *roles: str) -> Any:
        """Return a stub of FigureService."""
        return FigureServiceStub(self.channel(*roles))

    def proofs(self) -> Any:
        """Return a stub of ProofService."""
        return ProofServiceStub(self.channel("operations"))

    async def publish(self, facts: Any, record: UUID | None = None, *, actor: str = "录入员") -> UUID:
        """Publish the next revision of a record as its service would."""
        record, kind = record or UUID(str(uuid7())), kind_of(type(facts))
        revision = self.revisions[record] = self.revisions.get(record, 0) + 1
        event = FactEvent(
            id=UUID(str(uuid7())), source=SOURCE, kind=kind.name, collection=kind.collection, record_id=record, epoch=1,
            revision=revision, sequence=next(self.sequence), change="corrected" if revision > 1 else "created",
            office=facts.office, actor=actor, recorded=self.clock.now(), facts_type=kind.facts_type,
            facts=facts.SerializeToString(deterministic=True),
        )  # fmt: skip
        if self.publisher is None:
            client = await nats.connect(self.nats_url)
            self.stack.push_async_callback(client.close)

            async def give() -> Any:
                return client

            self.publisher = NatsPublisher(give, facts_stream())
        await self.publisher.publish([event])
        return record

    async def figure(self, indicator: str, period: str = "2012", unit: str = "") -> figure_pb2.Figure:
        """Return a figure from the board of today."""
        answer = await self.board().GetBoard(board_pb.GetBoardRequest(unit=unit, period=period))
        every = (figure for pattern in answer.board.patterns for figure in pattern.figures)
        return next(figure for figure in every if figure.indicator == indicator)

    async def becomes(self, indicator: str, n: int, total: int = 0, period: str = "2012", unit: str = "") -> None:
        """Wait until a figure is n of N."""

        async def reached() -> bool:
            figure = await self.figure(indicator, period, unit)
            return (figure.n, figure.denominator) == (n, total)

        await testing.eventually(reached)

    async def ready(self) -> None:
        """Wait until figures are measured."""
        running = self.running
        assert running
        metrics = running.runtime.metrics
        await testing.eventually(lambda: b"geju_indicator_n{" in metrics.render())

    async def rows(self, sql: str, *params: Any) -> list[Any]:
        """Run a statement behind the service's back."""
        conn = await asyncpg.connect(self.urls.app)
        try:
            return await conn.fetch(sql, *params)  # type: ignore[no-any-return]
        finally:
            await conn.close()


def dispute(office: str, accepted: date, closed: date | None = None, *, agreed: bool = True) -> DisputeFacts:
    """Return the facts of a dispute, closed after one session or still open."""
    facts = DisputeFacts(office=office, accepted_date=from_date(accepted), type=1, channel=1)
    if closed is not None:
        facts.closed_date.CopyFrom(from_date(closed))
        facts.first_session_date.CopyFrom(from_date(closed))
        facts.outcome = dispute_pb2.DISPUTE_OUTCOME_AGREED if agreed else dispute_pb2.DISPUTE_OUTCOME_FAILED
    return facts


async def empty(nats_url: str) -> None:
    """Delete the stream of facts, with whoever reads it: tests share a server and not what is in it."""
    client = await nats.connect(nats_url)
    with suppress(NotFoundError):
        await client.jetstream().delete_stream(FACTS)
    await client.close()


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the demonstration's district with three of its offices: there is less to count at each start."""
    folder = tmp_path_factory.mktemp("profile") / "lucheng"
    shutil.copytree(LUCHENG, folder)
    offices, places = (yaml.safe_load((LUCHENG / f"{name}.yaml").read_text("utf-8")) for name in ("offices", "places"))
    kept = {
        "offices": [office for office in offices if office["code"] in OFFICES],
        "places": {office: places[office] for office in OFFICES},
    }
    for name, entries in kept.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(entries, allow_unicode=True), "utf-8")
    return folder


@pytest.fixture
def settings(shared_nats: Nats, tokens: testing.Tokens, record_keys: Path, profile: Path) -> dict[str, Any]:
    """Return what every service of a test is told."""
    return {
        "profile": profile,
        "nats_url": shared_nats.url_of("aggregation"),
        "jwt_keys": tokens.public,
        "record_keys": record_keys,
        "database_pool": 4,
    }


@pytest.fixture
async def board(
    postgres: testing.Server, nats_url: str, tokens: testing.Tokens, clock: ManualClock, settings: dict[str, Any]
) -> AsyncIterator[Board]:
    """Prepare the service; `await board.start()` runs it."""
    urls = await postgres.database("aggregation")
    await migrations.upgrade(urls.owner, migrations.schema_of("aggregation"))
    await empty(nats_url)
    async with AsyncExitStack() as stack:
        yield Board(urls, nats_url, clock, settings | urls.settings(), tokens, stack)
