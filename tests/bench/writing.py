"""All five services write at a pace that one machine bears: from each commit to the board."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import grpc
from geju.correction.v1 import member_unit_meeting_pb2, member_unit_meeting_service_pb2
from geju.correction.v1.member_unit_meeting_service_pb2_grpc import MemberUnitMeetingServiceStub
from geju.legalaid.v1 import consultation_pb2, consultation_service_pb2
from geju.legalaid.v1.consultation_service_pb2_grpc import ConsultationServiceStub
from geju.legalservices.v1 import liaison_meeting_pb2, liaison_meeting_service_pb2
from geju.legalservices.v1.liaison_meeting_service_pb2_grpc import LiaisonMeetingServiceStub
from geju.publicity.v1 import news_item_pb2, news_item_service_pb2
from geju.publicity.v1.news_item_service_pb2_grpc import NewsItemServiceStub

from services.chassis.domain.dates import from_date
from tests.bench.disputes import OFFICE, Clerk
from tests.bench.facts import LAST, clock_offset
from tests.bench.freshness import GIVE_UP, PERIOD, Waiting
from tests.bench.load import Load, paced
from tests.bench.options import Options
from tests.bench.recorded import recorded, told
from tests.bench.store import Viewer, aggregating, of_board, shown
from tests.bench.surroundings import Child, Surroundings, surroundings
from tests.bench.table import Row, report, under

#: Of each service a second.
PER_SECOND = 10.0
SECONDS = 30.0
LOOK = 0.05
DAY = from_date(LAST)

#: What is recorded of each service, and the figure that counts it. Disputes are accepted, see `Clerk`.
INDICATORS = {
    "mediation": "mediation.accepted",
    "legalaid": "legalaid.consultations",
    "publicity": "publicity.news_items",
    "correction": "correction.member_unit_meetings",
    "legalservices": "legalservices.liaison_meetings",
}
Write = Callable[[int, int], Any]


def _consultation() -> Any:
    one = consultation_pb2.Consultation(office=OFFICE, held_date=DAY, minutes=6)
    one.channel, one.topic = consultation_pb2.CONSULTATION_CHANNEL_WINDOW, consultation_pb2.CONSULTATION_TOPIC_LABOUR
    return consultation_service_pb2.CreateConsultationRequest(consultation=one)


def _news() -> Any:
    one = news_item_pb2.NewsItem(office=OFFICE, title="演示:普法工作报道", published_date=DAY)
    one.medium, one.carrier = news_item_pb2.NEWS_MEDIUM_CITY, news_item_pb2.NEWS_CARRIER_PRESS
    one.kind = news_item_pb2.NEWS_KIND_NEWS
    return news_item_service_pb2.CreateNewsItemRequest(news_item=one)


def _units() -> Any:
    one = member_unit_meeting_pb2.MemberUnitMeeting(office=OFFICE, held_date=DAY, units=9, topic="演示:通报工作")
    return member_unit_meeting_service_pb2.CreateMemberUnitMeetingRequest(member_unit_meeting=one)


def _liaison() -> Any:
    one = liaison_meeting_pb2.LiaisonMeeting(office=OFFICE, held_date=DAY, attendance=12, topic="演示:通报工作")
    return liaison_meeting_service_pb2.CreateLiaisonMeetingRequest(liaison_meeting=one)


#: The stub, its method and what is sent.
CREATED: Mapping[str, tuple[Any, str, Callable[[], Any]]] = {
    "legalaid": (ConsultationServiceStub, "CreateConsultation", _consultation),
    "publicity": (NewsItemServiceStub, "CreateNewsItem", _news),
    "correction": (MemberUnitMeetingServiceStub, "CreateMemberUnitMeeting", _units),
    "legalservices": (LiaisonMeetingServiceStub, "CreateLiaisonMeeting", _liaison),
}


@asynccontextmanager
async def writing(around: Surroundings, token: str) -> AsyncIterator[dict[str, tuple[Child, Write]]]:
    """Serve all five; gives what records one thing in each."""
    settings = {"clock_offset_seconds": clock_offset(), "log_level": "warning"}
    made: dict[str, tuple[Child, Write]] = {}
    async with AsyncExitStack() as stack:
        for service in INDICATORS:
            urls = await around.database(service)
            child = await stack.enter_async_context(around.serving(service, urls, **settings))
            if service == "mediation":
                clerk = await stack.enter_async_context(Clerk(child.port, token).opened())
                made[service] = (child, _accepting(clerk, await clerk.register(int(PER_SECOND * SECONDS))))
            else:
                channel = await stack.enter_async_context(grpc.aio.insecure_channel(f"127.0.0.1:{child.port}"))
                made[service] = (child, _creating(channel, token, *CREATED[service]))
        yield made


def _accepting(clerk: Clerk, registered: list[str]) -> Write:
    names = iter(registered)

    async def write(_client: int, _number: int) -> None:
        await clerk.accept(next(names))

    return write


def _creating(channel: grpc.aio.Channel, token: str, stub: Any, method: str, request: Callable[[], Any]) -> Write:
    call = getattr(stub(channel), method)

    async def write(_client: int, _number: int) -> None:
        wanted = request()
        wanted.request_id = str(uuid4())
        await call(wanted, metadata=(("authorization", f"Bearer {token}"),), timeout=GIVE_UP)

    return write


async def follow(viewer: Viewer, waiting: dict[str, Waiting], begun: asyncio.Event) -> None:
    """Watch the office's board; figures that the first one shows are where counting begins."""
    async for event in viewer.watch(OFFICE, PERIOD):
        if event.HasField("board"):
            figures = of_board(event.board)
            waiting.update({name: Waiting(shown(figures, code) or 0) for name, code in INDICATORS.items()})
            begun.set()
            continue
        for name, code in INDICATORS.items():
            if (figure := shown(event.change.figures, code)) is not None:
                waiting[name].shows(figure)


async def _measured(viewer: Viewer, made: Mapping[str, tuple[Child, Write]]) -> dict[str, Waiting]:
    """Write in all services at once; returns what was waited for in each."""
    waiting, begun = dict[str, Waiting](), asyncio.Event()
    following = asyncio.create_task(follow(viewer, waiting, begun))

    async def drive(name: str) -> None:
        async def one(client: int, number: int) -> None:
            await made[name][1](client, number)
            waiting[name].committed()

        await paced(one, per_second=PER_SECOND, seconds=SECONDS)

    try:
        await asyncio.wait_for(begun.wait(), GIVE_UP)
        await asyncio.gather(*(drive(name) for name in made))
        async with asyncio.timeout(GIVE_UP):
            while any(one.commits for one in waiting.values()) and not following.done():
                await asyncio.sleep(LOOK)
    finally:
        following.cancel()
    return waiting


async def run(options: Options) -> list[Row]:
    """Write and watch."""
    of_all = told(await recorded(options), options.district)
    async with surroundings() as around, aggregating(around, of_all) as (aggregation, viewer):
        token = around.tokens("bench", ["clerk"], [OFFICE])
        async with writing(around, token) as made:
            before = aggregation.cpu_seconds()
            waiting = await _measured(viewer, made)
            used = aggregation.cpu_seconds() - before
            memory = {name: child.resident() for name, (child, _) in made.items()} | {
                "aggregation": aggregation.resident()
            }
    loads = {name: Load(SECONDS, tuple(one.latencies)) for name, one in waiting.items()}
    for name, load in loads.items():
        report(f"{name}: {len(load.latencies)} seen, p50 {load.at(0.5):.0f} p99 {load.at(0.99):.0f} ms")
    report(f"aggregation used {used / SECONDS:.0%} of a core; memory " + _sizes(memory))
    every = Load.together(list(loads.values()))
    what = f"commit to WatchBoard, five services writing {PER_SECOND:.0f}/s each"
    return [
        under(f"{what}, p50", every.at(0.5), 50, "ms"),
        under(f"{what}, p99", every.at(0.99), 200, "ms"),
        under("memory of the largest service after it", max(memory.values()), 200, "MB"),
    ]


def _sizes(memory: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {size:.0f} MB" for name, size in memory.items())
