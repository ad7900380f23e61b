"""The relay publishes every committed event once, in a dense sequence, whatever breaks on the way."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import nats
import pytest
from nats.aio.client import Client
from prometheus_client import CollectorRegistry

from services.chassis.audit_chain import link
from services.chassis.embedded import Nats
from services.chassis.outbox import PostgresOutbox
from services.chassis.publisher import NatsPublisher
from services.chassis.relay import Relay, RelayMetrics
from services.chassis.sequencer import Publisher, PublishError, Sequencer
from services.chassis.stream import FACTS, FactEvent, facts_stream
from services.chassis.testing import Server, eventually
from tests.integration.chassis.messaging.conftest import SOURCE, Database, stored


def publisher_of(client: Client, timeout: float = 5) -> NatsPublisher:
    """Make a publisher over a client."""

    async def connect() -> Client:
        return client

    return NatsPublisher(connect, facts_stream(), timeout)


@asynccontextmanager
async def relaying(database: Database, publisher: Publisher, batch: int = 1000) -> AsyncIterator[Relay]:
    """Run a relay for the length of the block."""
    relay = Relay(SOURCE, database.urls.app, publisher, RelayMetrics(CollectorRegistry()), batch)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        await asyncio.wait([task])


async def assert_exactly_once(client: Client, ids: Sequence[UUID], sequences: Sequence[int] | None = None) -> None:
    """Assert that the stream holds each event once, numbered from 1 without a gap."""
    events = await stored(client)
    assert sorted(event.id for event in events) == sorted(ids)
    assert sorted(event.sequence for event in events) == list(sequences or range(1, len(ids) + 1))
    assert len({event.epoch for event in events}) == 1


class Faulty:
    """A publisher that fails as told: before sending, after half, or after all without saying so."""

    def __init__(self, inner: Publisher, faults: list[str]) -> None:
        self.inner = inner
        self.faults = faults

    async def publish(self, events: Sequence[FactEvent]) -> None:
        """Publish, or fail."""
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "half":
            await self.inner.publish(events[: len(events) // 2 or 1])
        elif fault != "before":
            await self.inner.publish(events)
        if fault:
            raise PublishError(fault)


async def test_events_are_published_in_a_dense_sequence(database: Database, client: Client) -> None:
    """Every committed row reaches the stream in order and leaves the outbox."""
    ids = await database.add(2500)
    async with relaying(database, publisher_of(client)):
        await eventually(database.empty)
    assert [event.sequence for event in await stored(client)] == list(range(1, 2501))
    assert [event.id for event in await stored(client)] == ids


async def test_what_was_committed_late_is_published_all_the_same(database: Database, client: Client) -> None:
    """An event with a lower id than one that was published, committed after it, is published next."""
    slow = await asyncpg.connect(database.urls.app)
    late, transaction = Database(database.urls, slow), slow.transaction()
    await transaction.start()
    ids = await late.add(2)
    async with relaying(database, publisher_of(client)) as relay:
        more = await database.add(3)
        relay.wake()
        await eventually(database.empty)
        assert more == [event.id for event in await stored(client)]
        await transaction.commit()
        relay.wake()
        await eventually(database.empty)
    await slow.close()
    assert min(more) > max(ids)
    await assert_exactly_once(client, ids + more)


async def test_a_woken_relay_does_not_wait_for_its_poll(database: Database, client: Client) -> None:
    """After a wake the event is published well before the poll would find it."""
    async with relaying(database, publisher_of(client)) as relay:
        await database.add()
        await eventually(database.empty)
        async with asyncio.timeout(0.8):
            for _ in range(5):
                await database.add()
                relay.wake()
                await eventually(database.empty)


@pytest.mark.parametrize("fault", ["before", "half", "after"])
async def test_failed_publishing_is_repeated(database: Database, client: Client, fault: str) -> None:
    """A batch that failed, in part or after it was stored, is published again and stored once."""
    ids = await database.add(10)
    async with relaying(database, Faulty(publisher_of(client), [fault, fault])):
        await eventually(database.empty)
    await assert_exactly_once(client, ids)


async def test_a_crash_before_deleting_repeats_without_effect(database: Database, client: Client) -> None:
    """When the relay dies between confirmation and deletion, the next one's repeat is not stored again."""
    ids = await database.add(7)
    first = PostgresOutbox(await asyncpg.connect(database.urls.app), SOURCE)
    assert await first.lock()
    await publisher_of(client).publish(await first.stamp(1000))
    await first._connection.close()
    more = await database.add(3)
    async with relaying(database, publisher_of(client)):
        await eventually(database.empty)
    await assert_exactly_once(client, ids + more)


async def test_a_batch_with_a_stored_event_is_published_one_by_one(database: Database, client: Client) -> None:
    """A batch the server refuses for one duplicate is stored whole all the same."""
    ids = await database.add(50)
    outbox, publisher = PostgresOutbox(database.connection, SOURCE), publisher_of(client)
    await outbox.lock()
    events = await outbox.stamp(50)
    await publisher.publish(events[20:21])
    await publisher.publish(events)
    assert publisher.fallbacks == 1
    await assert_exactly_once(client, ids)


async def test_a_deleted_stream_is_made_again(database: Database, client: Client) -> None:
    """Publishing goes on in a new stream when the old one was deleted."""
    async with relaying(database, publisher_of(client)) as relay:
        await database.add(3)
        relay.wake()
        await eventually(database.empty)
        await client.jetstream().delete_stream(FACTS)
        late = await database.add(3)
        relay.wake()
        await eventually(database.empty)
    await assert_exactly_once(client, late, [4, 5, 6])
    config = (await client.jetstream().stream_info(FACTS)).config
    assert (config.deny_purge, config.allow_atomic) == (True, True)


async def test_events_wait_for_nats_to_come_back(database: Database, client: Client, nats_server: Nats) -> None:
    """While NATS is away commands go on; their events are published when it is back."""
    ids = await database.add(5)
    async with relaying(database, publisher_of(client, timeout=1)) as relay:
        await eventually(database.empty)
        nats_server.kill()
        ids += await database.add(5)
        relay.wake()
        await eventually(lambda: relay._metrics.failures.labels("nats")._value.get() > 0)
        assert await database.count() == 5
        await nats_server.start()
        await eventually(database.empty)
    await assert_exactly_once(client, ids)


async def test_a_relay_outlives_its_database_connection(database: Database, client: Client, postgres: Server) -> None:
    """A relay whose connection is cut connects and takes the lock again."""
    ids = await database.add(5)
    async with relaying(database, publisher_of(client)) as relay:
        await eventually(database.empty)
        admin = await asyncpg.connect(postgres.admin_url)
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name='geju-relay'"
        )
        await admin.close()
        ids += await database.add(5)
        relay.wake()
        await eventually(database.empty)
    await assert_exactly_once(client, ids)


async def test_a_client_of_nats_that_has_given_up_is_replaced(
    database: Database, client: Client, nats_server: Nats
) -> None:
    """When NATS refuses the service once, its client closes for good; publishing goes on with another one."""
    made: list[Client] = []

    async def connect() -> Client:
        made.append(await nats.connect(nats_server.url))
        return made[-1]

    ids = await database.add(5)
    async with relaying(database, NatsPublisher(connect, facts_stream(), 5)) as relay:
        await eventually(database.empty)
        await made[0].close()
        ids += await database.add(5)
        relay.wake()
        await eventually(database.empty)
    await made[1].close()
    await assert_exactly_once(client, ids)


async def test_one_of_two_relays_works(database: Database, client: Client) -> None:
    """Two relays of a source never work at once, and the second takes over when the first ends."""
    ids: list[UUID] = []
    async with relaying(database, publisher_of(client), batch=10) as second:
        async with relaying(database, publisher_of(client), batch=10) as first:
            for _ in range(20):
                ids += await database.add(7)
                first.wake()
                second.wake()
            await eventually(database.empty)
            leaders = [relay._metrics.leader._value.get() for relay in (first, second)]
            assert sorted(leaders) == [0, 1]
        ids += await database.add(7)
        second.wake()
        await eventually(database.empty)
    await assert_exactly_once(client, ids)


async def test_stopping_empties_the_outbox(database: Database, client: Client) -> None:
    """A relay told to stop publishes what is committed, then ends."""
    relay = Relay(SOURCE, database.urls.app, publisher_of(client), RelayMetrics(CollectorRegistry()), 10)
    task = asyncio.create_task(relay.run())
    await eventually(lambda: relay._metrics.leader._value.get() == 1)
    ids = await database.add(95)
    await database.add_audit(3)
    relay.stop()
    await asyncio.wait_for(task, 10)
    await assert_exactly_once(client, ids)
    assert await database.count("audit_link") == 3


async def test_numbers_stay_dense_while_epochs_begin(database: Database) -> None:
    """However stamping and new epochs interleave, each epoch's sequence has neither gap nor duplicate."""
    await database.add(300)
    outbox = PostgresOutbox(database.connection, SOURCE)
    await outbox.lock()
    other = await asyncpg.connect(database.urls.app)

    async def bump() -> None:
        for _ in range(10):
            await other.execute("UPDATE source SET epoch = epoch + 1, sequence = 0")

    async def stamp() -> list[FactEvent]:
        return [event for _ in range(30) for event in await outbox.stamp(10)]

    events, _ = await asyncio.gather(stamp(), bump())
    await other.close()
    for epoch in {event.epoch for event in events}:
        numbers = [event.sequence for event in events if event.epoch == epoch]
        assert numbers == list(range(1, len(numbers) + 1))
    assert len(events) == 300


async def test_the_sequencer_finishes_what_an_earlier_one_began(database: Database, client: Client) -> None:
    """More numbered events than one batch holds are all published before new numbers are given."""
    ids = await database.add(25)
    outbox = PostgresOutbox(database.connection, SOURCE)
    await outbox.lock()
    await outbox.stamp(20)
    sequencer = Sequencer(outbox, publisher_of(client), batch=10)
    assert [await sequencer.step() for _ in range(4)] == [10, 10, 5, 0]
    await assert_exactly_once(client, ids)


async def test_audit_entries_are_chained(database: Database, client: Client) -> None:
    """Every entry gets one link, in a chain that begins with nothing and can be computed again."""
    await database.add_audit(5)
    async with relaying(database, publisher_of(client)) as relay:
        await eventually(lambda: chained(database, 5))
        await database.add_audit(2)
        relay.wake()
        await eventually(lambda: chained(database, 7))
    rows = await database.connection.fetch(
        "SELECT * FROM audit_link JOIN audit ON audit.id = audit_id ORDER BY audit_link.seq"
    )
    previous = b""
    for place, row in enumerate(rows, 1):
        assert (row["seq"], row["prev_hash"], row["hash"]) == (place, previous, link(previous, row))
        previous = row["hash"]
    assert len(previous) == hashlib.sha256().digest_size
    assert await database.connection.fetchval("SELECT audit_head FROM source") == previous


async def chained(database: Database, count: int) -> bool:
    """Tell whether so many audit entries have been chained."""
    return await database.count("audit_link") == count


async def test_old_answers_are_forgotten(database: Database, client: Client) -> None:
    """The relay that leads deletes answers to requests that are older than they are kept, and no others."""
    now = await database.connection.fetchval("SELECT now()")
    for age in (0, 29, 31, 400):
        values = ("clerk-1", uuid4(), "/x/Create", b"", b"", now - timedelta(days=age))
        await database.connection.execute("INSERT INTO request VALUES ($1, $2, $3, $4, $5, $6)", *values)
    metrics = RelayMetrics(CollectorRegistry())
    relay = Relay(SOURCE, database.urls.app, publisher_of(client), metrics, answers_kept=timedelta(days=30))
    task = asyncio.create_task(relay.run())

    async def forgotten() -> bool:
        return await database.count("request") == 2

    await eventually(forgotten)
    task.cancel()
    await asyncio.wait([task])
    assert await database.connection.fetchval("SELECT min(recorded) FROM request") == now - timedelta(days=29)


async def test_the_backlog_is_measured(database: Database) -> None:
    """What waits and for how long is known."""
    outbox = PostgresOutbox(database.connection, SOURCE)
    assert (await outbox.backlog()).rows == 0
    await database.add(3)
    backlog = await outbox.backlog()
    assert (backlog.rows, 0 <= backlog.oldest_seconds < 60) == (3, True)
