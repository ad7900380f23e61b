"""What a unit of work keeps until it commits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from services.chassis.kinds import Kind
from services.chassis.storage.codec import HASHES
from services.chassis.storage.statements import statements

Run = tuple[Kind[Any], bool, list[tuple[Any, ...]]]


class Change(NamedTuple):
    """What a revision is: its transition, why, and the facts it keeps (None: those of its record)."""

    name: str
    reason: str = ""
    facts: bytes | None = None


class Write(NamedTuple):
    """One revision to write: its kind's statement's parameters, its record's own number, its hashes if they changed."""

    kind: Kind[Any]
    update: bool
    values: tuple[Any, ...]
    key: str
    rehash: list[bytes] | None = None


def runs(writes: Iterable[Write]) -> list[Run]:
    """Group neighbours that share a statement, in order: a record made by one may be changed by a later one."""
    found: list[Run] = []
    for kind, update, values, *_ in writes:
        if not found or (found[-1][0], found[-1][1]) != (kind, update):
            found.append((kind, update, []))
        found[-1][2].append(values)
    return found


async def put(connection: Any, kind: Kind[Any], rows: list[tuple[Any, ...]], *, update: bool) -> bool:
    """Write a run; tell whether every row was written: an update finds no row that somebody else has changed."""
    sql = statements(kind)
    if not update and len(rows) > 1 and sql.insert_many:
        arrays = [values for at, values in enumerate(zip(*rows, strict=True)) if at != HASHES]
        return len(await connection.fetch(sql.insert_many, *arrays)) == len(rows)
    return len(await connection.fetchmany(sql.update if update else sql.insert, rows)) == len(rows)
