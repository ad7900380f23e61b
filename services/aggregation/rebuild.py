"""Builds a projection from the stream, beside the one that is read, and swaps it in when it has caught up."""
# ruff: noqa: S608  statements are made of schema names of this package, never of input

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from enum import StrEnum

import asyncpg
import structlog
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from services.aggregation import database
from services.aggregation.errors import NotLeader
from services.aggregation.plans import fingerprint, plan_of
from services.aggregation.projection import Projection
from services.aggregation.writer import Writer
from services.chassis.consumer import FAILURES as BROKER_FAILURES
from services.chassis.consumer import Batch, Consumer
from services.chassis.domain.profile import Profile
from services.chassis.sessions import FAILURES as DATABASE_FAILURES
from services.chassis.settings import Settings
from services.chassis.stream import dead_stream, ensure_stream, facts_stream

log = structlog.get_logger(__name__)

#: The most events taken in at once, by one who is behind: what they touch together is measured once.
BATCH = 5_000
CATCH_UP_SECONDS = 5.0
#: For dropping what a rebuild that was broken off has begun.
CLEAR_SECONDS = 5.0


class Step(StrEnum):
    """What a rebuild is at."""

    LOADING = "loading"
    MEASURING = "measuring"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is; `differing` counts figures that differ from the old projection's, -1 while unknown."""

    step: Step
    schema: str
    loaded: int = 0
    total: int = 0
    differing: int = -1


def next_schema(fingerprint: str, taken: str) -> str:
    """Return the name of a projection that is not the one read now."""
    plain = f"p_{fingerprint}"
    return f"{plain}_2" if taken == plain else plain


class Builder:
    """Builds one projection on a connection of its own."""

    def __init__(self, settings: Settings, profile: Profile, client: Client, writer: Writer) -> None:
        self._settings, self._profile, self._client, self._writer = settings, profile, client, writer
        self._over = False
        self._conn: asyncpg.Connection | None = None
        self._consumer: Consumer | None = None

    def end(self) -> None:
        """End a rebuild under way with the lead it belongs to: the next leader may write where it writes."""
        self._over = True
        if self._conn is not None:
            self._conn.terminate()
        if self._consumer is not None:
            self._consumer.close()

    async def run(self, swapped: Callable[[], None]) -> AsyncGenerator[Progress, None]:
        """Build and swap in; `swapped` is called once the new one is read. What was left behind before is dropped.

        One that is broken off, by its caller too, leaves nothing behind as long as the lead lasts; otherwise the next
        leader finds it. Raises NotLeader, or what a closed connection raises, when the lead has ended.
        """
        old = self._writer.live.current_or_none
        plan = plan_of(next_schema(fingerprint(), old.schema if old else ""))
        conn = await database.sessions(self._settings, "geju-rebuild").open()
        consumer = self.consumer(plan.schema)
        self._conn, self._consumer = conn, consumer
        try:
            if self._over:
                raise NotLeader
            await discard(conn, self._client, keep=old.schema if old else "")
            projection = await Projection.create(conn, plan, self._profile)
            progress = Progress(Step.LOADING, plan.schema, 0, await self._messages())
            yield progress
            async with aclosing(consumer.batches()) as batches:
                async for step in self._load(conn, projection, batches, progress):
                    yield (progress := step)
                yield (progress := replace(progress, step=Step.MEASURING))
                await projection.finish(conn, self._writer.today())
                differing = await self._swap(conn, projection, batches)
            swapped()
            log.info("projection_swapped", schema=plan.schema, events=progress.loaded, differing=differing)
            yield replace(progress, step=Step.DONE, differing=differing)
        finally:
            consumer.close()
            await conn.close(timeout=5)
            if not self._over and not (self._writer.ready and self._writer.projection.schema == plan.schema):
                await self._clear(plan.schema)

    def consumer(self, schema: str) -> Consumer:
        """Return the reader of the stream for a projection."""
        replicas = self._settings.nats_replicas
        return Consumer(self._client, schema, facts_stream(replicas), dead=dead_stream(replicas), batch=BATCH)

    async def _clear(self, schema: str) -> None:
        """Drop what was begun, or leave it to the next rebuild when that cannot be done now."""
        try:
            async with asyncio.timeout(CLEAR_SECONDS):
                conn = await database.sessions(self._settings, "geju-rebuild").open()
                try:
                    await _drop(conn, self._client, schema)
                finally:
                    await conn.close(timeout=1)
        except (*DATABASE_FAILURES, *BROKER_FAILURES) as error:
            log.warning("rebuild_left", schema=schema, error=str(error) or type(error).__name__)

    async def _messages(self) -> int:
        stream = facts_stream(self._settings.nats_replicas)
        js = self._client.jetstream()
        await ensure_stream(js, stream)
        return int((await js.stream_info(str(stream.name))).state.messages)

    async def _load(
        self, conn: asyncpg.Connection, projection: Projection, batches: AsyncIterator[Batch], progress: Progress
    ) -> AsyncIterator[Progress]:
        """Take in everything that the stream holds now."""
        told = time.monotonic()
        while progress.loaded < progress.total:
            batch = await anext(batches, None)
            if batch is None:
                raise NotLeader
            applied = await projection.load(conn, batch.events)
            for rejected in applied.rejected:
                batch.refuse(rejected.event, rejected.reason)
            await batch.ack()
            loaded = progress.loaded + len(batch.events) + batch.refused
            progress = replace(progress, loaded=loaded, total=loaded + batch.behind)
            if time.monotonic() - told >= 1:
                told = time.monotonic()
                yield progress
        yield progress

    async def _swap(self, conn: asyncpg.Connection, projection: Projection, batches: AsyncIterator[Batch]) -> int:
        """Catch up while nothing else is written, then show the new projection; return how many figures differ."""
        writer = self._writer
        async with writer.lock:
            if not writer.ready:
                await writer.show(projection)
                return 0
            old = writer.projection
            deadline = time.monotonic() + CATCH_UP_SECONDS
            while await _behind(conn, projection, old) and time.monotonic() < deadline:
                try:
                    batch = await asyncio.wait_for(anext(batches, None), deadline - time.monotonic())
                except TimeoutError:
                    break
                if batch is None:
                    raise NotLeader
                await projection.apply(conn, batch.events, writer.today())
                await batch.ack()
            differing = await _differing(conn, old.schema, projection.schema)
            await writer.show(projection)
            return differing


async def _behind(conn: asyncpg.Connection, new: Projection, old: Projection) -> bool:
    """Tell whether the old projection has read what the new one has not."""
    read = {(p.source, p.epoch): p.last for p in await new.positions(conn)}
    return any(read.get((p.source, p.epoch), 0) < p.last for p in await old.positions(conn))


async def _differing(conn: asyncpg.Connection, old: str, new: str) -> int:
    parts = " union all ".join(f"(table {a}.figure except table {b}.figure)" for a, b in ((old, new), (new, old)))
    keys = "period, unit, indicator, breakdown, key"
    return int(await conn.fetchval(f"select count(distinct ({keys})) from ({parts}) d"))


async def discard(conn: asyncpg.Connection, client: Client, keep: str) -> None:
    """Drop every projection but one, with its reader of the stream: those swapped out and those never finished."""
    for schema in await database.schemas(conn):
        if schema != keep:
            await _drop(conn, client, schema)


async def _drop(conn: asyncpg.Connection, client: Client, schema: str) -> None:
    # The reader first: it is found by its schema, should the broker be away.
    with suppress(NotFoundError):
        await client.jetstream().delete_consumer(str(facts_stream().name), schema)
    await database.drop(conn, schema)
