"""The stream of consultations on a real server: repeats, bad batches, roles, callers that go away, its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import grpc
import pytest
from geju.legalaid.v1 import consultation_service_pb2 as rpc
from geju.legalaid.v1 import consultation_service_pb2_grpc

from services.chassis import migrations, testing
from services.chassis.client import Channel, Failure, connect
from services.chassis.clock import ManualClock
from services.chassis.embedded import Nats, Urls, free_port
from services.chassis.server import Running
from services.chassis.testing import eventually
from services.client import Geju
from services.legalaid.app import app
from tests.integration.chassis.toy import PROFILE, failure_of
from tests.support.records import changed
from tests.unit.legalaid.stations.examples import EXAMPLES

OFFICE = "wuma"
ONE = changed(EXAMPLES["consultation"], office=OFFICE)


def batch(*records: Any, request_id: str = "") -> rpc.RecordConsultationsRequest:
    """Return a batch with an id of its own."""
    return rpc.RecordConsultationsRequest(consultations=records, request_id=request_id or str(uuid4()))


@dataclass
class Served:
    """A way to run the service on one database, to call it, and to look behind it."""

    urls: Urls
    settings: dict[str, Any]
    tokens: testing.Tokens
    look: asyncpg.Connection

    @asynccontextmanager
    async def running(self, **more: Any) -> AsyncIterator[Running]:
        """Run the service on 1 June 2012."""
        clock = ManualClock(datetime(2012, 6, 1, 4, tzinfo=UTC))
        async with testing.service(app(), clock, **self.settings | more) as running:
            yield running

    def channel(self, running: Running, role: str = "clerk") -> Channel:
        """Return a channel as somebody of the office."""
        return connect(f"127.0.0.1:{running.port}", self.token(role))

    def token(self, role: str = "clerk") -> str:
        """Return the token of somebody of the office."""
        return self.tokens("someone", [role], [OFFICE])

    async def count(self, table: str = "consultation") -> int:
        """Count the rows of a table."""
        return int(await self.look.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608 (our own)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Let whatever writes a consultation wait for as long as the block lasts."""
        async with self.look.transaction():
            await self.look.execute("LOCK TABLE consultation IN SHARE MODE")
            yield

    async def waits(self) -> bool:
        """Tell whether something waits to write a consultation."""
        sql = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'consultation'::regclass AND NOT granted)"
        return bool(await self.look.fetchval(sql))


@pytest.fixture(scope="module")
async def database(postgres: testing.Server) -> Urls:
    """Give a migrated database."""
    urls = await postgres.database("legalaid")
    await migrations.upgrade(urls.owner, migrations.schema_of("legalaid"))
    return urls


@pytest.fixture
async def served(database: Urls, shared_nats: Nats, tokens: testing.Tokens, record_keys: Any) -> AsyncIterator[Served]:
    """Give an empty store in the demonstration district."""
    settings = {**database.settings(), "nats_url": shared_nats.url_of("legalaid"), "record_keys": record_keys}
    settings |= {"jwt_keys": tokens.public, "profile": PROFILE, "log_level": "error"}
    look = await asyncpg.connect(database.owner)
    await look.execute("SELECT set_config('geju.offices', '*', false)")
    await look.execute("TRUNCATE consultation, audit, audit_link, outbox, request")
    yield Served(database, settings, tokens, look)
    await look.close()


def stream(channel: Channel) -> Any:
    """Open the stream."""
    stub: Any = consultation_service_pb2_grpc.ConsultationServiceStub(channel)
    return stub.RecordConsultations()


async def ended(call: Any) -> Failure:
    """Return what a stream ended with, its answers read."""

    async def read_on() -> None:
        while await call.read() != grpc.aio.EOF:
            pass

    return await failure_of(read_on())


async def test_the_tables_are_those_of_the_models(served: Served) -> None:
    """The migrated database equals the models."""
    await migrations.check(served.urls.owner, migrations.schema_of("legalaid"))


async def test_batches_are_answered_in_order_and_repeats_have_one_effect(served: Served) -> None:
    """The repeat's answer is that of the first time, in the same stream and in another, by the same caller."""
    first, second = batch(ONE, ONE, changed(ONE, channel=None)), batch(ONE)
    async with served.running() as running, served.channel(running) as channel:
        call = stream(channel)
        for request in (first, second, first):
            await call.write(request)
        answers = [await call.read() for _ in range(3)]
        again = stream(channel)
        await again.write(second)
        answers.append(await again.read())
        for one in (call, again):
            await one.done_writing()
            assert grpc.StatusCode.OK == await one.code()
    assert [first.request_id, second.request_id] == [answer.request_id for answer in answers[:2]]
    assert (answers[0], answers[1]) == (answers[2], answers[3])
    assert ["", "", "咨询渠道"] == [v.errors[0].label if v.errors else "" for v in answers[0].verdicts]
    assert (3, 3) == (await served.count(), await served.count("audit"))


def too_many() -> rpc.RecordConsultationsRequest:
    """Return a batch over the limit."""
    return batch(*[ONE] * 1001)


@pytest.mark.parametrize(
    ("bad", "reason", "field"),
    [
        (batch, "INVALID_FIELD", "consultations"),
        (too_many, "INVALID_FIELD", "consultations"),
        (lambda: batch(ONE, request_id="1"), "MISSING_REQUEST_ID", "request_id"),
        (lambda: rpc.RecordConsultationsRequest(consultations=[ONE]), "MISSING_REQUEST_ID", "request_id"),
    ],
)
async def test_a_bad_batch_ends_the_stream(served: Served, bad: Callable[[], Any], reason: str, field: str) -> None:
    """What came before it is kept, what comes after it is not looked at."""
    async with served.running() as running, served.channel(running) as channel:
        call = stream(channel)
        await call.write(batch(ONE))
        assert 1 == len((await call.read()).verdicts)
        await call.write(bad())
        failure = await ended(call)
    assert (grpc.StatusCode.INVALID_ARGUMENT, reason) == (failure.code, failure.reason)
    assert field == failure.fields[0][0]
    assert 1 == await served.count()


async def test_an_id_stands_for_one_batch(served: Served) -> None:
    """Another batch under it ends the stream as it would a call."""
    first = batch(ONE)
    async with served.running() as running, served.channel(running) as channel:
        call = stream(channel)
        await call.write(first)
        await call.write(batch(ONE, ONE, request_id=first.request_id))
        assert "REQUEST_ID_REUSED" == (await ended(call)).reason
    assert 1 == await served.count()


@pytest.mark.parametrize("role", ["bureau_leader", "auditor", "operations", "service"])
async def test_who_records_no_consultations_opens_no_stream(served: Served, role: str) -> None:
    """Nothing is written for them."""
    async with served.running() as running, served.channel(running, role) as channel:
        assert "PERMISSION_DENIED" == (await ended(stream(channel))).reason


async def test_a_caller_that_goes_away_in_the_middle_may_send_again(served: Served) -> None:
    """The batch in hand is undone with its call, or was written; its repeat makes it exactly one."""
    request = batch(ONE, ONE)
    async with served.running() as running:
        async with served.channel(running) as channel, served.held():
            call = stream(channel)
            await call.write(request)
            await eventually(served.waits)
            call.cancel()
            await eventually(lambda: _is_over(served))
        async with served.channel(running) as channel:
            again = stream(channel)
            await again.write(request)
            assert [1, 2] == [verdict.row for verdict in (await again.read()).verdicts]
            await again.done_writing()
    assert (2, 1) == (await served.count(), await served.count("request"))


async def _is_over(served: Served) -> bool:
    return not await served.waits()


async def test_the_batch_in_hand_is_finished_when_the_service_stops(served: Served) -> None:
    """It is answered; the next one is not taken, and the stream says so."""
    async with served.running(stop_seconds=60) as running, served.channel(running) as channel:
        call = stream(channel)
        async with served.held():
            await call.write(batch(ONE, ONE))
            await call.write(batch(ONE))
            await eventually(served.waits)
            stop = asyncio.create_task(running.stop())
            await running.runtime.stopping.wait()
        assert 2 == len((await call.read()).verdicts)
        failure = await ended(call)
        assert (grpc.StatusCode.UNAVAILABLE, "UNAVAILABLE") == (failure.code, failure.reason)
        await asyncio.wait_for(stop, 10)
    assert 2 == await served.count()


async def test_the_client_goes_on_after_a_restart(served: Served) -> None:
    """Batches that were not answered are sent again; each is there once, and answered once, in order."""
    address, done = f"127.0.0.1:{free_port()}", asyncio.Event()
    sent = [batch(*[ONE] * (number + 1)) for number in range(12)]
    loop = asyncio.get_running_loop()

    def work() -> list[int]:
        answers = []
        with Geju(address, served.token()) as geju:
            stub = geju.stub(consultation_service_pb2_grpc.ConsultationServiceStub)
            for answer in geju.batches(stub.RecordConsultations, iter(sent)):
                answers.append(len(answer.verdicts))
                if len(answers) == 3:
                    loop.call_soon_threadsafe(done.set)
        return answers

    async with served.running(grpc_listen=address):
        working = asyncio.create_task(asyncio.to_thread(work))
        await done.wait()
    async with served.running(grpc_listen=address):
        assert list(range(1, 13)) == await asyncio.wait_for(working, 30)
    assert (78, 12) == (await served.count(), await served.count("request"))


async def test_the_client_raises_what_is_no_outage(served: Served) -> None:
    """A refusal is the caller's to mend; a batch without an id gets one."""
    async with served.running() as running:

        def work() -> list[Any]:
            with Geju(f"127.0.0.1:{running.port}", served.token()) as geju:
                stub = geju.stub(consultation_service_pb2_grpc.ConsultationServiceStub)
                sent = [rpc.RecordConsultationsRequest(consultations=[ONE]), rpc.RecordConsultationsRequest()]
                answers = geju.batches(stub.RecordConsultations, sent)
                found: list[Any] = [next(answers)]
                with pytest.raises(grpc.RpcError) as caught:
                    next(answers)
                return [*found, caught.value]

        answer, error = await asyncio.to_thread(work)
    assert (1, grpc.StatusCode.INVALID_ARGUMENT) == (len(answer.verdicts), error.code())
