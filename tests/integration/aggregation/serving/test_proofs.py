"""Facts held are proven equal to those of the service, and made so where they are not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import nats
import pytest
from geju.aggregation.v1 import board_service_pb2, proof_service_pb2
from geju.mediation.v1 import reception_day_pb2
from geju.mediation.v1 import reception_day_service_pb2 as reception_pb
from geju.mediation.v1.reception_day_service_pb2_grpc import ReceptionDayServiceStub
from google.type.date_pb2 import Date

from services.aggregation import projection, rebuild
from services.chassis import migrations, testing
from services.chassis.embedded import Nats, Urls
from services.chassis.server import Running
from services.chassis.stream import FACTS
from services.mediation.app import app as mediation
from tests.integration.aggregation.serving.conftest import Board

DAYS = "mediation.reception_days"


@dataclass
class District:
    """A mediation service and the board, both real."""

    board: Board
    mediation: Running
    urls: Urls
    nats: Nats

    async def reception_day(self, day: int) -> str:
        """Record a reception day of May 2012; returns its id."""
        stub = ReceptionDayServiceStub(self.board.channel("department", running=self.mediation))
        record = reception_day_pb2.ReceptionDay(
            office="wuma", kind=reception_day_pb2.RECEPTION_KIND_DISPUTE, held_date=Date(year=2012, month=5, day=day)
        )
        request = reception_pb.CreateReceptionDayRequest(reception_day=record, request_id=str(uuid4()))
        answer = await stub.CreateReceptionDay(request)
        return str(answer.reception_day.name.partition("/")[2])

    async def start(self) -> None:
        """Run the board."""
        await self.board.start(
            sources={"mediation": f"127.0.0.1:{self.mediation.port}"},
            service_token=self.board.settings["service_token"],
        )
        await self.board.ready()

    async def reconcile(self) -> proof_service_pb2.ProofResult:
        """Compare now."""
        answer = await self.board.proofs().Reconcile(proof_service_pb2.ReconcileRequest(source="mediation"))
        return answer.results[0]  # type: ignore[no-any-return]

    def found(self) -> int:
        """Return the differences found so far, by whichever comparison."""
        assert self.board.running
        page = self.board.running.runtime.metrics.render().decode()
        counter = 'geju_differences_found_total{kind="reception_day",source="geju/mediation"} '
        return int(float(page.partition(counter)[2].partition("\n")[0]))

    async def epoch(self) -> int:
        """Return the epoch of the source as read."""
        answer = await self.board.proofs().ListSources(proof_service_pb2.ListSourcesRequest())
        return int(answer.sources[0].epoch)

    async def schema(self) -> str:
        """Return the projection that is read."""
        return str((await self.board.rows("select schema_name from current"))[0][0])

    async def readers(self) -> set[str]:
        """Return the readers of the stream that are for a projection."""
        client = await nats.connect(self.nats.url)
        try:
            return {one.name for one in await client.jetstream().consumers_info(FACTS) if one.name.startswith("p_")}
        finally:
            await client.close()

    async def alter_mediation(self, statement: str, *params: object) -> None:
        """Change the service's database behind its back, as a restore would."""
        conn = await asyncpg.connect(self.urls.owner)
        try:
            await conn.execute("set geju.offices = '*'")
            await conn.execute(statement, *params)
        finally:
            await conn.close()


@pytest.fixture
async def district(
    board: Board, postgres: testing.Server, shared_nats: Nats, tmp_path: Path, tokens: testing.Tokens
) -> AsyncIterator[District]:
    """Run a mediation service; the board is started by the test."""
    urls = await postgres.database("mediation")
    await migrations.upgrade(urls.owner, migrations.schema_of("mediation"))
    token = tmp_path / "token"
    token.write_text(tokens("aggregation", ["service"]), "utf-8")
    board.settings["service_token"] = token
    settings = {**board.settings, **urls.settings(), "nats_url": shared_nats.url_of("mediation")}
    async with testing.service(mediation(), board.clock, **settings) as running:
        yield District(board, running, urls, shared_nats)


async def test_equal_facts_are_proven(district: District) -> None:
    """After a comparison every figure says when it was last proven."""
    await district.start()
    await district.reception_day(3)
    await district.board.becomes(DAYS, 1)
    result = await district.reconcile()
    assert (True, 1, 0, "") == (result.equal, result.compared, result.differing, result.problem)
    answer = await district.board.board().GetBoard(board_service_pb2.GetBoardRequest(period="2012"))
    assert answer.board.proven_time.ToDatetime() == district.board.clock.now().replace(tzinfo=None)
    kinds = {kind.kind: kind.facts for kind in answer.board.sources[0].kinds}
    assert 1 == kinds["reception_day"]


async def test_a_lost_row_is_found_and_repaired(district: District) -> None:
    """A fact that vanished from the projection comes back with its figure, and the difference is counted."""
    await district.start()
    for day in (3, 4):
        await district.reception_day(day)
    await district.board.becomes(DAYS, 2)
    schema = await district.schema()
    await district.board.rows(f"delete from {schema}.f_reception_day where held_date = '2012-05-03'")  # noqa: S608
    await district.board.rows(f"update {schema}.figure set n = 1 where indicator = '{DAYS}'")  # noqa: S608
    assert (await district.reconcile()).equal
    await district.board.becomes(DAYS, 2)
    assert district.found() == 1


async def test_the_stream_may_be_lost(district: District) -> None:
    """With the broker's store gone, a new board is filled from the service itself."""
    for day in (3, 4, 5):
        await district.reception_day(day)

    async def published() -> bool:
        return not await _outbox(district)

    await testing.eventually(published)
    client = await nats.connect(district.board.nats_url)
    await client.jetstream().delete_stream(FACTS)
    await client.close()
    await district.start()
    await district.board.becomes(DAYS, 3)


async def test_a_restored_service_wins_over_what_it_lost(district: District) -> None:
    """Records that the service no longer has stop counting: it begins a new epoch and says so."""
    await district.start()
    _, lost = await district.reception_day(3), await district.reception_day(4)
    await district.board.becomes(DAYS, 2)
    await district.alter_mediation("delete from reception_day where id = $1::uuid", lost)
    before = await district.epoch()
    assert (await district.reconcile()).equal
    await district.board.becomes(DAYS, 1)
    assert district.found() == 1
    assert await district.epoch() > before
    await district.reception_day(5)
    await district.board.becomes(DAYS, 2)
    assert (await district.reconcile()).equal
    assert district.found() == 1


async def test_a_source_that_is_down_is_said_and_tried_again(district: District) -> None:
    """A comparison that cannot be made proves nothing and breaks nothing."""
    await district.start()
    await district.reception_day(3)
    await district.board.becomes(DAYS, 1)
    await district.mediation.stop()
    result = await district.reconcile()
    assert not result.equal
    assert "来源未能应答" in result.problem
    assert 1 == (await district.board.figure(DAYS)).n
    sources = (await district.board.proofs().ListSources(proof_service_pb2.ListSourcesRequest())).sources
    assert result.problem == sources[0].problem


async def test_a_rebuild_gives_the_same_figures(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is built anew beside the old, in many batches, and swapped in; no figure differs."""
    monkeypatch.setattr(rebuild, "BATCH", 2)
    monkeypatch.setattr(projection, "HELD", 2)
    await district.start()
    for day in (3, 4, 5):
        await district.reception_day(day)
    await district.board.becomes(DAYS, 3)
    before = await district.schema()
    steps = [step async for step in district.board.proofs().Rebuild(proof_service_pb2.RebuildRequest())]
    assert proof_service_pb2.REBUILD_STEP_DONE == steps[-1].step
    assert (3, 3, 0) == (steps[-1].loaded, steps[-1].total, steps[-1].differing_figures)
    assert before != await district.schema() == steps[-1].projection
    await district.board.becomes(DAYS, 3)
    await district.reception_day(6)
    await district.board.becomes(DAYS, 4)

    async def dropped() -> bool:
        found = await district.board.rows("select nspname from pg_namespace where nspname like 'p\\_%'")
        return [steps[-1].projection] == [name for (name,) in found]

    await testing.eventually(dropped)


async def test_a_rebuild_broken_off_leaves_nothing(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a projection nor a reader of the stream, which would be told as behind for good; the next one goes on."""
    await district.start()
    await district.reception_day(3)
    await district.board.becomes(DAYS, 1)
    before = await district.schema()
    with monkeypatch.context() as held:
        begun = asyncio.Event()

        async def load(*_: object) -> None:
            begun.set()
            await asyncio.Event().wait()

        held.setattr(projection.Projection, "load", load)
        call = district.board.proofs().Rebuild(proof_service_pb2.RebuildRequest())
        assert proof_service_pb2.REBUILD_STEP_LOADING == (await call.read()).step
        await begun.wait()
        assert {before} < await district.readers()
        call.cancel()

        async def cleared() -> bool:
            found = await district.board.rows("select nspname from pg_namespace where nspname like 'p\\_%'")
            return {before} == {name for (name,) in found} == await district.readers()

        await testing.eventually(cleared)
    assert [step async for step in district.board.proofs().Rebuild(proof_service_pb2.RebuildRequest())]
    assert before != await district.schema()


async def test_a_schema_of_a_name_used_before_takes_in_events(district: District) -> None:
    """The second rebuild takes the first projection's name again; the leader writes on over the same connection."""
    leader = "select pid from pg_stat_activity where application_name = 'geju-leader' and datname = current_database()"
    await district.start()
    await district.reception_day(3)
    await district.board.becomes(DAYS, 1)
    first, connection = await district.schema(), await district.board.rows(leader)
    for _ in range(2):
        assert [step async for step in district.board.proofs().Rebuild(proof_service_pb2.RebuildRequest())]
    assert first == await district.schema()
    await district.reception_day(4)
    await district.board.becomes(DAYS, 2)
    assert connection == await district.board.rows(leader) != []


async def _outbox(district: District) -> int:
    conn = await asyncpg.connect(district.urls.app)
    try:
        return int(await conn.fetchval("select count(*) from outbox"))
    finally:
        await conn.close()
