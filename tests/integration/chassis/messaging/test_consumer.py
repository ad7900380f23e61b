"""A consumer sees every event at least once, in order, whatever is taken away from it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from nats.aio.client import Client

from services.chassis.consumer import Batch, Consumer
from services.chassis.embedded import Nats
from services.chassis.publisher import NatsPublisher
from services.chassis.stream import DEAD, FACTS, FactEvent, dead_stream, ensure_stream, facts_stream
from services.chassis.testing import eventually

BLANK = FactEvent(
    id=UUID(int=0),
    source="geju/mediation",
    kind="dispute",
    collection="disputes",
    record_id=UUID(int=0),
    epoch=1,
    revision=1,
    sequence=0,
    change="created",
    office="01",
    actor="clerk-1",
    recorded=datetime(2012, 3, 1, tzinfo=UTC),
    facts_type="geju.mediation.v1.DisputeFacts",
    facts=b"x",
)


async def publish(client: Client, numbers: Sequence[int]) -> None:
    """Publish events with these sequence numbers."""

    async def connect() -> Client:
        return client

    publisher = NatsPublisher(connect, facts_stream())
    events = [replace(BLANK, id=UUID(int=number), sequence=number) for number in numbers]
    for start in range(0, len(events), 1000):
        await publisher.publish(events[start : start + 1000])


class Reader:
    """Stores what it reads; `seen` counts repeats too."""

    def __init__(self, client: Client, batch: int = 100) -> None:
        self.consumer = Consumer(client, "board", facts_stream(), dead=dead_stream(), batch=batch)
        self.seen: list[int] = []
        self.sizes: list[int] = []

    async def read(self, *, ack: bool = True) -> None:
        """Read until cancelled."""
        async with aclosing(self.consumer.batches()) as batches:
            async for batch in batches:
                await self.take(batch, ack=ack)

    async def take(self, batch: Batch, *, ack: bool) -> None:
        """Store a batch."""
        self.seen += [event.sequence for event in batch.events]
        self.sizes.append(len(batch.events))
        if ack:
            await batch.ack()

    def has(self, numbers: Sequence[int]) -> bool:
        """Tell whether all of these have been seen."""
        return set(numbers) <= set(self.seen)


@asynccontextmanager
async def reading(reader: Reader, *, ack: bool = True) -> AsyncIterator[Reader]:
    """Read for the length of the block."""
    task = asyncio.create_task(reader.read(ack=ack))
    try:
        yield reader
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()


async def floor(client: Client) -> int:
    """Return the last acknowledged place of the stream."""
    return int((await client.jetstream().consumer_info(FACTS, "board")).ack_floor.stream_seq)


async def test_events_come_in_order_and_once(client: Client) -> None:
    """Without disturbance every event comes once, in order, in batches of bounded size."""
    await publish(client, range(1, 2351))
    async with reading(Reader(client)) as reader:
        await eventually(lambda: reader.has([2350]))
        assert reader.seen == list(range(1, 2351))
        assert max(reader.sizes) <= 100
        await eventually(lambda: acknowledged(client, 2350))


async def acknowledged(client: Client, place: int) -> bool:
    """Tell whether a place has been acknowledged."""
    return await floor(client) == place


async def test_a_single_event_comes_at_once(client: Client) -> None:
    """A batch is handed over as soon as there is something, full or not."""
    await ensure_stream(client.jetstream(), facts_stream())
    async with reading(Reader(client)) as reader:
        await eventually(lambda: reader.consumer._pull is not None)
        async with asyncio.timeout(0.9):
            for number in (1, 2, 3):
                await publish(client, [number])
                await eventually(lambda number=number: reader.has([number]))


async def test_what_was_not_acknowledged_comes_again_at_once(client: Client) -> None:
    """A successor of a reader that died gets everything behind the last acknowledged batch, without a wait."""
    await publish(client, range(1, 51))
    async with reading(Reader(client), ack=False) as dead:
        await eventually(lambda: dead.has([50]))
    async with asyncio.timeout(5), reading(Reader(client)) as heir:
        await eventually(lambda: heir.has([50]))
        assert heir.seen == list(range(1, 51))


async def test_acknowledged_events_do_not_come_again(client: Client) -> None:
    """A successor begins behind what was acknowledged."""
    await publish(client, range(1, 11))
    async with reading(Reader(client)) as first:
        await eventually(lambda: first.has([10]))
        await eventually(lambda: acknowledged(client, 10))
    await publish(client, range(11, 21))
    async with reading(Reader(client)) as second:
        await eventually(lambda: second.has([20]))
        assert second.seen == list(range(11, 21))


async def test_reading_goes_on_after_nats_was_killed(client: Client, nats_server: Nats) -> None:
    """After kill -9 and a new start of NATS every event comes, published before or after."""
    await publish(client, range(1, 301))
    async with reading(Reader(client, batch=50)) as reader:
        await eventually(lambda: reader.has([300]))
        nats_server.kill()
        await nats_server.start()
        await eventually(lambda: client.is_connected)
        await publish(client, range(301, 401))
        await eventually(lambda: reader.has(range(1, 401)))


async def test_reading_ended_while_nats_is_silent_leaves_the_client_whole(client: Client, nats_server: Nats) -> None:
    """A reader that ends while NATS does not answer takes nothing from the next reader on the same client."""
    await publish(client, range(1, 11))
    pid = nats_server.pid
    assert pid is not None
    try:
        async with reading(Reader(client)) as reader:
            await eventually(lambda: reader.has([10]))
            await eventually(lambda: acknowledged(client, 10))
            os.kill(pid, signal.SIGSTOP)
    finally:
        os.kill(pid, signal.SIGCONT)
    async with reading(Reader(client)) as after:
        await publish(client, range(11, 21))
        await eventually(lambda: after.has(range(11, 21)))


async def test_a_deleted_consumer_is_made_again(client: Client) -> None:
    """When the durable consumer is deleted, reading begins anew and misses nothing."""
    await publish(client, range(1, 11))
    async with reading(Reader(client)) as reader:
        await eventually(lambda: reader.has([10]))
        await client.jetstream().delete_consumer(FACTS, "board")
        await publish(client, range(11, 21))
        await eventually(lambda: reader.has(range(1, 21)))
        assert reader.consumer.restarts >= 1


async def test_a_consumer_that_lost_its_folder_is_made_again(client: Client, nats_server: Nats) -> None:
    """As when it was deleted and made again at once: the server then refuses whoever wants to make sure of it."""
    async with reading(Reader(client)) as reader:
        await publish(client, range(1, 21))
        await eventually(lambda: reader.has(range(1, 21)))
    [folder] = nats_server.folder.rglob("obs/board")
    shutil.rmtree(folder)
    async with reading(Reader(client)) as reader:
        await publish(client, range(21, 41))
        await eventually(lambda: reader.has(range(21, 41)))


async def test_a_deleted_stream_is_made_again(client: Client) -> None:
    """When the stream is deleted, reading goes on in its successor."""
    await publish(client, range(1, 11))
    async with reading(Reader(client)) as reader:
        await eventually(lambda: reader.has([10]))
        await client.jetstream().delete_stream(FACTS)
        await eventually(lambda: reader.consumer.restarts >= 1)
        await publish(client, range(11, 21))
        await eventually(lambda: reader.has([20]))
        assert reader.seen[-10:] == list(range(11, 21))


async def test_a_message_taken_by_another_is_noticed(client: Client) -> None:
    """When another reader takes messages of the same consumer, they are read again all the same."""
    await publish(client, [1])
    async with reading(Reader(client)) as reader:
        await eventually(lambda: reader.has([1]))
        thief = await client.subscribe(client.new_inbox())
        request = json.dumps({"batch": 1, "expires": 10**10}).encode()
        for _ in range(3):
            await client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{FACTS}.board", request, reply=thief.subject)
        await client.flush()
        await publish(client, range(2, 900))
        await eventually(lambda: reader.has(range(1, 900)))
        await eventually(lambda: acknowledged(client, 899))
        assert thief.pending_msgs > 0
        await thief.unsubscribe()


async def test_what_is_no_event_becomes_a_dead_letter(client: Client) -> None:
    """A message that cannot be read is put aside with its place and a reason, and the rest is read."""
    await publish(client, [1, 2])
    js = client.jetstream()
    await js.publish("geju.facts.mediation.dispute.x", b"\xff\xff")
    await publish(client, [3])
    async with reading(Reader(client)) as reader:
        await eventually(lambda: reader.has([1, 2, 3]))
        await eventually(lambda: dead_letters(client, 1))
        await eventually(lambda: acknowledged(client, 4))
    advisory = json.loads((await js.get_msg(DEAD, 1)).data or b"")
    assert advisory["stream_seq"] == 3
    assert advisory["reason"].startswith("not an event")


async def dead_letters(client: Client, count: int) -> bool:
    """Tell whether there are so many dead letters."""
    return (await client.jetstream().stream_info(DEAD)).state.messages == count


async def test_a_refused_event_becomes_a_dead_letter(client: Client) -> None:
    """An event that the reader refuses, even the last of a batch, is put aside and not given again."""
    await publish(client, [1, 2, 3])
    reader = Reader(client)
    async with aclosing(reader.consumer.batches()) as batches:
        async for batch in batches:
            for event in batch.events:
                if event.sequence != 1:
                    batch.refuse(event, "种类不明")
            await batch.ack()
            reader.seen += [event.sequence for event in batch.events]
            if reader.has([3]):
                break
    await eventually(lambda: dead_letters(client, 2))
    assert json.loads((await client.jetstream().get_msg(DEAD, 2)).data or b"")["reason"] == "种类不明"
    assert await floor(client) == 3


async def test_closing_ends_the_batches(client: Client) -> None:
    """After close the loop ends by itself, also while it waits for events."""
    await ensure_stream(client.jetstream(), facts_stream())
    reader = Reader(client)
    task = asyncio.create_task(reader.read())
    await eventually(lambda: reader.consumer._pull is not None)
    reader.consumer.close()
    await asyncio.wait_for(task, 5)


async def test_a_changed_configuration_is_applied(client: Client) -> None:
    """A consumer that exists with other settings is changed to its present ones."""
    await publish(client, range(1, 4))
    async with reading(Reader(client, batch=10)) as small:
        await eventually(lambda: small.has([3]))
    async with reading(Reader(client, batch=30)) as large:
        await eventually(lambda: large.consumer._pull is not None)
        config = (await client.jetstream().consumer_info(FACTS, "board")).config
        assert config.max_ack_pending == 300


@pytest.mark.parametrize("torn", ["", "meta.inf", "o.dat"])
async def test_a_stream_that_forgot_what_its_reader_had_is_read_from_its_beginning(
    client: Client, nats_server: Nats, torn: str
) -> None:
    """A power loss may leave a stream that ends before what was acknowledged, and of the reader's place but a part."""
    store = nats_server.folder / "jetstream" / "jetstream" / "$G" / "streams" / FACTS
    await publish(client, range(1, 51))
    async with reading(Reader(client)) as reader:
        await eventually(lambda: reader.has([50]))
        await eventually(lambda: acknowledged(client, 50))
        await nats_server.stop()
        shutil.rmtree(store / "msgs")
        if torn:
            os.truncate(store / "obs" / "board" / torn, 5)
        await nats_server.start()
        await eventually(lambda: client.is_connected)
        await publish(client, range(51, 56))
        await eventually(lambda: reader.has([51, 52, 53, 54, 55]))
