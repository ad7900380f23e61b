"""PostgreSQL on a disk whose power is cut while a service of the product writes its records there."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import nats
from geju.legalaid.v1 import consultation_service_pb2 as rpc

from services.chassis import audit, migrations, testing
from services.chassis.client import Channel, connect
from services.chassis.clock import ManualClock
from services.chassis.consumer import Consumer
from services.chassis.embedded import Nats, Postgres, Urls, bootstrap, free_port
from services.chassis.embedded.bootstrap import with_database
from services.chassis.stream import dead_stream, facts_stream
from services.chassis.testing import eventually
from services.legalaid.app import app
from tests.chaos.disk import Disk, copy, kill_all
from tests.chaos.power_cycle import DATABASE, Cycle
from tests.support.calls import Caller, Refused
from tests.support.installation import PROFILE
from tests.support.records import changed
from tests.unit.legalaid.stations.examples import EXAMPLES

MEGABYTES = 512
CLERKS = 4
PATIENCE = 60.0
AFTER = 20
SERVICE, SOURCE, OFFICE = "legalaid", "geju/legalaid", "wuma"
ONE = changed(EXAMPLES["consultation"], office=OFFICE)
_RECORDS = "SELECT id, revision FROM consultation"
_TRACES = "SELECT record_id AS id, count(*) AS made FROM audit WHERE change <> 'read' GROUP BY 1"


@dataclass(frozen=True)
class Template:
    """A disk with PostgreSQL and an empty database on it, to be copied, and where it is to be reached."""

    image: Path
    port: int
    urls: Urls
    keys: Path
    tokens: testing.Tokens


@dataclass
class Told:
    """What the service has answered."""

    #: Revisions by record.
    records: dict[UUID, int] = field(default_factory=dict)
    requests: set[UUID] = field(default_factory=set)
    #: Requests that were begun and not answered yet.
    open: set[UUID] = field(default_factory=set)


@dataclass
class Heard:
    """What the stream of facts has told."""

    revisions: set[tuple[UUID, int]] = field(default_factory=set)
    #: The event of each number of a source's.
    numbers: dict[tuple[int, int], UUID] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)

    async def follow(self, consumer: Consumer) -> None:
        """Read until the consumer is closed."""
        async with aclosing(consumer.batches()) as batches:
            async for batch in batches:
                for event in batch.events:
                    self._take(event)
                await batch.ack()

    def _take(self, event: Any) -> None:
        place = event.epoch, event.sequence
        if self.numbers.setdefault(place, event.id) != event.id:
            self.twice.append(f"two events bear the number {place}")
        self.revisions.add((UUID(int=event.record_id.int), event.revision))


class Store:
    """One service on its PostgreSQL, with clerks at work; `cut` may be called as often as one likes."""

    def __init__(self, disk: Disk, server: Postgres, channel: Channel, heard: Heard, chance: random.Random) -> None:
        self._disk, self._server, self._chance, self._heard = disk, server, chance, heard
        self._caller = Caller(channel)
        self._told = Told()
        self._open = asyncio.Event()
        self._over = False
        self._idle = 0
        self._refused: list[str] = []

    async def work(self) -> None:
        """Be a clerk: record and change, what was not answered again under the same id."""
        own: list[Any] = []
        while not self._over:
            if not self._open.is_set():
                self._idle += 1
                await self._open.wait()
                self._idle -= 1
                continue
            try:
                await self._some(own)
            except Refused as refused:
                self._refused.append(f"refused: {refused}")

    async def _some(self, own: list[Any]) -> None:
        if own and self._chance.random() < 0.4:
            await self._change(own)
        elif self._chance.random() < 0.15:
            await self._sheet()
        else:
            await self._record(own)

    async def _record(self, own: list[Any]) -> None:
        answer = await self._call("CreateConsultation", consultation=ONE)
        own.append(answer.consultation)

    async def _change(self, own: list[Any]) -> None:
        place = self._chance.randrange(len(own))
        wanted = changed(own[place], minutes=self._chance.randrange(1, 400), etag=None)
        own[place] = (await self._call("UpdateConsultation", consultation=wanted)).consultation

    async def _sheet(self) -> None:
        numbered = [changed(ONE, key=str(uuid4())) for _ in range(self._chance.randrange(2, 40))]
        rows = [rpc.ConsultationImportRow(row=row, consultation=one) for row, one in enumerate(numbered, 2)]
        await self._call("ImportConsultations", rows=rows)

    async def _call(self, method: str, **fields: Any) -> Any:
        request = uuid4()
        self._told.open.add(request)
        answer = await self._caller(f"ConsultationService/{method}", PATIENCE, request_id=str(request), **fields)
        self._told.open.discard(request)
        self._told.requests.add(request)
        records = [answer.consultation] if "consultation" in answer.DESCRIPTOR.fields_by_name else answer.verdicts
        for record in records:
            self._told.records[UUID(record.name.rpartition("/")[2])] = getattr(record, "revision", 1)
        return answer

    def start(self) -> list[asyncio.Task[None]]:
        """Have the clerks begin."""
        self._open.set()
        return [asyncio.create_task(self.work()) for _ in range(CLERKS)]

    def end(self) -> None:
        """Have the clerks end when they have their answers."""
        self._over = True
        self._open.set()

    async def cut(self) -> Cycle:
        """Cut the power under writes, give it back, and see what is there and that work goes on."""
        await self._until_more(AFTER)
        await asyncio.sleep(self._chance.uniform(0, 0.5))
        promised, requests, begun = dict(self._told.records), set(self._told.requests), set(self._told.open)
        self._disk.cut_power(self._server.pid or 0)
        self._server.kill()
        self._disk.restore()
        back = time.monotonic()
        await self._server.start()
        records, remembered, wrong = await self._found()
        lost = {name for name, revision in promised.items() if records.get(name, 0) < revision}
        forgotten = requests - remembered
        await self._until_more(AFTER)
        seconds = time.monotonic() - back
        wrong += await self._whole()
        found = len(begun & remembered)
        return Cycle(DATABASE, len(requests), len(forgotten | lost), len(begun), found, seconds, wrong)

    async def _found(self) -> tuple[dict[UUID, int], set[UUID], list[str]]:
        """Return records and remembered requests as they are stored, and what of a change is there without the rest."""
        async with self._looking() as look, look.transaction(isolation="repeatable_read", readonly=True):
            records = {row["id"]: row["revision"] for row in await look.fetch(_RECORDS)}
            traces = {row["id"]: row["made"] for row in await look.fetch(_TRACES)}
            remembered = {row["request_id"] for row in await look.fetch("SELECT request_id FROM request")}
            chain = await audit.verify(look, SOURCE)
        torn = {name for name in {*records, *traces} if records.get(name) != traces.get(name)}
        wrong = [f"{len(torn)} records and their trails differ"] if torn else []
        return records, remembered, wrong + ([chain.problem] if chain.problem else [])

    async def _whole(self) -> list[str]:
        """Let the clerks come to rest, and hold that all is there once, in the trail and on the stream."""
        self._open.clear()
        await eventually(lambda: self._idle == CLERKS, PATIENCE)
        records, remembered, wrong = await self._found()
        if records != self._told.records:
            wrong.append(
                f"{len(records)} records are there, {len(self._told.records)} were answered, or other revisions"
            )
        if remembered != self._told.requests:
            wrong.append("requests remembered and answered differ")
        told = {(name, revision) for name, last in records.items() for revision in range(1, last + 1)}
        try:
            await eventually(lambda: told <= self._heard.revisions, PATIENCE)
        except AssertionError:
            wrong.append(f"{len(told - self._heard.revisions)} changes never came to the stream")
        if self._heard.revisions - told:
            wrong.append("the stream tells of changes that are not there")
        self._open.set()
        return [*wrong, *self._heard.twice, *self._refused]

    async def _until_more(self, count: int) -> None:
        wanted = len(self._told.requests) + count
        await eventually(lambda: len(self._told.requests) >= wanted, PATIENCE)

    @asynccontextmanager
    async def _looking(self) -> AsyncIterator[asyncpg.Connection]:
        look = await asyncpg.connect(with_database(self._server.admin_url, f"geju_{SERVICE}"))
        try:
            yield look
        finally:
            await look.close()


def _disk(folder: Path) -> Disk:
    return Disk(folder / "postgres.img", folder / "postgres", MEGABYTES)


async def prepared(folder: Path) -> Template:
    """Make a disk with a PostgreSQL on it in which a service's database is ready."""
    port, kept = free_port(), folder / "template.img"
    (folder / "jwt").mkdir()
    with _disk(folder).lent() as disk:
        server = Postgres(disk.place, port)
        try:
            await server.start()
            urls = await bootstrap(server.admin_url, SERVICE, str)
            await migrations.upgrade(urls.owner, migrations.schema_of(SERVICE))
        finally:
            await server.stop()
        disk.unmount()
        copy(disk.image, kept)
    return Template(kept, port, urls, testing.record_keys(folder), testing.Tokens(folder / "jwt"))


@asynccontextmanager
async def store(folder: Path, template: Template, chance: random.Random) -> AsyncIterator[Store]:
    """Run legal aid on a PostgreSQL on a disk of its own, empty, beside a NATS that nothing happens to."""
    async with AsyncExitStack() as stack:
        disk = _disk(folder)
        stack.callback(disk.discard)
        copy(template.image, disk.image)
        disk.mount()
        server = Postgres(disk.place, template.port)
        stack.callback(lambda: kill_all(server.pid or 0))
        await server.start()
        broker: Nats = await stack.enter_async_context(testing.nats_server())
        settings = {**template.urls.settings(), "nats_url": broker.url, "record_keys": template.keys}
        settings |= {"jwt_keys": template.tokens.public, "profile": PROFILE, "log_level": "error"}
        clock = ManualClock(datetime(2012, 6, 1, 4, tzinfo=UTC))
        running = await stack.enter_async_context(testing.service(app(), clock, **settings))
        channel = connect(f"127.0.0.1:{running.port}", template.tokens("someone", ["clerk"], [OFFICE]), seconds=20)
        stack.push_async_callback(channel.close)
        client = await nats.connect(broker.url)
        stack.push_async_callback(client.close)
        heard, consumer = Heard(), Consumer(client, "power", facts_stream(), dead=dead_stream())
        reading = asyncio.create_task(heard.follow(consumer))
        made = Store(disk, server, channel, heard, chance)
        clerks = made.start()
        try:
            yield made
        finally:
            made.end()
            await asyncio.gather(*clerks)
            consumer.close()
            await reading
