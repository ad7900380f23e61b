"""The simulated servers do what the real ones do, as far as the simulation goes (docs/reliability/simulation.md)."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import asyncpg
import nats.errors
import pytest
from nats.aio.client import Client
from nats.js.api import Header

from services.aggregation.fold import CHANGE, DIGEST, EPOCH, REVISION, newer_row
from services.chassis.consumer import Consumer
from services.chassis.outbox import PostgresOutbox
from services.chassis.publisher import NatsPublisher
from services.chassis.stream import FACTS, FactEvent, dead_stream, encode, facts_stream, subject
from tests.integration.chassis.messaging.conftest import SOURCE, Database
from tests.integration.chassis.messaging.test_consumer import BLANK
from tests.simulation import faults
from tests.simulation.board_database import condition, replaces
from tests.simulation.client import connect
from tests.simulation.jetstream import Server
from tests.simulation.source_database import Kind, SourceDatabase, event_id
from tests.simulation.world import Process, World


def world() -> World:
    """Make a world in which nothing goes wrong, on the loop of the test."""
    return World(1, asyncio.get_running_loop())


@dataclass
class Broker:
    """A client, and how somebody else deletes the stream."""

    client: Any
    delete_stream: Callable[[], Awaitable[Any]]

    def publisher(self) -> NatsPublisher:
        """Make the product's publisher over the client."""

        async def connected() -> Any:
            return self.client

        return NatsPublisher(connected, facts_stream(), 2)

    def consumer(self, batch: int = 10) -> Consumer:
        """Make the product's reader over the client."""
        return Consumer(self.client, "board", facts_stream(), dead=dead_stream(), batch=batch)


@pytest.fixture
async def brokers(client: Client) -> tuple[Broker, Broker]:
    """Give a real broker and a simulated one."""
    server = Server(world())
    simulated = connect(server, Process(server.world, "test"))
    on: Any = type("On", (), {"server": server, "world": server.world})
    return Broker(client, lambda: client.jetstream().delete_stream(FACTS)), Broker(
        simulated, lambda: faults.deleted_stream(on)
    )


def event(number: int) -> FactEvent:
    """Return an event."""
    return replace(BLANK, id=UUID(int=number), sequence=number)


async def held(broker: Broker) -> int:
    """Return how many messages the stream holds."""
    return int((await broker.client.jetstream().stream_info(FACTS)).state.messages)


async def read(broker: Broker, until: int, *, ack: bool = True, refuse: int = 0) -> list[int]:
    """Read up to an event with a new reader; returns what came."""
    found: list[int] = []
    async with asyncio.timeout(30), aclosing(broker.consumer().batches()) as batches:
        async for batch in batches:
            found += [one.sequence for one in batch.events]
            for one in batch.events:
                if one.sequence == refuse:
                    batch.refuse(one, "refused")
            if ack:
                await batch.ack()
            if until in found:
                return found
    return found


async def published(broker: Broker) -> list[Any]:
    """Publish once, once more with one that is new, and alone."""
    publisher, seen = broker.publisher(), []
    for numbers in (range(1, 4), range(1, 5), [4], [5]):
        await publisher.publish([event(number) for number in numbers])
        seen.append((await held(broker), publisher.fallbacks))
    return seen


async def a_batch_with_a_hole(broker: Broker) -> list[Any]:
    """Send the first and the third part of a batch, the last one."""
    await broker.publisher().publish([event(1)])
    headers = {Header.MSG_ID.value: "a", Header.BATCH_ID.value: "b", Header.BATCH_SEQUENCE.value: "1"}
    await broker.client.publish(subject(event(2)), encode(event(2)), headers=headers)
    last = headers | {Header.MSG_ID.value: "c", Header.BATCH_SEQUENCE.value: "3", Header.BATCH_COMMIT.value: "1"}
    answer = await broker.client.request(subject(event(3)), encode(event(3)), timeout=2, headers=last)
    return [b"error" in answer.data, await held(broker)]


async def read_again(broker: Broker) -> list[Any]:
    """Read without acknowledging, again with, and what is new."""
    publisher = broker.publisher()
    await publisher.publish([event(number) for number in range(1, 6)])
    seen = [await read(broker, 5, ack=False), await read(broker, 5)]
    await publisher.publish([event(6)])
    return [*seen, await read(broker, 6)]


async def refused(broker: Broker) -> list[Any]:
    """Refuse the last of a batch and read on."""
    publisher = broker.publisher()
    await publisher.publish([event(number) for number in range(1, 4)])
    seen = [await read(broker, 3, refuse=3)]
    await publisher.publish([event(4)])
    return [*seen, await read(broker, 4)]


async def deleted_meanwhile(broker: Broker) -> list[Any]:
    """Delete consumer and stream under a reader."""
    publisher, seen = broker.publisher(), []
    await publisher.publish([event(number) for number in range(1, 4)])
    consumer = broker.consumer()
    async with asyncio.timeout(60), aclosing(consumer.batches()) as batches:
        async for batch in batches:
            seen += [one.sequence for one in batch.events]
            await batch.ack()
            if seen == [1, 2, 3]:
                await broker.client.jetstream().delete_consumer(FACTS, "board")
            if seen == [1, 2, 3, 1, 2, 3]:
                await broker.delete_stream()
                await broker.publisher().publish([event(9)])
            if 9 in seen:
                break
    return [seen, consumer.restarts >= 2]


async def nobody_there(broker: Broker) -> list[Any]:
    """Send to a stream that was deleted."""
    await broker.publisher().publish([event(1)])
    await broker.delete_stream()
    try:
        await broker.client.request(subject(event(2)), encode(event(2)), timeout=2, headers={})
    except nats.errors.NoRespondersError:
        return ["no responders"]
    return []


STORIES = (published, a_batch_with_a_hole, read_again, refused, deleted_meanwhile, nobody_there)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_a_simulated_broker_answers_like_a_real_one(
    brokers: tuple[Broker, Broker], story: Callable[[Broker], Awaitable[list[Any]]]
) -> None:
    """Duplicates, batches, acknowledgements, refusals and deletions come out alike."""
    real, simulated = brokers
    expected = await story(real)
    assert expected
    assert expected == await story(simulated)


async def numbered(outbox: PostgresOutbox, other: PostgresOutbox, add: Callable[[int], Awaitable[list[UUID]]]) -> Any:
    """Go through numbering and forgetting; return what was seen, ids as their places in the order of their making."""
    seen: list[Any] = [await outbox.lock(), await other.lock(), await outbox.pending(9), (await outbox.backlog()).rows]
    ids = await add(5)
    for limit in (3, 9, 9):
        stamped = await outbox.stamp(limit)
        seen.append([(ids.index(UUID(int=one.id.int)), one.sequence) for one in stamped])
        seen.append([one.sequence for one in await outbox.pending(4)])
        await outbox.forget([one.id for one in stamped[:2]])
        seen.append((await outbox.backlog()).rows)
    return seen


async def test_a_simulated_outbox_is_numbered_like_a_real_one(database: Database) -> None:
    """Lock, numbers, order, limits and deletion come out alike."""
    second = await asyncpg.connect(database.urls.app)
    real = await numbered(PostgresOutbox(database.connection, SOURCE), PostgresOutbox(second, SOURCE), database.add)
    await second.close()
    there = world()
    simulated = SourceDatabase(there, "mediation", [Kind("dispute")], Server(there))
    simulated.server.ever_stored = Everything()

    async def add(count: int) -> list[UUID]:
        kind, ids = Kind("dispute"), [event_id(there, there.real) for _ in range(count)]
        for one in reversed(ids):
            simulated.commit(kind, UUID(int=one.int + 1), one, kind.facts(office="01"), "created")
        return ids

    connections = [PostgresOutbox(await simulated.connect(), SOURCE) for _ in range(2)]  # type: ignore[arg-type]
    assert real == await numbered(*connections, add)


class Everything(set[UUID]):
    """A broker that has stored whatever is asked for."""

    def __contains__(self, _event: object) -> bool:
        return True


async def test_a_row_replaces_another_by_one_rule(database: Database) -> None:
    """PostgreSQL, SQLite in the simulation, and a rebuild's memory agree for every pair of states."""
    states = list(itertools.product((1, 2), (1, 2), ("repair", "changed"), (b"a", b"b")))
    side = "(select $%d::bigint as _epoch, $%d::bigint as _revision, $%d::text as _change, $%d::bytea as _digest)"
    sides = side % (1, 2, 3, 4), side % (5, 6, 7, 8)
    asked = f"select {condition('dispute')} from {sides[0]} as excluded, {sides[1]} as f"  # noqa: S608 - the product's
    for new, old in itertools.product(states, states):
        expected = await database.connection.fetchval(asked, *new, *old)
        rows = [row(state) for state in (new, old)]
        assert (expected, expected) == (replaces("dispute", *rows), newer_row(*rows))


def row(state: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row in a state."""
    made: list[Any] = [None] * 8
    made[EPOCH], made[REVISION], made[CHANGE], made[DIGEST] = state
    return tuple(made)
