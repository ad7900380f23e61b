"""What is held on one person: the person's file, records about it, the person's other files and what is about those.

The person's other files are those that a file names, and those with the same identity number.
"""

# Statements are built of names of the models; every value is a parameter.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY

from services.chassis.contract import identities
from services.chassis.crypto import normalise
from services.chassis.domain.errors import FileOpen, InvalidField, NotFound, PermissionDenied
from services.chassis.domain.identifiers import is_identity
from services.chassis.domain.steps import state_label
from services.chassis.kinds import Kind, kind_of
from services.chassis.query import table_of
from services.chassis.storage.codec import unseal
from services.chassis.storage.statements import RECORD
from services.chassis.storage.store import Store

_FOUND = " WHERE r.id IN (SELECT record_id FROM search_hash WHERE hash = $1)"


class Held(NamedTuple):
    """A record about a person, deleted or not, and its row."""

    kind: Kind[Any]
    record: Any
    row: Any


def person_kind(store: Store, name: str) -> Kind[Any]:
    """Return the kind of a person's file by the file's resource name. Raises NotFound, InvalidField (no such file)."""
    kind = kind_of(store.kinds, name)
    if not kind.is_person:
        files = "、".join(f"{other.collection}/编号" for other in store.kinds if other.is_person)
        raise InvalidField("name", expected=f"应为个人档案:{files}")
    return kind


def check_erasable(kind: Kind[Any], record: Any, *, deleted: bool) -> None:
    """Refuse to erase a person's file that is in use: what follows from it would lack its name. Raises FileOpen."""
    if kind.is_person and not deleted and kind.closed is not None and not kind.closed(record):
        has_state = "state" in record.DESCRIPTOR.fields_by_name
        raise FileOpen("name", kind=kind.zh, state=state_label(record) if has_state else "有效")


async def held_on(store: Store, connection: Any, name: str, roles: Container[str]) -> list[Held]:
    """Return every record about the person of a file, by kind and age; `connection` must see everything.

    `roles` are the caller's: sealed records are shown to the one of their kind. Where some are secret, others get the
    rest and nothing tells them that it is not all: a refusal would say who complained. Raises NotFound, InvalidField;
    PermissionDenied when a file may not be shown of which it is known that it is held.
    """
    first = await _files(store, connection, [name])
    kind = person_kind(store, name)
    if not first or _hidden(first, roles):
        raise NotFound("name", name=name)
    found: dict[UUID, Held] = {}
    waiting = first
    while waiting:
        held = waiting.pop()
        if held.row["id"] not in found and not _is_secret(held, roles):
            found[held.row["id"]] = held
            if held.kind.is_person:
                waiting += await _files(store, connection, _named(held))
                waiting += await _same(store, connection, held)
                waiting += await _about(store, connection, held.row["id"])
    if hidden := _hidden(found.values(), roles):
        raise PermissionDenied(allowed=",".join(hidden))
    order = {kind.name: place for place, kind in enumerate(store.kinds)}
    return sorted(found.values(), key=lambda held: (held.kind is not kind, order[held.kind.name], held.row["id"]))


def _is_secret(held: Held, roles: Container[str]) -> bool:
    """Tell whether not even that there is such a record is for these roles."""
    return bool(held.row["sealed"]) and held.kind.is_secret and held.kind.sealed_for not in roles


def _hidden(found: Iterable[Held], roles: Container[str]) -> list[str]:
    """Return the roles that would be needed to see the sealed records among these."""
    return sorted({held.kind.sealed_for for held in found if held.row["sealed"] and held.kind.sealed_for not in roles})


def _named(held: Held) -> list[str]:
    """Return the files that a record names as its subject."""
    values = [getattr(held.record, field) for field in held.kind.subject_fields]
    return [name for value in values for name in ([value] if isinstance(value, str) else value) if name]


async def _files(store: Store, connection: Any, names: Iterable[str]) -> list[Held]:
    """Return records by their names; what is not of this service, or not there, is left out."""
    found: list[Held] = []
    for name in names:
        kind = next((kind for kind in store.kinds if name.startswith(kind.collection + "/")), None)
        if kind is not None:
            rows = await connection.fetch(f"{_select(kind)} WHERE r.id = $1", kind.record_id(name))
            found += [_held(store, kind, row) for row in rows]
    return found


async def _same(store: Store, connection: Any, held: Held) -> list[Held]:
    """Return the files of whoever has the identity number of a file; a filler like "无" is nobody's number."""
    numbers = filter(is_identity, _numbers(held))
    found: list[Held] = []
    for number in numbers:
        for kind in (kind for kind in store.kinds if kind.is_person):
            rows = await connection.fetch(_select(kind) + _FOUND, store.crypto.search_hash(number))
            files = [_held(store, kind, row) for row in rows]
            # What is found by the hash may have the same text in another field.
            found += [file for file in files if number in _numbers(file)]
    return found


def _numbers(held: Held) -> set[str]:
    return {normalise(getattr(held.record, field)) for field in identities(held.kind.message.DESCRIPTOR)}


async def _about(store: Store, connection: Any, person: UUID) -> list[Held]:
    """Return the records that name a person's file as their subject."""
    found: list[Held] = []
    for kind in store.kinds:
        if kind.subject_fields:
            rows = await connection.fetch(_select(kind) + _names_person(kind), str(person))
            found += [_held(store, kind, row) for row in rows]
    return found


def _held(store: Store, kind: Kind[Any], row: Any) -> Held:
    return Held(kind, unseal(kind, row, row["id"], store.crypto), row)


@cache
def _select(kind: Kind[Any]) -> str:
    sealed = "r.sealed" if kind.has_sealed else "false AS sealed"
    return f"SELECT r.id, r.office, r.digest, r.deleted, {sealed}, {RECORD} FROM {kind.row.__tablename__} r"


@cache
def _names_person(kind: Kind[Any]) -> str:
    columns = [table_of(kind).c[field] for field in kind.subject_fields]
    tests = [f"$1 = ANY (r.{c.name})" if isinstance(c.type, ARRAY) else f"r.{c.name} = $1" for c in columns]
    return f" WHERE {' OR '.join(tests)}"
