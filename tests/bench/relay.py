"""The relay: from the outbox to confirmed by a NATS that waits for the disk, beside plainer publishers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import nats
import uuid_utils
from nats.aio.client import Client
from prometheus_client import CollectorRegistry

from services.chassis.outbox import PostgresOutbox
from services.chassis.profile_file import load
from services.chassis.publisher import NatsPublisher
from services.chassis.relay import Relay, RelayMetrics
from services.chassis.sequencer import Publisher, Sequencer
from services.chassis.stream import FactEvent, facts_stream
from tests.bench.baselines.publishers import OneByOne, Pipelined
from tests.bench.facts import SOURCE, events
from tests.bench.load import Load, paced
from tests.bench.options import Options
from tests.bench.surroundings import PROFILE, Surroundings, surroundings
from tests.bench.table import Row, at_least, report, under

ROUNDS = 3
OURS, ASYNC, SINGLE = 20_000, 4_000, 1_500
PER_SECOND, SECONDS = 50.0, 10.0
NAMES = (
    "id", "kind", "record_id", "revision", "change", "office", "actor", "recorded", "facts_type", "collection",
    "facts", "traceparent",
)  # fmt: skip
INSERT = f"INSERT INTO outbox ({', '.join(NAMES)}) VALUES ({', '.join(f'${i}' for i in range(1, len(NAMES) + 1))})"  # noqa: S608


def rows(made: Sequence[FactEvent]) -> list[tuple[object, ...]]:
    """Return events as rows of the outbox that nobody has numbered."""
    return [(UUID(str(uuid_utils.uuid7())), *(getattr(event, name) for name in NAMES[1:])) for event in made]


@dataclass
class Timed:
    """A publisher that notes when each event was confirmed."""

    inner: Publisher
    confirmed: dict[UUID, float] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def publish(self, made: Sequence[FactEvent]) -> None:
        """Publish and note."""
        await self.inner.publish(made)
        now = asyncio.get_running_loop().time()
        self.confirmed.update((event.id, now) for event in made)
        self.changed.set()


@dataclass(frozen=True)
class Bench:
    """A database with an outbox, and events to fill it with."""

    around: Surroundings
    url: str
    pool: asyncpg.Pool
    client: Client
    made: list[FactEvent]

    def ours(self) -> NatsPublisher:
        """Return the product's publisher."""

        async def connected() -> Client:
            return self.client

        return NatsPublisher(connected, facts_stream())

    async def rate(self, publisher: Publisher, count: int) -> float:
        """Fill the outbox and empty it; returns events a second."""
        filling = rows([self.made[i % len(self.made)] for i in range(count)])
        await self.pool.copy_records_to_table("outbox", columns=NAMES, records=filling)
        connection = await asyncpg.connect(self.url)
        try:
            outbox = PostgresOutbox(connection, SOURCE)
            assert await outbox.lock(), "no other relay runs"
            sequencer, begun, sent = Sequencer(outbox, publisher), time.perf_counter(), 0
            while sent < count:
                sent += await sequencer.step()
            return sent / (time.perf_counter() - begun)
        finally:
            await connection.close()

    async def latency(self) -> Load:
        """Run the relay and commit one event at a time; returns the times from commit to confirmation."""
        timed = Timed(self.ours())
        relay = Relay(SOURCE, self.url, timed, RelayMetrics(CollectorRegistry()))
        running = asyncio.create_task(relay.run())
        loop = asyncio.get_running_loop()
        taken: list[float] = []

        async def commit(_client: int, number: int) -> None:
            row = rows([self.made[number]])[0]
            await self.pool.execute(INSERT, *row)
            committed = loop.time()
            relay.wake()
            while row[0] not in timed.confirmed:
                timed.changed.clear()
                await timed.changed.wait()
            taken.append(timed.confirmed[row[0]] - committed)  # type: ignore[index]

        try:
            load = await paced(commit, per_second=PER_SECOND, seconds=SECONDS)
        finally:
            relay.stop()
            await running
        return Load(load.seconds, tuple(taken))


@asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    """Start everything with an empty outbox."""
    async with surroundings() as around:
        urls = await around.database("mediation")
        client = await nats.connect(around.nats.url)
        async with asyncpg.create_pool(urls.owner, min_size=4, max_size=4) as pool:
            try:
                yield Bench(around, urls.relay, pool, client, list(events(2_000, load(PROFILE))))
            finally:
                await client.close()


async def run(_options: Options) -> list[Row]:
    """Empty outboxes by each publisher in turn, then measure single events."""
    async with bench() as made:
        js = made.client.jetstream(timeout=30)
        sides: dict[str, tuple[Publisher, int]] = {
            "ours": (made.ours(), OURS),
            "async": (Pipelined(js), ASYNC),
            "single": (OneByOne(js), SINGLE),
        }
        await made.rate(made.ours(), 100)
        rates: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(ROUNDS):
            for name, (publisher, count) in sides.items():
                rates[name].append(await made.rate(publisher, count))
        for name, found in rates.items():
            report(f"{name}: " + ", ".join(f"{rate:.0f}/s" for rate in found))
        best = {name: max(found) for name, found in rates.items()}
        single = await made.latency()
    report(f"commit to acknowledged: p50 {single.at(0.5):.2f} p99 {single.at(0.99):.2f} ms")
    return [
        at_least("relay, against one publish at a time", best["ours"], best["single"], 10, "/s"),
        at_least("relay, against publish_async", best["ours"], best["async"], 5, "/s"),
        under("relay, commit to acknowledged, p50", single.at(0.5), 10, "ms"),
    ]
