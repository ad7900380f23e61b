"""Idempotency: one effect and one answer for every repeat of a request id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from services.chassis.crypto import RecordKeys
from services.chassis.domain.errors import MissingRequestId, RequestIdReused

_LOOK_UP = "SELECT method, request_hash, response FROM request WHERE subject = $1 AND request_id = $2"
# An answer starts with the ids of the records in it, so that erasing one finds it without decrypting any.
# Only answers with more than one are searched through.
FORGET_ANSWERS = """
UPDATE request SET response = '' WHERE substring(response FROM 3 FOR 16) = ANY ($1::bytea[]) OR EXISTS (
    SELECT FROM unnest($1::bytea[]) AS one
    WHERE substring(response FOR 2) > '\\x0001'::bytea AND position(one IN response) > 0
)
"""
_COUNT, _ID = 2, 16


class Conflict(Exception):  # noqa: N818 (it is retried, never shown)
    """Another call changed a record, took a key or used the request id between this work's reading and writing.

    `records` are those that may have been changed; whoever tries again waits for its turn at them.
    """

    def __init__(self, records: Iterable[str] = ()) -> None:
        super().__init__()
        self.records = tuple(records)


class Replay(Exception):  # noqa: N818 (not an error: the answer is there already)
    """The request was answered before; `answer` is the serialized response."""

    def __init__(self, answer: bytes) -> None:
        super().__init__()
        self.answer = answer


class RequestKey:
    """A mutation's request id, with the hash of the request that it may stand for."""

    __slots__ = ("_crypto", "_hash", "_method", "checked", "id", "records", "subject")

    def __init__(self, subject: str, method: str, request_id: str, content: bytes, crypto: RecordKeys) -> None:
        """Raise MissingRequestId when the id is no UUID; `content` is what makes the request another one."""
        try:
            self.id = UUID(request_id)
        except ValueError as error:
            raise MissingRequestId("request_id") from error
        self.subject = subject
        self.checked = False
        #: Ids of the records in the answer; set before it is stored.
        self.records: Sequence[UUID] = ()
        self._method = method
        self._hash = hashlib.sha256(content).digest()
        self._crypto = crypto

    async def look_up(self, connection: Any) -> None:
        """Raise Replay when the request was answered, RequestIdReused when another one was under its id."""
        self.compare(await connection.fetchrow(_LOOK_UP, self.subject, self.id))

    def compare(self, row: Any) -> None:
        """Judge what is stored under the id (a null method or no row: nothing). Raises as `look_up`."""
        self.checked = True
        if row is None or row["method"] is None:
            return
        if (row["method"], row["request_hash"]) != (self._method, self._hash):
            raise RequestIdReused("request_id")
        stored = row["response"]
        start = _COUNT + _ID * int.from_bytes(stored[:_COUNT])
        raise Replay(self._crypto.decrypt(stored[start:], self._bound_to()) if stored else b"")

    def values(self, answer: bytes) -> tuple[Any, ...]:
        """Return what is stored: subject, id, hash, encrypted answer with the ids of its records in front."""
        head = len(self.records).to_bytes(_COUNT) + b"".join(record_id.bytes for record_id in self.records)
        return self.subject, self.id, self._hash, head + self._crypto.encrypt(answer, self._bound_to())

    def _bound_to(self) -> bytes:
        return f"request|{self.subject}|{self.id}".encode()
