"""The audit trail: listing it, and proving that nobody has touched it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.chassis.audit_chain import COVERED, first_uuid7
from services.chassis.audit_verdict import BEGINNING, ChainCheck, Search, Verdict

CHUNK = 5000
#: So long an entry may wait for its link before somebody should look why.
LATE_SECONDS = 60.0
#: Columns of an entry, in the order in which they are written.
ENTRY = ", ".join(COVERED)
_WRITE = f"INSERT INTO audit ({ENTRY}) VALUES ({', '.join(f'${i}' for i in range(1, len(COVERED) + 1))})"  # noqa: S608
_COLUMNS = ", ".join(f"a.{name}" for name in COVERED)
_LINKS = f"""
SELECT l.seq, l.audit_id, l.prev_hash, l.hash, {_COLUMNS}
FROM audit_link l LEFT JOIN audit a ON a.id = l.audit_id WHERE l.seq > $1 ORDER BY l.seq LIMIT $2
"""  # noqa: S608 (built of constants)
_BARE = "SELECT seq, prev_hash, hash FROM audit_link WHERE seq > $1 ORDER BY seq LIMIT $2"
_LATE = "SELECT count(*) FROM audit a WHERE a.id < $1 AND NOT EXISTS (SELECT FROM audit_link l WHERE l.audit_id = a.id)"
_ANCHOR = "SELECT audit_sequence, audit_head FROM source WHERE name = $1"
_ENTRY = f"""
SELECT coalesce(l.seq, 0) AS seq, l.hash, {_COLUMNS} FROM audit a LEFT JOIN audit_link l ON l.audit_id = a.id
"""  # noqa: S608 (built of constants)
_ABOUT = f"{_ENTRY} WHERE a.record_id = ANY ($1::uuid[]) ORDER BY a.id"
_ENTRIES = f"""{_ENTRY}
WHERE a.id > $1 AND ($2::uuid IS NULL OR (a.record_id = $2 AND a.kind = $3))
"""
_UNSEALED = " AND NOT EXISTS (SELECT FROM {} s WHERE s.id = a.record_id AND s.sealed)"


async def verify(connection: Any, source: str, heads: Iterable[tuple[int, bytes]] = ()) -> Verdict:
    """Recompute the whole chain as it stands in one snapshot and name the first wrong entry and what was done to it.

    `heads` were kept outside: hashes by the number of their entry, which the chain must contain. Entries that wait for
    their link (milliseconds, while the relay runs) are no part of it yet.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        check = ChainCheck(*await head(connection, source), heads)
        while links := await connection.fetch(_LINKS, check.after, CHUNK):
            wrong = check.take(links)
            if wrong is not None:
                return await _named(connection, check, wrong)
        late = await connection.fetchval(_LATE, first_uuid7(time.time() - LATE_SECONDS))
        return replace(check.finish(), unlinked=late)


async def head(connection: Any, source: str) -> tuple[int, bytes]:
    """Return number and hash of the last entry that the source says it has linked."""
    found = await connection.fetchrow(_ANCHOR, source)
    return (found["audit_sequence"], bytes(found["audit_head"])) if found else (0, b"")


async def _named(connection: Any, check: ChainCheck, wrong: Verdict) -> Verdict:
    if check.stopped is None or not Search.needed(wrong):
        return wrong
    search, after = Search(wrong, check.stopped), BEGINNING
    while links := await connection.fetch(_BARE, after, CHUNK):
        search.look(links)
        after = links[-1]["seq"]
    return search.verdict()


async def write(connection: Any, made: Iterable[Sequence[Any]]) -> None:
    """Write entries, each with its values in the order of `ENTRY`; what they tell of goes into the same transaction."""
    await connection.executemany(_WRITE, made)


async def entries(
    connection: Any,
    after: UUID,
    limit: int,
    about: tuple[str, UUID] | None = None,
    *,
    hidden: Iterable[str] = (),
) -> list[Any]:
    """Return entries in the order of their making, of one record when its kind and id are given.

    `hidden` are tables of records whose sealed ones are left out; `connection` must see them.
    """
    sealed = "".join(map(_UNSEALED.format, hidden))
    kind, record_id = about or ("", None)
    sql = f"{_ENTRIES}{sealed} ORDER BY a.id LIMIT $4"
    return await connection.fetch(sql, after, record_id, kind, limit)  # type: ignore[no-any-return]


async def about(connection: Any, records: Sequence[UUID]) -> list[Any]:
    """Return every entry about some records, in the order of their making."""
    return await connection.fetch(_ABOUT, records)  # type: ignore[no-any-return]
