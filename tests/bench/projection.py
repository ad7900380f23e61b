"""The projection: reading, folding, storing and measuring events, beside a subscriber that commits each of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import uuid4

import asyncpg
import nats

from services.aggregation import catalogue
from services.aggregation.plan import Plan
from services.aggregation.projection import CONNECTION, Projection
from services.aggregation.rebuild import BATCH
from services.chassis.consumer import Batch, Consumer
from services.chassis.embedded import Urls
from services.chassis.profile_file import load
from services.chassis.server import settle
from services.chassis.stream import FACTS, facts_stream
from tests.bench.baselines.faststream_subscriber import TABLE
from tests.bench.facts import LAST, disputes, publish
from tests.bench.options import Options
from tests.bench.surroundings import PROFILE, Child, Surroundings, surroundings
from tests.bench.table import Row, at_least, report

ROUNDS = 3
OURS, PLAIN = 20_000, 2_000
SUBSCRIBER = "tests.bench.baselines.faststream_subscriber"


async def ours(around: Surroundings, urls: Urls, *, measure: bool) -> float:
    """Read everything as the service does; returns events a second.

    `measure` stores and counts each batch, as events are taken in; otherwise facts are stored only, as a rebuild does.
    """
    plan = Plan(catalogue.INDICATORS, f"p_{uuid4().hex[:12]}")
    client = await nats.connect(around.nats.url)
    connection = await asyncpg.connect(urls.owner, server_settings={"jit": "off"}, **CONNECTION)
    try:
        projection = await Projection.create(connection, plan, load(PROFILE))
        if measure:
            await projection.finish(connection, LAST)
        begun = time.perf_counter()
        async with aclosing(Consumer(client, plan.schema, facts_stream(), batch=BATCH).batches()) as batches:
            await _take(projection, connection, batches, measure=measure)
        return OURS / (time.perf_counter() - begun)
    finally:
        await connection.close()
        await client.close()


async def _take(
    projection: Projection, connection: asyncpg.Connection, batches: AsyncIterator[Batch], *, measure: bool
) -> None:
    done = 0
    while done < OURS:
        batch = await anext(batches)
        if measure:
            await projection.apply(connection, batch.events, LAST)
        else:
            await projection.load(connection, batch.events)
        await batch.ack()
        done += len(batch.events)
    await projection.flush(connection)


async def subscribed(around: Surroundings, urls: Urls) -> float:
    """Let a subscriber store events until there are enough; returns events a second, its start left out."""
    connection = await asyncpg.connect(urls.owner)
    try:
        await connection.execute(TABLE)
        async with around.child([SUBSCRIBER, around.nats.url, urls.owner, FACTS, uuid4().hex], 0, {}) as child:
            return await _storing(connection, child)
    finally:
        await connection.close()


async def _storing(connection: asyncpg.Connection, child: Child) -> float:
    begun, first = 0.0, 0
    while (stored := await connection.fetchval("SELECT count(*) FROM plain_fact")) < PLAIN:
        if child.process.poll() is not None:
            raise RuntimeError(child.log.read_text(encoding="utf-8"))
        if stored and not first:
            begun, first = time.perf_counter(), stored
        await asyncio.sleep(0.05)
    return float((stored - first) / (time.perf_counter() - begun))


async def run(_options: Options) -> list[Row]:
    """Read the same stream each way, in turn; the best of each is compared."""
    settle()  # as the service does when it has started
    async with surroundings() as around:
        await publish(around.nats.url, disputes(OURS))
        rates: dict[str, list[float]] = {"stored": [], "measured": [], "subscriber": []}
        for _ in range(ROUNDS):
            urls = await around.postgres.database("aggregation")
            rates["stored"].append(await ours(around, urls, measure=False))
            rates["measured"].append(await ours(around, urls, measure=True))
            rates["subscriber"].append(await subscribed(around, await around.postgres.database("plain")))
    for name, found in rates.items():
        report(f"{name}: " + ", ".join(f"{rate:.0f}/s" for rate in found))
    best = {name: max(found) for name, found in rates.items()}
    what = "against a subscriber that commits each event"
    return [
        at_least(f"projection, facts stored, {what}", best["stored"], best["subscriber"], 30, "/s"),
        at_least(f"projection, facts and figures, {what}", best["measured"], best["subscriber"], 30, "/s"),
    ]
