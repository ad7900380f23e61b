"""The audit trail: listing it, and proving that nobody has touched it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.chassis.audit_chain import COVERED, link

CHUNK = 5000
#: Columns of an entry, in the order in which they are written.
ENTRY = ", ".join(COVERED)
_WRITE = f"INSERT INTO audit ({ENTRY}) VALUES ({', '.join(f'${i}' for i in range(1, len(COVERED) + 1))})"  # noqa: S608
_COLUMNS = ", ".join(f"a.{name}" for name in COVERED)
_LINKS = f"""
SELECT l.seq, l.audit_id, l.prev_hash, l.hash, {_COLUMNS}
FROM audit_link l LEFT JOIN audit a ON a.id = l.audit_id WHERE l.seq > $1 ORDER BY l.seq LIMIT $2
"""  # noqa: S608 (built of constants)
_ANCHOR = "SELECT audit_sequence, audit_head FROM source WHERE name = $1"
_ENTRY = f"""
SELECT coalesce(l.seq, 0) AS seq, l.hash, {_COLUMNS} FROM audit a LEFT JOIN audit_link l ON l.audit_id = a.id
"""  # noqa: S608 (built of constants)
_ABOUT = f"{_ENTRY} WHERE a.record_id = ANY ($1::uuid[]) ORDER BY a.id"
_ENTRIES = f"""{_ENTRY}
WHERE a.id > $1 AND ($2::uuid IS NULL OR (a.record_id = $2 AND a.kind = $3))
"""
_UNSEALED = " AND NOT EXISTS (SELECT FROM {} s WHERE s.id = a.record_id AND s.sealed)"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome of a verification: entries checked, the first wrong one (0: none) and what is wrong (Chinese)."""

    entries: int
    head: bytes
    broken_at: int = 0
    problem: str = ""


class ChainCheck:
    """Walks the links in order of their number and stops at the first that is wrong."""

    def __init__(self) -> None:
        self.entries = 0
        self.head = b""

    def take(self, links: Iterable[Mapping[str, Any]]) -> Verdict | None:
        """Check the next links with their entries; return the verdict when one is wrong."""
        for found in links:
            problem = self._problem(found)
            if problem:
                return Verdict(self.entries, self.head, self.entries + 1, problem)
            self.head = bytes(found["hash"])
            self.entries += 1
        return None

    def _problem(self, found: Mapping[str, Any]) -> str:
        if found["seq"] != self.entries + 1:
            return "缺少此条链接:记录被删除"
        if found["id"] is None:
            return "此条审计记录被删除"
        if bytes(found["prev_hash"]) != self.head:
            return "与前一条不衔接:记录被插入、删除或调换了次序"
        if bytes(found["hash"]) != link(self.head, found):
            return "此条内容与其摘要不符:记录被改动或调换了次序"
        return ""

    def finish(self, sequence: int, head: bytes) -> Verdict:
        """Compare the end of the chain with what the source remembers of it."""
        if self.entries < sequence:
            return Verdict(self.entries, self.head, self.entries + 1, "链尾被截断:其后的记录被删除")
        if self.entries > sequence:
            return Verdict(self.entries, self.head, sequence + 1, "链尾多出记录:记录被插入")
        if self.head != head:
            return Verdict(self.entries, self.head, self.entries, "链尾摘要与登记的不符:链被重写")
        return Verdict(self.entries, self.head)


async def verify(connection: Any, source: str) -> Verdict:
    """Recompute the whole chain as it stands in one snapshot and name the first wrong entry.

    Entries that wait for their link (milliseconds, while the relay runs) are no part of it yet.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        check = ChainCheck()
        while links := await connection.fetch(_LINKS, check.entries, CHUNK):
            wrong = check.take(links)
            if wrong is not None:
                return wrong
        anchor = await connection.fetchrow(_ANCHOR, source)
        return check.finish(anchor["audit_sequence"], bytes(anchor["audit_head"])) if anchor else check.finish(0, b"")


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
