"""The proof side of a domain service: digests of its latest facts, and publishing them again where a copy differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from geju.facts.v1 import facts_source_service_pb2 as pb
from geju.facts.v1.facts_source_service_pb2_grpc import FactsSourceServiceServicer
from uuid_utils.compat import uuid7

from services.chassis import audit
from services.chassis.context import current
from services.chassis.domain.errors import InvalidField
from services.chassis.kinds import Kind
from services.chassis.outbox import NEW_EPOCH, SOURCE
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.storage.store import Store

REPAIR = "repair"
CHUNK = 10_000
# The two halves of a digest as signed integers: exclusive or is defined on those.
HALF = "('x' || encode(substring(digest FROM {start} FOR 8), 'hex'))::bit(64)::bigint"
DIGESTS = f"""
SELECT get_byte(uuid_send(id), 15) AS bucket, count(*) AS count,
    bit_xor({HALF.format(start=1)}) AS low, bit_xor({HALF.format(start=9)}) AS high
FROM {{table}} GROUP BY bucket ORDER BY bucket
"""  # noqa: S608 - table names are the service's own
BUCKET = "SELECT id, revision, digest FROM {table} WHERE get_byte(uuid_send(id), 15) = $1 ORDER BY id"
STATE = """
SELECT source.epoch, source.sequence, (SELECT count(*) FROM outbox) AS unpublished
FROM (SELECT 1) AS one LEFT JOIN source ON name = $1
"""
BEGIN_EPOCH = f"UPDATE source SET epoch = {NEW_EPOCH.format(column='epoch')}, sequence = 0 WHERE name = $1"  # noqa: S608
REPUBLISH = """
INSERT INTO outbox (id, kind, record_id, revision, change, office, actor, recorded, facts_type, collection, facts,
    traceparent)
SELECT pair.event_id, $3, id, revision, $4, office, $5, $6, $7, $8, facts, $9
FROM unnest($1::uuid[], $2::uuid[]) AS pair (record_id, event_id) JOIN {table} ON id = pair.record_id
RETURNING record_id
"""
DELETED = """
INSERT INTO outbox (id, kind, record_id, revision, change, office, actor, recorded, facts_type, collection, facts,
    traceparent)
SELECT event_id, $3, record_id, 0, $4, '', $5, $6, $7, $8, $10, $9
FROM unnest($1::uuid[], $2::uuid[]) AS pair (record_id, event_id)
"""


class FactsSource(FactsSourceServiceServicer):
    """Serves FactsSourceService over the kinds of a store."""

    def __init__(self, store: Store, kinds: Iterable[Kind[Any]] = ()) -> None:
        self._store = store
        self._kinds = {kind.name: kind for kind in sorted(kinds or store.kinds, key=lambda kind: kind.name)}

    async def GetDigest(self, request: pb.GetDigestRequest, context: Any = None) -> pb.GetDigestResponse:
        """Digest every kind in one snapshot."""
        del request, context
        async with self._store.lend(EVERYTHING) as loan:
            connection: asyncpg.Connection = loan.connection
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                state = await connection.fetchrow(STATE, self._store.source)
                return pb.GetDigestResponse(
                    source=self._store.source,
                    epoch=state["epoch"] or 0,
                    sequence=state["sequence"] or 0,
                    unpublished=state["unpublished"],
                    kinds=[await _digests(connection, kind) for kind in self._kinds.values()],
                )

    async def ListBucket(self, request: pb.ListBucketRequest, context: Any = None) -> pb.ListBucketResponse:
        """List one bucket of one kind."""
        del context
        kind = self._kind(request.kind)
        async with self._store.lend(EVERYTHING) as loan:
            rows = await loan.connection.fetch(BUCKET.format(table=kind.row.__tablename__), request.bucket)
        records = [pb.RecordDigest(id=str(row["id"]), revision=row["revision"], hash=row["digest"]) for row in rows]
        return pb.ListBucketResponse(records=records)

    async def RepublishFacts(self, request: pb.RepublishFactsRequest, context: Any = None) -> pb.RepublishFactsResponse:
        """Put facts into the outbox again, in one transaction with the audit entry that says so."""
        del context
        kind = self._kind(request.kind)
        if request.all == bool(request.ids):
            raise InvalidField("ids", expected="ids 与 all 二选一")
        async with self._store.lend(EVERYTHING) as loan:
            connection: asyncpg.Connection = loan.connection
            async with connection.transaction():
                await connection.execute(SOURCE, self._store.source)
                count, missing = await self._republish(connection, kind, request)
                await audit.write(connection, [self._entry(kind, count)])
                # That a record was published which is not here proves that the database was set back, and only a new
                # epoch outranks the revisions it published before.
                if request.new_epoch or missing:
                    await connection.execute(BEGIN_EPOCH, self._store.source)
                epoch = await connection.fetchval("SELECT epoch FROM source WHERE name = $1", self._store.source)
        self._store.committed()
        return pb.RepublishFactsResponse(republished=count, epoch=epoch)

    async def _republish(
        self, connection: asyncpg.Connection, kind: Kind[Any], request: pb.RepublishFactsRequest
    ) -> tuple[int, int]:
        """Return how many events were written, and how many of them are of records that are not here."""
        table = str(kind.row.__tablename__)
        ids = [UUID(text) for text in dict.fromkeys(request.ids)]
        if request.all:
            ids = [row["id"] for row in await connection.fetch(f"SELECT id FROM {table} ORDER BY id")]  # noqa: S608
        call = current()
        common = (
            kind.name,
            REPAIR,
            call.caller.subject,
            self._store.clock.now(),
            kind.facts_type,
            kind.collection,
            call.traceparent,
        )
        missing: list[UUID] = []
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            found = await connection.fetch(REPUBLISH.format(table=table), part, _event_ids(len(part)), *common)
            held = {row["record_id"] for row in found}
            missing += [one for one in part if one not in held]
        if missing:
            facts = kind.facts(deleted=True).SerializeToString(deterministic=True)
            await connection.execute(DELETED, missing, _event_ids(len(missing)), *common, facts)
        return len(ids), len(missing)

    def _entry(self, kind: Kind[Any], count: int) -> tuple[Any, ...]:
        call = current()
        who = (call.caller.subject, ",".join(sorted(call.caller.roles)))
        what = (kind.name, None, 0, "", "republished", "", f"{count} 条", b"")
        return (uuid7(), self._store.clock.now(), *who, call.method, *what)

    def _kind(self, name: str) -> Kind[Any]:
        if name not in self._kinds:
            raise InvalidField("kind", expected="、".join(self._kinds))
        return self._kinds[name]


async def _digests(connection: asyncpg.Connection, kind: Kind[Any]) -> pb.KindDigest:
    rows = await connection.fetch(DIGESTS.format(table=kind.row.__tablename__))
    buckets = [
        pb.BucketDigest(bucket=row["bucket"], count=row["count"], low=row["low"], high=row["high"]) for row in rows
    ]
    return pb.KindDigest(kind=kind.name, buckets=buckets)


def _event_ids(count: int) -> Sequence[UUID]:
    return [uuid7() for _ in range(count)]
