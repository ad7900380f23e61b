"""The projection: reading, folding, storing and measuring events, beside a subscriber that commits each of them."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

import asyncpg
import nats

from services.aggregation import catalogue
from services.aggregation.plan import Plan
from services.aggregation.projection import CONNECTION, Projection
from services.chassis.consumer import Consumer
from services.chassis.embedded import Urls
from services.chassis.profile_file import load
from services.chassis.stream import FACTS, facts_stream
from tests.bench.baselines.faststream_subscriber import TABLE
from tests.bench.facts import LAST, publish
from tests.bench.options import Options
from tests.bench.surroundings import PROFILE, Surroundings, surroundings
from tests.bench.table import Row, at_least, report

OURS, PLAIN = 20_000, 3_000
SUBSCRIBER = "tests.bench.baselines.faststream_subscriber"


async def ours(around: Surroundings, urls: Urls) -> tuple[float, float]:
    """Read everything as the leader does, figures included; returns events a second, and the same without figures."""
    measured = await _read(around, urls, measure=True)
    return measured, await _read(around, urls, measure=False)


async def _read(around: Surroundings, urls: Urls, *, measure: bool) -> float:
    plan = Plan(catalogue.INDICATORS, f"p_{'measured' if measure else 'stored'}")
    client = await nats.connect(around.nats.url)
    connection = await asyncpg.connect(urls.owner, server_settings={"jit": "off"}, **CONNECTION)
    try:
        projection = await Projection.create(connection, plan, load(PROFILE))
        await projection.finish(connection, LAST)
        consumer, done = Consumer(client, plan.schema, facts_stream()), 0
        begun = time.perf_counter()
        async with aclosing(consumer.batches()) as batches:
            async for batch in batches:
                if measure:
                    await projection.apply(connection, batch.events, LAST)
                else:
                    await projection.load(connection, batch.events)
                await batch.ack()
                done += len(batch.events)
                if done >= OURS:
                    return done / (time.perf_counter() - begun)
        raise AssertionError("the stream holds that many")
    finally:
        await connection.close()
        await client.close()


async def plain(around: Surroundings, urls: Urls) -> float:
    """Let the subscriber store events until there are enough; returns events a second, its start left out."""
    connection = await asyncpg.connect(urls.owner)
    try:
        await connection.execute(TABLE)
        command = [SUBSCRIBER, around.nats.url, urls.owner, FACTS]
        async with around.child(command, 0, {}) as child:
            begun, first = 0.0, 0
            while (stored := await connection.fetchval("SELECT count(*) FROM plain_fact")) < PLAIN:
                if child.process.poll() is not None:
                    raise RuntimeError(child.log.read_text(encoding="utf-8"))
                if stored and not first:
                    begun, first = time.perf_counter(), stored
                await asyncio.sleep(0.05)
            return float((stored - first) / (time.perf_counter() - begun))
    finally:
        await connection.close()


async def run(_options: Options) -> list[Row]:
    """Read the same stream both ways."""
    async with surroundings() as around:
        await publish(around.nats.url, OURS)
        measured, stored = await ours(around, await around.postgres.database("aggregation"))
        baseline = await plain(around, await around.postgres.database("plain"))
    report(f"ours: {measured:.0f}/s with figures, {stored:.0f}/s stored only; subscriber {baseline:.0f}/s")
    return [at_least("projection, against a subscriber that commits each event", measured, baseline, 30, "/s")]
