"""The outbox, the audit chain and old answers in PostgreSQL, as the one relay that holds the lock works on them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from services.chassis.audit_chain import COVERED, first_uuid7, link
from services.chassis.stream import FactEvent

COLUMNS = (
    "id, seq, kind, record_id, revision, epoch, change, office, actor, recorded, facts_type, collection, facts, "
    "traceparent"
)
# One statement is one transaction: a number is given together with its row, or not at all. Rows get their numbers in
# order of their ids, which are made in order of time.
STAMP = f"""
WITH fresh AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM (
        SELECT id FROM outbox WHERE seq IS NULL ORDER BY id LIMIT $2
    ) AS first
), moved AS (
    UPDATE source SET sequence = sequence + (SELECT count(*) FROM fresh)
    WHERE name = $1 AND EXISTS (SELECT FROM fresh)
    RETURNING epoch, sequence - (SELECT count(*) FROM fresh) AS before
)
UPDATE outbox SET seq = moved.before + fresh.place, epoch = moved.epoch
FROM fresh, moved WHERE outbox.id = fresh.id
RETURNING {", ".join(f"outbox.{name}" for name in COLUMNS.split(", "))}
"""  # noqa: S608 - no part of it comes from outside
PENDING = f"SELECT {COLUMNS} FROM outbox WHERE seq IS NOT NULL ORDER BY epoch, seq LIMIT $1"  # noqa: S608 - as above
# A crash may bring the rows back, and they are published once more: not worth waiting for the disk. The setting holds
# for this one statement's transaction.
FORGET = """
DELETE FROM outbox USING (SELECT set_config('synchronous_commit', 'off', true) AS value) AS wait
WHERE id = ANY($1) AND wait.value = 'off'
"""
#: A new epoch is the present second: no epoch that a restored database forgot can be as high.
NEW_EPOCH = "greatest({column} + 1, extract(epoch FROM clock_timestamp())::bigint)"
SOURCE = f"""
INSERT INTO source (name, epoch, sequence, audit_sequence, audit_head)
VALUES ($1, {NEW_EPOCH.format(column="0")}, 0, 0, ''::bytea) ON CONFLICT (name) DO NOTHING
"""  # noqa: S608 - as above
UNCHAINED = f"""
SELECT {", ".join(f"audit.{name}" for name in COVERED)} FROM audit LEFT JOIN audit_link ON audit_id = audit.id
WHERE audit.id >= $1 AND audit_id IS NULL ORDER BY audit.id LIMIT $2
"""  # noqa: S608 - as above
LINK = """
INSERT INTO audit_link (seq, audit_id, prev_hash, hash)
SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::bytea[])
"""

# What a service did by itself (a reaction) is remembered for good: the stream may be read from its beginning again.
FORGET_ANSWERS = """
DELETE FROM request WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM request
    WHERE recorded < clock_timestamp() - $1::interval AND NOT starts_with(subject, 'geju/') LIMIT $2
))
"""


@dataclass(frozen=True)
class Backlog:
    """What waits in the outbox: rows, and the age of the oldest in seconds of real time (its id is a UUIDv7)."""

    rows: int
    oldest_seconds: float


def lock_key(source: str) -> int:
    """Return the key of the advisory lock that makes one relay of a source work at a time."""
    return int.from_bytes(hashlib.sha256(f"geju.relay:{source}".encode()).digest()[:8], "big", signed=True)


class PostgresOutbox:
    """Outbox and audit chain over the connection whose session holds the lock.

    Losing the lock means losing the connection: a relay that is no longer the one cannot write.
    """

    def __init__(self, connection: asyncpg.Connection, source: str) -> None:
        self._connection = connection
        self._source = source

    async def lock(self) -> bool:
        """Take the lock for the session unless another relay holds it. On success the source's row exists."""
        # No transaction is open: the lock precedes every snapshot in which work is looked for.
        if not await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", lock_key(self._source)):
            return False
        await self._connection.execute(SOURCE, self._source)
        return True

    async def pending(self, limit: int) -> list[FactEvent]:
        """Return events that were numbered but not forgotten yet, in order of their number."""
        return [self._event(row) for row in await self._connection.fetch(PENDING, limit)]

    async def stamp(self, limit: int) -> list[FactEvent]:
        """Give the next rows the numbers that follow, for good, and return them in that order."""
        rows = await self._connection.fetch(STAMP, self._source, limit)
        return sorted((self._event(row) for row in rows), key=lambda event: event.sequence)

    async def forget(self, ids: Sequence[UUID]) -> None:
        """Delete confirmed events."""
        await self._connection.execute(FORGET, ids)

    async def backlog(self) -> Backlog:
        """Measure what waits."""
        row = await self._connection.fetchrow(
            "SELECT count(*) AS rows, (SELECT id FROM outbox ORDER BY id LIMIT 1) AS first FROM outbox"
        )
        if row["first"] is None:
            return Backlog(0, 0.0)
        return Backlog(row["rows"], max(0.0, time.time() - (row["first"].int >> 80) / 1000))

    async def chain(self, limit: int, within: float | None = None) -> int:
        """Link the next audit entries, oldest first, of those made `within` seconds (None: ever); returns how many."""
        since = UUID(int=0) if within is None else first_uuid7(time.time() - within)
        async with self._connection.transaction():
            entries = await self._connection.fetch(UNCHAINED, since, limit)
            if not entries:
                return 0
            state = await self._connection.fetchrow(
                "SELECT audit_sequence, audit_head FROM source WHERE name = $1 FOR UPDATE", self._source
            )
            sequence, head, links = state["audit_sequence"], bytes(state["audit_head"]), []
            for sequence, entry in enumerate(entries, sequence + 1):  # noqa: B020 - goes on from where it stood
                previous, head = head, link(head, entry)
                links.append((sequence, entry["id"], previous, head))
            await self._connection.execute(LINK, *zip(*links, strict=True))
            await self._connection.execute(
                "UPDATE source SET audit_sequence = $2, audit_head = $3 WHERE name = $1", self._source, sequence, head
            )
        return len(links)

    async def forget_answers(self, kept: timedelta, limit: int) -> int:
        """Delete answers to requests that are older than they are kept, in real time; returns how many."""
        return int((await self._connection.execute(FORGET_ANSWERS, kept, limit)).rpartition(" ")[2])

    def _event(self, row: asyncpg.Record) -> FactEvent:
        return FactEvent(
            id=row["id"],
            source=self._source,
            kind=row["kind"],
            collection=row["collection"],
            record_id=row["record_id"],
            epoch=row["epoch"],
            revision=row["revision"],
            sequence=row["seq"],
            change=row["change"],
            office=row["office"],
            actor=row["actor"],
            recorded=row["recorded"],
            facts_type=row["facts_type"],
            facts=row["facts"],
            traceparent=row["traceparent"],
        )
