"""Events that no broker brings any more: found in the service's own audit trail, whose entries bear the events' ids."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from services.chassis.kinds import Kind
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.storage.store import Store
from services.chassis.stream import FactEvent

#: Seconds that an event has to come by itself.
GRACE = 5.0
#: Seconds after which nothing is committed any more that was begun before: entries are looked at until then.
LATE = 600.0
#: So many entries are held against the answers in one go.
CHUNK = 1000
_ENTRIES = """
SELECT id, kind, record_id, revision, change, office, actor, at FROM audit
WHERE id > $1 AND id < $2 AND (kind, change) IN (SELECT * FROM unnest($3::text[], $4::text[])) ORDER BY id LIMIT $5
"""
_ANSWERED = "SELECT request_id FROM request WHERE subject = $1 AND request_id = ANY ($2::uuid[])"


def request_of(event_id: UUID, source: str) -> UUID:
    """Return the request id under which a service reacts to an event."""
    return uuid5(event_id, source)


class Missed:
    """Finds the events of a service's own transitions to which it has not reacted."""

    def __init__(self, store: Store, transitions: Iterable[tuple[str, str]]) -> None:
        """`transitions` are kinds and changes."""
        self._store = store
        self._kinds = {kind.name: kind for kind in store.kinds}
        self._wanted = [pair for pair in sorted(transitions) if pair[0] in self._kinds]
        self._since = UUID(int=0)
        self._answered: set[UUID] = set()
        self._settled: set[UUID] = set()

    def begin(self) -> None:
        """Look at everything again: the database may be another one now, set back to before it answered."""
        self._since = UUID(int=0)
        self._answered.clear()

    def settle(self, event: FactEvent) -> None:
        """Find an event no more as long as this process runs."""
        self._settled.add(event.id)

    async def find(self) -> list[FactEvent]:
        """Return what was missed, oldest first."""
        if not self._wanted:
            return []
        found: list[FactEvent] = []
        now, after = time.time(), self._since
        async with self._store.lend(EVERYTHING) as loan:
            while entries := await self._entries(loan.connection, after, _at(now - GRACE)):
                after = entries[-1]["id"]
                found += [await self._event(loan.connection, one) for one in await self._open(loan.connection, entries)]
        # What is older has an answer or was settled; what was found is found again until it has one.
        unanswered = [UUID(int=event.id.int - 1) for event in found[:1]]
        self._since = max(self._since, min(after, _at(now - LATE), *unanswered))
        self._answered = {one for one in self._answered if one > self._since}
        return found

    async def _entries(self, connection: Any, after: UUID, before: UUID) -> list[Any]:
        kinds, changes = zip(*self._wanted, strict=True)
        return await connection.fetch(_ENTRIES, after, before, kinds, changes, CHUNK)  # type: ignore[no-any-return]

    async def _open(self, connection: Any, entries: list[Any]) -> list[Any]:
        """Return the entries that no answer stands for."""
        requests = {request_of(entry["id"], self._store.source): entry for entry in entries}
        for row in await connection.fetch(_ANSWERED, self._store.source, list(requests)):
            self._answered.add(requests.pop(row["request_id"])["id"])
        known = self._answered | self._settled
        return [entry for entry in requests.values() if entry["id"] not in known]

    async def _event(self, connection: Any, entry: Any) -> FactEvent:
        """Return an entry as the event it was; its facts are those that the record has now."""
        kind: Kind[Any] = self._kinds[entry["kind"]]
        table = kind.row.__tablename__
        facts = await connection.fetchval(f"SELECT facts FROM {table} WHERE id = $1", entry["record_id"])  # noqa: S608
        return FactEvent(
            id=entry["id"],
            source=self._store.source,
            kind=kind.name,
            collection=kind.collection,
            record_id=entry["record_id"],
            epoch=0,
            revision=entry["revision"],
            sequence=0,
            change=entry["change"],
            office=entry["office"],
            actor=entry["actor"],
            recorded=entry["at"],
            facts_type=kind.facts_type,
            facts=facts or b"",
        )


def _at(seconds: float) -> UUID:
    """Return the least UUIDv7 of an instant."""
    return UUID(int=(int(seconds * 1000) << 80))
