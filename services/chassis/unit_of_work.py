"""The unit of work: what a mutation reads and writes, committed together or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, Self, TypeVar

import asyncpg
import uuid_utils
from google.protobuf.message import Message

from services.chassis.context import Call, Caller
from services.chassis.domain.errors import KeyTaken, NotFound, StaleEtag
from services.chassis.kinds import Kind
from services.chassis.query import select_rows
from services.chassis.requests import Conflict, RequestKey
from services.chassis.storage.codec import HASHES, Known, Stamp, is_sealed, key_hash, known, seal, second_office, unseal
from services.chassis.storage.engine import Loan
from services.chassis.storage.scopes import RIGHTS, offices_in, scope_of, terms
from services.chassis.storage.statements import REHASH, request_insert, statements
from services.chassis.storage.store import Store
from services.chassis.storage.writes import Change, Write, put, runs
from services.chassis.trail_words import check_reason

__all__ = ["Work"]

M = TypeVar("M", bound=Message)
Mark = tuple[int, dict[Any, Any], set[str]]
#: At so many records at most a work that lost a race queues; a longer sheet just tries again.
_QUEUED = 20


class Work:
    """One attempt at one mutation. Handlers load, change and save records; the chassis commits.

    Reads see what this work has saved and not what it has deleted; which records `query` finds is what is committed.
    """

    def __init__(self, store: Store, call: Call, *, district: bool = False, request: RequestKey | None = None) -> None:
        self.store = store
        self.call = call
        self.rules = store.rules()
        self.reason = ""
        self.request = request
        self.memo: dict[Any, Any] = {}
        #: An import finds its records by key; a key taken meanwhile is then a conflict to retry, not an error.
        self.keys_are_found = False
        self._scope = scope_of(call.caller, district=district)
        self._seen = terms(self._scope)
        #: Offices in scope; None: every office.
        self.offices = offices_in(self._scope)
        self._loan: Loan | None = None
        self._connection: Any = None
        self._transaction: Any = None
        self._locked: set[str] = set()
        self._writes: list[Write] = []
        self._pending: dict[tuple[str, str], Any] = {}
        self._known: dict[str, Known] = {}
        self._deleted: set[str] = set()

    @property
    def caller(self) -> Caller:
        """Who asks for the change."""
        return self.call.caller

    def sees_sealed(self, kind: Kind[Any]) -> bool:
        """Tell whether sealed records of a kind are in scope."""
        return RIGHTS[kind.sealed_for] in self._seen

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if self._transaction is not None:
                await self.roll_back()
        finally:
            if self._loan is not None:
                await self._loan.__aexit__(kind, error, trace)

    async def roll_back(self) -> None:
        """End the open transaction, if any, without a trace."""
        transaction, self._transaction = self._transaction, None
        if transaction is not None and not self._connection.is_closed():
            await transaction.rollback()

    # Reading -------------------------------------------------------------------------------------------------------

    async def connection(self) -> Any:
        """Return the work's asyncpg connection, borrowed on first use."""
        if self._connection is None:
            self._loan = await self.store.lend(self._scope).__aenter__()
            self._connection = self._loan.connection
        return self._connection

    async def expect_new_request(self) -> None:
        """Answer a repeated request now instead of working it out again: raises what ends such a call."""
        if self.request is not None and not self.request.checked:
            await self.request.look_up(await self.connection())

    async def load(self, kind: Kind[M], name: str, etag: str = "") -> M:
        """Return a record. Raises NotFound (outside the scope and deleted, too), StaleEtag (set, not current)."""
        record, row = await self.load_row(kind, name, etag)
        if kind.id_text(name) in self._deleted or (row is not None and row["deleted"]):
            raise NotFound("name", name=name)
        return record

    async def load_row(self, kind: Kind[M], name: str, etag: str = "") -> tuple[M, Any]:
        """Return a record, deleted or not, and its stored row (None when saved in this work). Raises as `load`."""
        record_id = kind.id_text(name)
        record, row = self._pending.get((kind.name, record_id)), None
        if record is None:
            row = await self._fetch(kind, record_id)
            if row is None or row["body"] is None:
                raise NotFound("name", name=name)
            record = unseal(kind, row, record_id, self.store.crypto)
            self._known[record_id] = known(kind, record, row)
        if etag and etag.strip('"') != record.etag:
            raise StaleEtag("etag", current=record.etag)
        return record, row

    async def _fetch(self, kind: Kind[Any], record_id: str) -> Any:
        connection, request = await self.connection(), self.request
        if request is None or request.checked:
            return await connection.fetchrow(statements(kind).load, record_id, self._seen)
        # The request id is looked up in the same round trip as the first record.
        sql = statements(kind).load_request
        row = await connection.fetchrow(sql, record_id, self._seen, request.subject, request.id)
        request.compare(row)
        return row

    async def find_many(self, kind: Kind[M], keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], M]:
        """Return the records of (office, own number) pairs in one round trip."""
        hashes = {key_hash(self.store.crypto, office, key): (office, key) for office, key in keys if key}
        connection = await self.connection()
        rows = await connection.fetch(statements(kind).find_many, list(hashes), self._seen)
        return {hashes[row["key_hash"]]: self._current(kind, row) for row in self._kept(rows)}

    async def query(self, kind: Kind[M], *, limit: int = 1000, **columns: Any) -> list[M]:
        """Return committed records in scope by columns of their row, newest first, without what this work has deleted.

        A value must be equal; a list holds what is permitted; None means null; `<column>_from` and `<column>_to` are
        inclusive bounds.
        """
        sql, params = select_rows(kind, columns, self._seen, limit=limit)
        rows = await (await self.connection()).fetch(sql, *params)
        return [self._current(kind, row) for row in self._kept(rows)]

    def _kept(self, rows: Iterable[Any]) -> list[Any]:
        return [row for row in rows if str(row["id"]) not in self._deleted]

    def _current(self, kind: Kind[Any], row: Any) -> Any:
        record_id = str(row["id"])
        record = self._pending.get((kind.name, record_id))
        if record is None:
            record = unseal(kind, row, record_id, self.store.crypto)
            self._known[record_id] = known(kind, record, row)
        return record

    async def begin(self) -> None:
        """Open a transaction: what follows is read and written in it."""
        if self._transaction is None:
            transaction = (await self.connection()).transaction()
            await transaction.start()
            self._transaction = transaction

    async def lock(self, *names: str) -> None:
        """Wait until no other work holds these names; they are free again when this one ends."""
        await self.begin()
        for name in sorted(set(names) - self._locked):  # in one order, so that two works cannot wait for each other
            self._locked.add(name)
            await self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name)

    @asynccontextmanager
    async def seeing(self, scope: str) -> AsyncIterator[Any]:
        """Give the connection with another scope for a moment: for sums that no office may see only a part of."""
        await self.begin()
        await self._connection.execute("SELECT set_config('geju.offices', $1, true)", scope)
        yield self._connection
        await self._connection.execute("SELECT set_config('geju.offices', $1, true)", self._scope)

    # Writing -------------------------------------------------------------------------------------------------------

    def create(self, kind: Kind[M], record: M, change: str = "", occurred: date | None = None) -> M:
        """Put a new record under a new name. Raises NotFound for an office outside the scope."""
        fresh = str(uuid_utils.uuid7())
        return self._write(kind, record, self._stamp(fresh, 1, occurred), Change(change or kind.create_change))

    def save(self, kind: Kind[M], record: M, change: str, occurred: date | None = None) -> M:
        """Put the next revision of a loaded record; `occurred` is the day it happened, today unless said."""
        found: Any = record
        stamp = self._stamp(kind.id_text(found.name), found.revision + 1, occurred)
        return self._write(kind, record, stamp, Change(change))

    def delete(self, kind: Kind[M], record: M, reason: str = "") -> M:
        """Put the last revision of a record: it says that it is deleted."""
        found: Any = record
        stamp = self._stamp(kind.id_text(found.name), found.revision + 1, None, deleted=True)
        return self._write(kind, record, stamp, Change("deleted", reason))

    def rewrite(self, kind: Kind[M], record: M, row: Any, change: str) -> M:
        """Put a next revision whose facts, deletion and day stay as they are in `row`."""
        found: Any = record
        stamp = self._stamp(kind.id_text(found.name), found.revision + 1, row["occurred"], deleted=row["deleted"])
        return self._write(kind, record, stamp, Change(change, facts=row["facts"]))

    def require_office(self, *either: str) -> None:
        """Refuse offices of which none is in the scope. Raises NotFound: to this caller they do not exist."""
        if self.offices is not None and not any(office in self.offices for office in either):
            raise NotFound("office", name=either[0])

    def mark(self) -> Mark:
        """Return a point that `back_to` returns to."""
        return len(self._writes), dict(self._pending), set(self._deleted)

    def back_to(self, mark: Mark) -> None:
        """Forget what was saved since a mark."""
        count, self._pending, self._deleted = mark
        del self._writes[count:]

    def _stamp(self, record_id: str, revision: int, occurred: date | None, *, deleted: bool = False) -> Stamp:
        day, now = occurred or self.rules.today, self.rules.now
        return Stamp(record_id, revision, day, now, self.caller.subject, deleted)

    def _write(self, kind: Kind[M], record: M, stamp: Stamp, change: Change) -> M:
        found: Any = record
        call, event_id = self.call, uuid_utils.uuid7()
        trail = (
            event_id,
            ",".join(sorted(call.caller.roles)),
            call.method,
            change.name,
            change.reason or self.reason,
            event_id,  # the trail tells which event it was, also when no stream does any more
            call.traceparent,
        )
        old = self._known.pop(stamp.id, None)
        check_reason(self.reason, record, old.values if old is not None else ())
        values = seal(kind, record, stamp, self.store.crypto, facts=change.facts, old=old)
        self.require_office(found.office, second_office(kind, values))
        if is_sealed(kind, values) and not self.sees_sealed(kind):  # the caller would not see it any more
            raise kind.seal_refused()
        values += trail
        update, hashes = stamp.revision > 1, values[HASHES]
        changed = update and kind.is_searchable and (old is None or hashes is not old.hashes)
        self._writes.append(Write(kind, update, values, found.key, hashes if changed else None))
        self._pending[kind.name, stamp.id] = record
        if stamp.deleted:
            self._deleted.add(stamp.id)
        return record

    # Committing ----------------------------------------------------------------------------------------------------

    async def commit(self, answer: bytes = b"", *, dry: bool = False) -> None:
        """Write everything and the answer to the request; `dry` undoes it again. Raises Conflict, KeyTaken."""
        connection = await self.connection()
        try:
            single = len(self._writes) == 1 and self._writes[0].rehash is None and self._transaction is None
            if single and self.request is not None and not dry:
                await self._commit_one(connection, self._writes[0], self.request.values(answer))
            else:
                await self._commit_many(connection, answer, dry=dry)
        except asyncpg.UniqueViolationError as error:
            raise self._taken(error) from error
        except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError) as error:
            raise Conflict from error

    async def _commit_one(self, connection: Any, write: Write, request: Sequence[Any]) -> None:
        sql = statements(write.kind)
        text = sql.update_request if write.update else sql.insert_request
        if await connection.fetchrow(text, *write.values, *request) is None:
            raise Conflict([write.values[0]])

    async def _commit_many(self, connection: Any, answer: bytes, *, dry: bool) -> None:
        await self.begin()
        for kind, update, rows in runs(self._writes):
            if not await put(connection, kind, rows, update=update):
                raise Conflict([row[0] for row in rows[:_QUEUED]])
        if rehashed := [(write.values[0], write.rehash) for write in self._writes if write.rehash is not None]:
            await connection.executemany(REHASH, rehashed)
        if self.request is not None and not dry:
            subject, request_id, digest, sealed = self.request.values(answer)
            await connection.execute(request_insert(), subject, request_id, self.call.method, digest, sealed)
        transaction, self._transaction = self._transaction, None
        await (transaction.rollback() if dry else transaction.commit())

    def _taken(self, error: asyncpg.UniqueViolationError) -> Exception:
        if error.table_name == "request" or self.keys_are_found:
            return Conflict()
        keys = [write.key for write in self._writes if write.kind.row.__tablename__ == error.table_name and write.key]
        return KeyTaken("key", key=keys[0] if len(keys) == 1 else "")
