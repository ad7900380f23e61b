"""Events to rows: the newest facts of each record in a batch, decoded once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from google.protobuf.message import DecodeError

from services.aggregation.decode import decoder
from services.aggregation.kinds import BY_TYPE, FactKind
from services.chassis.stream import FactEvent

Row = tuple[Any, ...]
REPAIR = "repair"
# Every facts message begins with office, place, deleted.
OFFICE, DELETED = 0, 2
EPOCH, REVISION, CHANGE, DIGEST = 2, 3, 6, 7


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event that cannot be counted, and why; it is reported, never silently dropped."""

    event: FactEvent
    reason: str


@dataclass(slots=True)
class Folded:
    """A batch: rows by kind in order of record id, and the events that could not be read."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)


def newer(event: FactEvent, old: FactEvent) -> bool:
    """Tell whether an event replaces what is known: a higher revision, or a repair of an equal one."""
    key, known = (event.epoch, event.revision), (old.epoch, old.revision)
    return key > known or (key == known and event.change == REPAIR)


def newer_row(row: Row, old: Row) -> bool:
    """Tell the same of two rows, whose facts may be the same too."""
    key, known = row[EPOCH : REVISION + 1], old[EPOCH : REVISION + 1]
    return key > known or (key == known and row[CHANGE] == REPAIR and row[DIGEST] != old[DIGEST])


def newest(events: Iterable[FactEvent], known: dict[tuple[str, UUID], FactEvent]) -> None:
    """Keep in `known`, by (facts type, record id), the event that wins; order and repetition change nothing."""
    for event in events:
        key = (event.facts_type, event.record_id)
        old = known.get(key)
        if old is None or newer(event, old):
            known[key] = event


def fold(events: Iterable[FactEvent]) -> Folded:
    """Decode the newest event of each record into its table's row."""
    known: dict[tuple[str, UUID], FactEvent] = {}
    newest(events, known)
    folded = Folded()
    for event in known.values():
        kind = BY_TYPE.get(event.facts_type)
        try:
            if kind is None:
                folded.rejected.append(Rejected(event, "no such kind of facts"))
            else:
                folded.rows.setdefault(kind.name, []).append(_row(event, kind))
        except (ValueError, OverflowError, DecodeError) as error:
            folded.rejected.append(Rejected(event, str(error)))
    for rows in folded.rows.values():
        rows.sort(key=lambda row: row[0].int)
    return folded


def _row(event: FactEvent, kind: FactKind) -> Row:
    values = decoder(kind.name)(event.facts)
    if not (values[OFFICE] or values[DELETED]):
        raise ValueError("facts of no office")
    if b"\0" in event.facts and any(isinstance(value, str) and "\0" in value for value in values):
        raise ValueError("facts with a NUL character")
    return (
        event.record_id,
        event.source,
        event.epoch,
        event.revision,
        event.recorded,
        event.actor,
        event.change,
        digest(event),
        *values,
    )


def digest(event: FactEvent) -> bytes:
    """Return the first 16 bytes of SHA-256 over id, revision and facts: what the service keeps for the same record."""
    hashed = event.record_id.bytes + event.revision.to_bytes(8, "big") + event.facts
    return hashlib.sha256(hashed).digest()[:16]
