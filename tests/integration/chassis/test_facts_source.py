"""A service proves what it published, and publishes again what is missing elsewhere."""

from __future__ import annotations

import asyncio
import hashlib
import time
from functools import reduce
from operator import xor
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from geju.facts.v1 import facts_source_service_pb2 as pb

from services.chassis import context
from services.chassis.domain.errors import InvalidField
from services.chassis.facts_source import FactsSource
from services.chassis.outbox import SOURCE, PostgresOutbox
from tests.integration.chassis import notes
from tests.integration.chassis.conftest import DEPARTMENT, Bench


@pytest.fixture
def source(bench: Bench) -> FactsSource:
    """Serve the facts of the bench's store to an account of operations."""
    context.enter(context.Call(DEPARTMENT, "/geju.facts.v1.FactsSourceService/GetDigest"))
    return FactsSource(bench.store)


async def stamp(bench: Bench) -> list[Any]:
    """Stamp and take everything in the outbox, as the relay does."""
    connection = await asyncpg.connect(bench.urls.relay)
    try:
        await connection.execute(SOURCE, bench.store.source)
        outbox = PostgresOutbox(connection, bench.store.source)
        events = await outbox.stamp(10_000)
        await outbox.forget([event.id for event in events])
        return events
    finally:
        await connection.close()


def half(values: list[bytes], start: int) -> int:
    """Combine one half of digests by exclusive or."""
    return reduce(xor, (int.from_bytes(value[start : start + 8], "big", signed=True) for value in values), 0)


async def republish(source: FactsSource, **fields: Any) -> pb.RepublishFactsResponse:
    """Republish notes."""
    return await source.RepublishFacts(pb.RepublishFactsRequest(kind="note", **fields))


async def test_digests_are_those_of_the_published_facts(bench: Bench, source: FactsSource) -> None:
    """What a consumer computes from the events it got equals what the service computes from its rows."""
    for _ in range(40):
        await bench.note()
    events = await stamp(bench)
    digest = await source.GetDigest(pb.GetDigestRequest())
    hashes: dict[int, list[bytes]] = {}
    for event in events:
        body = event.record_id.bytes + event.revision.to_bytes(8, "big") + event.facts
        hashes.setdefault(event.record_id.bytes[-1], []).append(hashlib.sha256(body).digest()[:16])
    expected = [
        pb.BucketDigest(bucket=bucket, count=len(found), low=half(found, 0), high=half(found, 8))
        for bucket, found in sorted(hashes.items())
    ]
    assert [kind.kind for kind in digest.kinds] == ["client", "fund_entry", "note", "tip", "visit"]
    assert list(digest.kinds[2].buckets) == expected
    assert (digest.source, digest.sequence, digest.unpublished) == ("geju/testing", 40, 0)


async def test_unpublished_changes_are_counted(bench: Bench, source: FactsSource) -> None:
    """A difference that is only lateness can be told from a real one."""
    await bench.note()
    assert (await source.GetDigest(pb.GetDigestRequest())).unpublished == 1


async def test_a_digest_is_one_snapshot(bench: Bench, source: FactsSource) -> None:
    """However commands run meanwhile, records in a digest are as many as published and unpublished together."""

    async def write() -> None:
        for _ in range(20):
            await bench.note()

    writing = asyncio.create_task(write())
    while not writing.done():
        digest = await source.GetDigest(pb.GetDigestRequest())
        held = sum(bucket.count for kind in digest.kinds for bucket in kind.buckets)
        assert held == digest.unpublished
    await writing


async def test_a_bucket_lists_its_records(bench: Bench, source: FactsSource) -> None:
    """A bucket's records come with revision and hash; other buckets' do not."""
    note = await bench.note()
    record = UUID(note.name.partition("/")[2])
    found = await source.ListBucket(pb.ListBucketRequest(kind="note", bucket=record.bytes[-1]))
    assert [(one.id, one.revision, len(one.hash)) for one in found.records] == [(str(record), 1, 16)]
    other = pb.ListBucketRequest(kind="note", bucket=(record.bytes[-1] + 1) % 256)
    assert list((await source.ListBucket(other)).records) == []


async def test_republished_facts_are_the_latest_under_new_ids(bench: Bench, source: FactsSource) -> None:
    """A record is published again with its revision and facts, as a repair, under another event id."""
    note = await bench.note()
    (before,) = await stamp(bench)
    response = await republish(source, ids=[note.name.partition("/")[2]])
    (after,) = await stamp(bench)
    assert response.republished == 1
    assert (after.record_id, after.revision, after.facts) == (before.record_id, before.revision, before.facts)
    assert (after.change, after.id != before.id, after.epoch) == ("repair", True, before.epoch)
    assert after.sequence == before.sequence + 1


async def test_republishing_is_audited(bench: Bench, source: FactsSource) -> None:
    """Who published what again is in the audit trail, with how many records it was."""
    note = await bench.note()
    await republish(source, ids=[note.name.partition("/")[2]])
    entry = (await bench.rows("SELECT * FROM audit ORDER BY id DESC LIMIT 1"))[0]
    expected = ("department", "note", None, "republished", "1 条")
    assert expected == tuple(entry[name] for name in ("actor", "kind", "record_id", "change", "reason"))


async def test_a_record_that_is_not_here_is_published_as_deleted(bench: Bench, source: FactsSource) -> None:
    """An unknown record is announced as deleted in a new epoch, which outranks all its revisions."""
    await bench.note()
    (old,) = await stamp(bench)
    unknown = uuid4()
    response = await republish(source, ids=[str(unknown), str(unknown)])
    (event,) = await stamp(bench)
    facts = notes.NoteFacts.FromString(event.facts)
    assert (event.record_id, facts.deleted, response.republished) == (unknown, True, 1)
    assert event.epoch == response.epoch > old.epoch


async def test_a_new_epoch_cannot_have_been_used_before(bench: Bench, source: FactsSource) -> None:
    """A new epoch is at least the present second, and begins its sequence at 1."""
    for _ in range(3):
        await bench.note()
    (first, *_) = await stamp(bench)
    now = int(time.time())
    response = await republish(source, all=True, new_epoch=True)
    events = await stamp(bench)
    assert response.epoch >= now
    assert response.epoch > first.epoch
    assert [(event.epoch, event.sequence) for event in events] == [(response.epoch, place) for place in (1, 2, 3)]


@pytest.mark.parametrize("fields", [{}, {"ids": [str(UUID(int=1))], "all": True}])
async def test_ids_and_all_exclude_each_other(source: FactsSource, fields: dict[str, Any]) -> None:
    """One says which records, or that it is every one."""
    with pytest.raises(InvalidField):
        await republish(source, **fields)


async def test_an_unknown_kind_is_refused(source: FactsSource) -> None:
    """A kind the service does not keep is named as the field that is wrong."""
    with pytest.raises(InvalidField) as error:
        await source.ListBucket(pb.ListBucketRequest(kind="nothing"))
    assert error.value.field == "kind"
