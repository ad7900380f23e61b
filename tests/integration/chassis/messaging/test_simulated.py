"""The simulated servers do what the real ones do, as far as the simulation goes (docs/reliability/simulation.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import nats.errors
import nats.js.errors
import pytest
from nats.aio.client import Client
from nats.js.api import Header

from services.chassis.consumer import Consumer
from services.chassis.publisher import NatsPublisher
from services.chassis.stream import FACTS, FactEvent, dead_stream, encode, facts_stream, subject
from services.chassis.testing import eventually
from tests.integration.chassis.messaging.test_consumer import BLANK
from tests.simulation import faults
from tests.simulation.client import connect
from tests.simulation.jetstream import Server
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

    def consumer(self, epoch: int = 0) -> Consumer:
        """Make the product's reader over the client."""
        return Consumer(self.client, "board", facts_stream(), dead=dead_stream(), batch=10, epoch=epoch)


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


async def read(broker: Broker, until: int, *, ack: bool = True, refuse: int = 0, epoch: int = 0) -> list[int]:
    """Read up to an event with a new reader; returns what came."""
    found: list[int] = []
    async with asyncio.timeout(30), aclosing(broker.consumer(epoch).batches()) as batches:
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


async def of_another_epoch(broker: Broker) -> list[Any]:
    """Read and acknowledge, then as a reader whose store was set back, twice."""
    publisher = broker.publisher()
    await publisher.publish([event(number) for number in range(1, 4)])
    seen = [await read(broker, 3), await read(broker, 3, epoch=1)]
    await publisher.publish([event(4)])
    return [*seen, await read(broker, 4, epoch=1)]


async def told_of_a_reader(broker: Broker) -> list[Any]:
    """Ask about a reader before it is there, when it has acknowledged, and after it was deleted."""
    js, seen = broker.client.jetstream(), []

    async def told() -> Any:
        try:
            found = await js.consumer_info(FACTS, "board")
        except nats.js.errors.NotFoundError:
            return None
        return found.ack_floor.stream_seq, found.delivered.stream_seq, found.config.metadata["epoch"]

    await broker.publisher().publish([event(number) for number in range(1, 4)])
    seen.append(await told())
    await read(broker, 3)
    await eventually(lambda: acknowledged(told, 3))
    seen.append(await told())
    await js.delete_consumer(FACTS, "board")
    return [*seen, await told()]


async def acknowledged(told: Callable[[], Awaitable[Any]], floor: int) -> bool:
    """Tell whether a reader has acknowledged so much."""
    return bool((await told())[0] == floor)


async def closed_for_good(broker: Broker) -> list[Any]:
    """Close the client under a publisher and a reader."""
    publisher, seen = broker.publisher(), [broker.client.is_closed]
    await publisher.publish([event(1)])
    await broker.client.close()
    for attempt in (publisher.publish([event(2)]), read(broker, 2)):
        try:
            await attempt
        except Exception as error:  # noqa: BLE001 - which one is the question
            seen.append(type(error).__name__)
    return [*seen, broker.client.is_closed]


STORIES = (
    published,
    a_batch_with_a_hole,
    read_again,
    refused,
    deleted_meanwhile,
    nobody_there,
    of_another_epoch,
    told_of_a_reader,
    closed_for_good,
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_a_simulated_broker_answers_like_a_real_one(
    brokers: tuple[Broker, Broker], story: Callable[[Broker], Awaitable[list[Any]]]
) -> None:
    """Duplicates, batches, acknowledgements, refusals and deletions come out alike."""
    real, simulated = brokers
    expected = await story(real)
    assert expected
    assert expected == await story(simulated)
