"""Whoever has a complaint's code learns where it stands; who has none learns nothing, and not how long it takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
from geju.common.v1 import audit_service_pb2, limit_pb2
from geju.legalservices.v1 import complaint_pb2
from geju.legalservices.v1 import complaint_status_service_pb2 as pb
from geju.legalservices.v1.complaint_status_service_pb2_grpc import ComplaintStatusServiceStub

from services.chassis import context, migrations, testing
from services.chassis.audit_service import AuditServicer
from services.chassis.client import Failure, connect
from services.chassis.clock import ManualClock
from services.chassis.domain.dates import from_date
from services.chassis.embedded import Nats
from services.chassis.storage.store import Store
from services.chassis.work import Work
from services.legalservices.app import KINDS, app
from services.legalservices.complaints.kinds import COMPLAINT
from services.legalservices.complaints.status import SECONDS, ComplaintStatusServicer
from services.legalservices.domain.complaints.receipt_code import UnknownReceiptCode, fresh
from tests.integration.chassis.toy import PROFILE
from tests.integration.servicers import Database, Servicers, migrated, with_servicers
from tests.unit.correction.resettlement.people import PROFILE as SMALL

State = complaint_pb2.Complaint.State
DISCIPLINE = context.Caller("discipline", frozenset({"department", "discipline"}), frozenset({"*"}))
METHOD = "/geju.legalservices.v1.ComplaintStatusService/GetComplaintStatus"
NOBODY = context.Call(context.NOBODY, METHOD)


async def complaint(store: Store, office: str = "north", **fields: Any) -> complaint_pb2.Complaint:
    """Put a complaint on record, as it is after whatever steps."""
    made = {"office": office, "receipt_code": fresh(), "state": State.STATE_ACCEPTED, **fields}
    async with Work(store, context.Call(DISCIPLINE, METHOD)) as work:
        record = work.create(COMPLAINT, complaint_pb2.Complaint(**made))
        await work.commit()
    return record


def due(rule: str, day: date, **fields: Any) -> limit_pb2.Limit:
    """Return a limit that ends on a day."""
    return limit_pb2.Limit(rule=rule, start=from_date(date(2012, 5, 2)), due=from_date(day), **fields)


class Pause:
    """Sleep in a test's hands: passes when the test says so."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        """Wait for the test."""
        self.asked.append(seconds)
        await self.over.wait()


@pytest.fixture(scope="module")
async def database(postgres: testing.Server) -> Database:
    """Make a migrated database."""
    return await migrated(postgres, "legalservices")


@pytest.fixture
async def bench(database: Database, clock: ManualClock) -> AsyncIterator[Servicers]:
    """Give an empty store."""
    what = {"service": "legalservices", "profile": SMALL, "kinds": KINDS, "servicers": ()}
    async with with_servicers(Servicers, database, clock, **what) as found:  # type: ignore[arg-type]
        yield found


@pytest.fixture
def pause() -> Pause:
    """Give a sleep that is over at once."""
    found = Pause()
    found.over.set()
    return found


async def status(bench: Servicers, code: str, pause: Pause) -> pb.GetComplaintStatusResponse:
    """Ask for a status, as nobody."""
    context.enter(NOBODY)
    servicer = ComplaintStatusServicer(bench.store, pause)
    return await servicer.GetComplaintStatus(pb.GetComplaintStatusRequest(receipt_code=code))


async def test_state_and_next_due_date_and_nothing_else(bench: Servicers, pause: Pause) -> None:
    """However the code is written, the answer is the state and the earliest day by which something is owed."""
    limits = [
        due("legalservices.accept", date(2012, 5, 9), met_date=from_date(date(2012, 5, 3))),
        due("legalservices.conclude", date(2012, 7, 2)),
        due("legalservices.reply_unit", date(2012, 6, 17)),
    ]
    made = await complaint(bench.store, limits=limits, complainant_name="示例投诉人")
    for written in (made.receipt_code, made.receipt_code.lower().replace("-", " ")):
        answer = await status(bench, written, pause)
        assert answer == pb.GetComplaintStatusResponse(
            state=State.STATE_ACCEPTED, due_date=from_date(date(2012, 6, 17))
        )


async def test_nothing_is_due_of_a_finished_one(bench: Servicers, pause: Pause) -> None:
    """Where nothing is owed no day is given."""
    made = await complaint(bench.store, state=State.STATE_ARCHIVED)
    assert await status(bench, made.receipt_code, pause) == pb.GetComplaintStatusResponse(state=State.STATE_ARCHIVED)


async def test_a_sealed_complaint_is_followed_too(bench: Servicers, pause: Pause) -> None:
    """Who complained about the bureau's own staff may ask where it stands, and only there: nobody else finds it."""
    made = await complaint(bench.store, sealed=True)
    assert (await status(bench, made.receipt_code, pause)).state == State.STATE_ACCEPTED


async def test_whatever_is_not_there_is_answered_alike(bench: Servicers, pause: Pause) -> None:
    """An unknown code, a malformed one and those of deleted and erased records give one and the same refusal."""
    deleted, erased = await complaint(bench.store), await complaint(bench.store, state=State.STATE_ARCHIVED)
    await complaint(bench.store, complainant_name="示例投诉人", complainant_phone=" ")
    async with Work(bench.store, context.Call(DISCIPLINE, METHOD)) as work:
        work.delete(COMPLAINT, await work.load(COMPLAINT, deleted.name), "重复登记")
        await work.commit()
    context.enter(context.Call(DISCIPLINE, "/geju.common.v1.AuditService/EraseRecord"))
    erasure = audit_service_pb2.EraseRecordRequest(name=erased.name, reason="保存期满", request_id=str(uuid4()))
    await AuditServicer(bench.store).EraseRecord(erasure)
    refusals = set()
    for code in (fresh(), "no code", "", "示例投诉人", deleted.receipt_code, erased.receipt_code, deleted.name[:64]):
        with pytest.raises(UnknownReceiptCode) as refused:
            await status(bench, code, pause)
        refusals.add((refused.value.message, refused.value.field, *refused.value.facts))
    assert len(refusals) == 1
    assert {SECONDS} == set(pause.asked)


@pytest.mark.parametrize("which", ["known", "unknown", "malformed"])
async def test_no_answer_comes_before_its_time(bench: Servicers, which: str) -> None:
    """Known or not, the answer waits for the same time, though it has long been found."""
    made, pause = await complaint(bench.store), Pause()
    code = {"known": made.receipt_code, "unknown": fresh(), "malformed": "x"}[which]
    looked_up = asyncio.Event()
    servicer = ComplaintStatusServicer(bench.store, pause)
    look_up = servicer._look_up

    async def noticed(text: str) -> Any:
        try:
            return await look_up(text)
        finally:
            looked_up.set()

    servicer._look_up = noticed  # type: ignore[method-assign]
    call = asyncio.create_task(servicer.GetComplaintStatus(pb.GetComplaintStatusRequest(receipt_code=code)))
    await looked_up.wait()
    for _ in range(10):  # the answer has every chance to come
        await asyncio.sleep(0)
    assert not call.done()
    assert [SECONDS] == pause.asked
    pause.over.set()
    await asyncio.gather(call, return_exceptions=True)
    assert (call.exception() is None) == (which == "known")


async def test_strangers_ask_a_few_times_a_minute(
    postgres: testing.Server, shared_nats: Nats, tokens: testing.Tokens, record_keys: Path, capfd: Any
) -> None:
    """Without a token the call is served; beyond the limit it is refused, counted, and a token does not help.

    Neither logs nor tables nor metrics hold a code that was tried.
    """
    urls = await postgres.database("legalservices")
    await migrations.upgrade(urls.owner, migrations.schema_of("legalservices"))
    settings = {
        **urls.settings(),
        "nats_url": shared_nats.url_of("legalservices"),
        "record_keys": record_keys,
        "log_level": "info",
    }
    settings |= {"jwt_keys": tokens.public, "profile": PROFILE, "open_calls_per_peer": 4}
    unknown, long = fresh(), "示例" * 40
    async with testing.service(app(), ManualClock(datetime(2012, 6, 1, 4, tzinfo=UTC)), **settings) as running:
        runtime = running.runtime
        store = Store(runtime.engine, runtime.crypto, runtime.profile, runtime.clock, "geju/legalservices", KINDS)
        made = await complaint(store, office="wuma")
        address = f"127.0.0.1:{running.port}"
        async with connect(address) as stranger, connect(address, "no token at all") as liar:
            stub, other = ComplaintStatusServiceStub(stranger), ComplaintStatusServiceStub(liar)
            asked: list[Any] = [
                ask.GetComplaintStatus(pb.GetComplaintStatusRequest(receipt_code=code))
                for ask, code in ((stub, made.receipt_code), (stub, unknown), (other, made.receipt_code), (stub, long))
            ]
            known, none, ignored, malformed = await asyncio.gather(*asked, return_exceptions=True)
            refused = await asyncio.gather(
                *(ask.GetComplaintStatus(pb.GetComplaintStatusRequest(receipt_code=unknown)) for ask in (stub, other)),
                return_exceptions=True,
            )
        metrics = runtime.metrics.render().decode()
    assert State.STATE_ACCEPTED == known.state == ignored.state
    assert grpc.StatusCode.NOT_FOUND == none.code()
    assert grpc.StatusCode.INVALID_ARGUMENT == malformed.code()
    for failure in map(Failure.of, refused):
        assert (grpc.StatusCode.RESOURCE_EXHAUSTED, "RATE_LIMITED") == (failure.code, failure.reason)
        assert "过于频繁" in failure.message
    assert f'geju_open_calls_refused_total{{limit="peer",method="{METHOD}"}} 2.0' in metrics
    written = capfd.readouterr()
    assert METHOD in written.err
    places = [written.out, written.err, metrics, *(repr(f) for f in (none, malformed, *refused))]
    for code in (unknown, long, made.receipt_code):
        assert not [place for place in places if code in place]
