"""The database of a simulated domain service: the statements of outbox and proof side, on rows in memory.

Which rows are numbered next is decided by the product's own query, taken from its statement and evaluated by SQLite.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from services.aggregation.kinds import BY_NAME
from services.chassis import audit, facts_source, outbox
from tests.simulation.backend import Backend
from tests.simulation.database import Database
from tests.simulation.jetstream import Server
from tests.simulation.world import World

OFFICES = ("01", "02", "03")
BATCH = 8
RECORDED = datetime(2012, 3, 1, tzinfo=UTC)
#: Seconds that PostgreSQL may leave a commit in memory for which nobody waits.
LOOSE = 0.6
BACKLOG = "SELECT count(*) AS rows, (SELECT id FROM outbox"
EPOCH = "SELECT epoch FROM source WHERE name = $1"


@dataclass(frozen=True)
class Kind:
    """One kind of record, as far as publishing and proving it needs."""

    name: str

    @property
    def facts(self) -> type[Message]:
        """The message its facts are."""
        return BY_NAME[self.name].facts

    @property
    def facts_type(self) -> str:
        """Its full name."""
        return BY_NAME[self.name].facts_type

    @property
    def collection(self) -> str:
        """Where records are found."""
        return BY_NAME[self.name].collection

    @property
    def row(self) -> Any:
        """The table's row."""
        return SimpleNamespace(__tablename__=self.name)


@dataclass(frozen=True, slots=True)
class Record:
    """The latest state of a record in its service."""

    revision: int
    facts: bytes
    office: str
    digest: bytes


@dataclass
class Held:
    """What a service's database holds: records by kind, outbox rows by id, epoch and sequence of the source."""

    records: dict[str, dict[UUID, Record]]
    outbox: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    source: tuple[int, int] | None = None

    def clone(self) -> Held:
        """Return a copy."""
        return Held({kind: dict(rows) for kind, rows in self.records.items()}, dict(self.outbox), self.source)


def event_id(world: World, made: float) -> UUID:
    """Return an id as UUIDv7 makes them: in order of the instants at which they were made."""
    return UUID(int=(int(made * 1000) << 80) | (7 << 76) | (2 << 62) | world.number())


def digest_of(record: UUID, revision: int, facts: bytes) -> bytes:
    """Return the digest that a service keeps beside a record."""
    return hashlib.sha256(record.bytes + revision.to_bytes(8, "big") + facts).digest()[:16]


_SQLITE = sqlite3.connect(":memory:")
_SQLITE.execute("create table outbox (id text, seq integer)")


def chosen(rows: dict[UUID, dict[str, Any]], arguments: Sequence[Any]) -> list[UUID]:
    """Return the rows that the product's own statement numbers next: its inmost query, evaluated by SQLite."""
    if not rows:
        return []
    query = outbox.STAMP.partition("FROM (")[2].partition(") AS first")[0]
    _SQLITE.execute("delete from outbox")
    _SQLITE.executemany("insert into outbox values (?, ?)", [(str(id_), row["seq"]) for id_, row in rows.items()])
    values = {str(i): str(one) if isinstance(one, UUID) else one for i, one in enumerate(arguments, 1)}
    return [UUID(id_) for (id_,) in _SQLITE.execute(query, values)]


class SourceDatabase(Database):
    """Knows the statements of the outbox and of the proof side."""

    state: Held

    def __init__(self, world: World, name: str, kinds: Sequence[Kind], server: Server) -> None:
        super().__init__(world, name, Held({kind.name: {} for kind in kinds}))
        self.kinds, self.server = kinds, server
        self._loose: list[tuple[float, list[dict[str, Any]]]] = []
        self._known: dict[str, Any] = {
            outbox.SOURCE: self._source,
            outbox.PENDING: self._pending,
            outbox.STAMP: self._stamp,
            outbox.FORGET: self._forget,
            outbox.UNCHAINED: lambda *_: [],
            facts_source.STATE: self._position,
            facts_source.BEGIN_EPOCH: self._begin_epoch,
            facts_source.DELETED: self._deleted,
            EPOCH: lambda state, _: [{"epoch": state.source[0]}],
            audit._WRITE: lambda *_: [],
        }
        for kind in kinds:
            self._add(kind)

    def _add(self, kind: Kind) -> None:
        def table(state: Held) -> dict[UUID, Record]:
            return state.records[kind.name]

        def digests(state: Held, _arguments: Any) -> list[Any]:
            found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
            for id_, row in table(state).items():
                add_digest(found[id_.bytes[15]], row.digest)
            return [{"bucket": b, "count": n, "low": low, "high": high} for b, (n, low, high) in sorted(found.items())]

        def bucket(state: Held, arguments: Any) -> list[Any]:
            rows = [(id_, row) for id_, row in sorted(table(state).items()) if id_.bytes[15] == arguments[0]]
            return [{"id": id_, "revision": row.revision, "digest": row.digest} for id_, row in rows]

        def republish(state: Held, arguments: Any) -> list[Any]:
            found = [(id_, event) for id_, event in zip(*arguments[:2], strict=True) if id_ in table(state)]
            for id_, event in found:
                row = table(state)[id_]
                state.outbox[event] = self._row(event, id_, row.revision, row.office, arguments[2:], row.facts)
            return [{"record_id": id_} for id_, _ in found]

        self._known |= {
            facts_source.DIGESTS.format(table=kind.name): digests,
            facts_source.BUCKET.format(table=kind.name): bucket,
            facts_source.REPUBLISH.format(table=kind.name): republish,
            f"SELECT id FROM {kind.name} ORDER BY id": lambda state, _: [{"id": one} for one in sorted(table(state))],  # noqa: S608
        }

    def perform(self, backend: Backend, state: Any, statement: str, arguments: Sequence[Any]) -> list[Any]:
        """Do what a statement says."""
        del backend
        if statement.startswith(BACKLOG):
            return [{"rows": len(state.outbox), "first": min(state.outbox, default=None)}]
        return self._known[statement](state, arguments)  # type: ignore[no-any-return]

    def writes(self, statement: str) -> bool:
        """Tell whether a statement changes anything."""
        return statement in (outbox.SOURCE, outbox.STAMP, outbox.FORGET)

    def crashed(self) -> None:
        """Lose the last deletions from the outbox: nobody waited for them to reach the disk."""
        for at, rows in self._loose:
            if self.world.now - at < LOOSE and self.world.chance(0.7):
                self.world.took("forgotten events came back")
                self.state.outbox |= {row["id"]: row for row in rows}
        self._loose.clear()

    def commit(self, kind: Kind, id_: UUID, event: UUID, facts: Message, change: str) -> None:
        """Commit a clerk's change: the record's next revision and its row in the outbox."""
        state, old = self.state, self.state.records[kind.name].get(id_)
        revision, raw = (old.revision if old else 0) + 1, facts.SerializeToString(deterministic=True)
        office = facts.office  # type: ignore[attr-defined]
        state.records[kind.name][id_] = Record(revision, raw, office, digest_of(id_, revision, raw))
        common = (kind.name, change, "clerk-1", RECORDED, kind.facts_type, kind.collection, "")
        state.outbox[event] = self._row(event, id_, revision, office, common, raw)
        self._loose.clear()

    def _row(
        self, event: UUID, record: UUID, revision: int, office: str, common: Sequence[Any], facts: bytes
    ) -> dict[str, Any]:
        names = ("kind", "change", "actor", "recorded", "facts_type", "collection", "traceparent")
        row = dict(zip(names, common, strict=True))
        row |= {"id": event, "seq": None, "epoch": None, "record_id": record, "revision": revision}
        return row | {"office": office, "facts": facts}

    def _source(self, state: Held, _arguments: Any) -> list[Any]:
        if state.source is None:
            state.source = int(self.world.real), 0
        return []

    def _pending(self, state: Held, arguments: Any) -> list[Any]:
        rows = [row for row in state.outbox.values() if row["seq"] is not None]
        return sorted(rows, key=lambda row: (row["epoch"], row["seq"]))[: arguments[0]]

    def _stamp(self, state: Held, arguments: Any) -> list[Any]:
        fresh = chosen(state.outbox, arguments)
        assert state.source is not None, "the row of the source is made with the lock"
        epoch, sequence = state.source
        for place, id_ in enumerate(fresh, 1):
            state.outbox[id_] = state.outbox[id_] | {"seq": sequence + place, "epoch": epoch}
        if fresh:
            state.source = epoch, sequence + len(fresh)
            self._loose.clear()
        return [state.outbox[id_] for id_ in self.world.rng.sample(fresh, len(fresh))]

    def _forget(self, state: Held, arguments: Any) -> list[Any]:
        rows = [state.outbox.pop(id_) for id_ in arguments[0] if id_ in state.outbox]
        for row in rows:
            if row["id"] not in self.server.ever_stored:
                self.world.forbid(f"{self.name} forgot event {row['id']}, which the broker never stored")
        self._loose.append((self.world.now, rows))
        return []

    def _position(self, state: Held, _arguments: Any) -> list[Any]:
        epoch, sequence = state.source or (None, None)
        return [{"epoch": epoch, "sequence": sequence, "unpublished": len(state.outbox)}]

    def _begin_epoch(self, state: Held, _arguments: Any) -> list[Any]:
        assert state.source is not None, "the row of the source is made before"
        state.source = max(state.source[0] + 1, int(self.world.real)), 0
        self.world.took("new epoch begun")
        return []

    def _deleted(self, state: Held, arguments: Any) -> list[Any]:
        *common, facts = arguments[2:]
        for record, event in zip(*arguments[:2], strict=True):
            state.outbox[event] = self._row(event, record, 0, "", common, facts)
        return []


def add_digest(bucket: list[int], digest: bytes) -> None:
    """Add a digest to a bucket: count, and the exclusive or of both halves as signed numbers."""
    bucket[0] += 1
    for half in (0, 1):
        bucket[1 + half] ^= int.from_bytes(digest[8 * half : 8 * half + 8], "big", signed=True)
