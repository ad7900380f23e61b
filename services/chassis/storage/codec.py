"""A record as row values and back: encryption, facts, digest, hashes and index columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from google.protobuf.message import Message

from services.chassis.contract import DATE, search_values
from services.chassis.crypto import RecordKeys
from services.chassis.domain import limits
from services.chassis.domain.dates import from_date, to_date
from services.chassis.domain.rules import Rules
from services.chassis.kinds import Kind
from services.chassis.storage.records import RecordRow

COMMON = tuple(RecordRow.model_fields)
HASHES = COMMON.index("hashes")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BY_SERVICE = ("name", "etag", "recorded_time", "occurred_date", "revision")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a revision says about itself beside its record; `id` is the UUID's text."""

    id: str
    revision: int
    occurred: date
    recorded: datetime
    actor: str
    deleted: bool = False


def key_hash(crypto: RecordKeys, office: str, key: str) -> bytes | None:
    """Return the keyed hash of an office's own number; None for none."""
    return crypto.keyed_hash("key", office, key) if key else None


def digest(record_id: str, revision: int, facts: bytes) -> bytes:
    """Return the first 16 bytes of SHA-256 over id, revision and facts: what both sides of the wire compare."""
    return hashlib.sha256(bytes.fromhex(record_id.replace("-", "")) + revision.to_bytes(8, "big") + facts).digest()[:16]


def bound_to(kind: Kind[Any], record_id: UUID | str) -> bytes:
    """Return what a body is bound to: its kind and id, so that it cannot be moved to another row."""
    return f"{kind.name}|{record_id}".encode()


class Known(NamedTuple):
    """Keyed hashes of a stored row with what they were made of: a change that leaves that alone keeps them."""

    values: list[str]
    hashes: list[bytes]
    key: tuple[str, str]
    key_hash: bytes | None


def known(kind: Kind[Any], record: Any, row: Any) -> Known:
    """Return the hashes of a row and its record."""
    values = search_values(record) if kind.is_searchable else []
    return Known(values, row["hashes"], (record.office, record.key), row["key_hash"])


def _hashes(kind: Kind[Any], record: Any, crypto: RecordKeys, old: Known | None) -> tuple[bytes | None, list[bytes]]:
    values = search_values(record) if kind.is_searchable else []
    key = (record.office, record.key)
    same_key, same_values = old is not None and old.key == key, old is not None and old.values == values
    return (
        old.key_hash if old and same_key else key_hash(crypto, *key),
        old.hashes if old and same_values else sorted(set(map(crypto.search_hash, values))),
    )


def seal(  # noqa: PLR0913 (two are refinements, by name only)
    kind: Kind[Any],
    record: Any,
    stamp: Stamp,
    crypto: RecordKeys,
    *,
    facts: bytes | None = None,
    old: Known | None = None,
) -> tuple[Any, ...]:
    """Return the row of a revision, in the order of `columns(kind)`, and stamp the record with it.

    `facts` keeps facts as they are (erasure) instead of deriving them from the record; `old` saves making hashes anew.
    """
    message = _facts(kind, record, stamp) if facts is None else kind.facts.FromString(facts)
    if facts is None:
        facts = message.SerializeToString(deterministic=True)
    hashed_key, hashes = _hashes(kind, record, crypto, old)
    due = _next_due(kind, record, stamp)
    values: tuple[Any, ...] = (
        stamp.id,
        record.office,
        record.place,
        hashed_key,
        stamp.revision,
        stamp.deleted,
        stamp.occurred,
        stamp.recorded,
        stamp.actor,
        crypto.encrypt(_body(kind, record), bound_to(kind, stamp.id)),
        facts,
        digest(stamp.id, stamp.revision, facts),
        hashes,
        due[0] if due and not stamp.deleted else None,
        due[1] if due and not stamp.deleted else "",
    )
    _stamp(record, kind.record_name(stamp.id), stamp.revision, stamp.occurred, stamp.recorded)
    return values + tuple([read(message) for read in _readers(kind)])


def unseal(kind: Kind[Any], row: Any, record_id: UUID | str, crypto: RecordKeys) -> Any:
    """Return the record of a row that has body, revision, occurred and recorded."""
    record = kind.message.FromString(crypto.decrypt(row["body"], bound_to(kind, record_id)))
    _stamp(record, kind.record_name(record_id), row["revision"], row["occurred"], row["recorded"])
    return record


def present(kind: Kind[Any], record: Any, rules: Rules) -> Any:
    """Fill in what depends on the day of the answer: the states of limits, the due dates of stopped ones."""
    if kind.has_limits:
        for limit in record.limits:
            limit.state = limits.state(limit, rules.today)
            if limits.is_suspended(limit) and limits.is_open(limit):
                rule = limits.rule_in_force(rules.profile.limits, limit.rule, to_date(limit.start) or rules.today)
                if rule is not None:
                    limit.due.CopyFrom(from_date(limits.due(limit, rule, rules.today)))
    return record


@cache
def columns(kind: Kind[Any]) -> tuple[str, ...]:
    """Return the columns of a kind's table: the common ones, then its own."""
    return (*COMMON, *(c for c in kind.row.model_fields if c not in COMMON))


def is_sealed(kind: Kind[Any], values: Sequence[Any]) -> bool:
    """Tell whether the values of a row, in the order of `columns`, are those of a sealed file."""
    return kind.has_sealed and bool(values[columns(kind).index("sealed")])


def second_office(kind: Kind[Any], values: Sequence[Any]) -> str:
    """Return the second office in the values of a row, in the order of `columns`; empty for none."""
    return values[columns(kind).index("second_office")] if kind.has_second_office else ""


@cache
def _readers(kind: Kind[Any]) -> tuple[Callable[[Message], Any], ...]:
    fields = kind.facts.DESCRIPTOR.fields_by_name
    own = columns(kind)[len(COMMON) :]
    if missing := [column for column in own if column not in fields]:
        msg = f"{kind.row.__name__} has index columns that {kind.facts_type} lacks: {', '.join(missing)}"
        raise TypeError(msg)
    return tuple(_reader(fields[column]) for column in own)


def _reader(field: Any) -> Callable[[Message], Any]:
    name = field.name
    if field.is_repeated:
        return lambda facts: list(getattr(facts, name))
    if field.message_type is None:
        return lambda facts: getattr(facts, name)
    if field.message_type.full_name == DATE:
        return lambda facts: to_date(getattr(facts, name))
    return lambda facts: getattr(facts, name).ToDatetime(UTC) if facts.HasField(name) else None


def _facts(kind: Kind[Any], record: Any, stamp: Stamp) -> Any:
    message: Any = kind.to_facts(record)
    message.office = record.office
    # A village is small enough to point at a person: facts of persons' records name the office only.
    message.place = "" if kind.needs_purpose else record.place
    message.deleted = stamp.deleted
    _fill(message.occurred, stamp.occurred)
    return message


def _next_due(kind: Kind[Any], record: Any, stamp: Stamp) -> tuple[date, str] | None:
    """Return the earliest day by which something is outstanding, and its rule."""
    limit = limits.next_due(record.limits, stamp.occurred) if kind.has_limits else None
    found = [*([limit] if limit else []), *(kind.dues.of(record) if kind.dues is not None else ())]
    return min(found, default=None)


def _body(kind: Kind[Any], record: Message) -> bytes:
    for name in _BY_SERVICE:
        record.ClearField(name)
    if kind.has_limits:
        for limit in record.limits:  # type: ignore[attr-defined]
            limit.ClearField("state")
    return record.SerializeToString()


def _stamp(record: Any, name: str, revision: int, occurred: date, recorded: datetime) -> None:
    record.name = name
    record.etag = str(revision)
    record.revision = revision
    since = recorded - _EPOCH  # Timestamp.FromDatetime does the same at ten times the cost
    record.recorded_time.seconds = since.days * 86400 + since.seconds
    record.recorded_time.nanos = since.microseconds * 1000
    _fill(record.occurred_date, occurred)


def _fill(message: Any, day: date) -> None:
    message.year, message.month, message.day = day.year, day.month, day.day
