"""A person's record and those about the person: found through their columns, kept in step with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from google.protobuf.message import Message

from services.chassis.district import records_of
from services.chassis.domain.references import uuid_of
from services.chassis.guards import ALL, kind_in, known, referenced
from services.chassis.kinds import Kind
from services.chassis.work import Work
from services.correction.domain.subjects import RELEASED, SUPERVISED, check_office, file_on, inherit

M = TypeVar("M", bound=Message)


async def numbered(work: Work, request: M, kind: Kind[Any], day: str) -> M:
    """Return import rows that name their persons, of either kind, where they gave the office's number.

    A file that an end of correction opened bears the number of the one before: the row's `day` tells which is meant.
    A number that no person has stays as it is: the rules then refuse the row.
    """
    named = type(request)()
    named.CopyFrom(request)
    rows = [getattr(row, kind.snake) for row in named.rows]  # type: ignore[attr-defined]
    numbers = {(row.office, row.person) for row in rows if row.person and "/" not in row.person}
    files = [await work.find_many(kind_in(work, name), numbers) if numbers else {} for name in (SUPERVISED, RELEASED)]
    for row in rows:
        before, after = (found.get((row.office, row.person)) for found in files)
        file = file_on(before, after, getattr(row, day))
        if file is not None:
            row.person = file.name
    return named


async def subject(work: Work, new: Any, old: Any) -> Any:
    """Return the person that a record is about; the record gets from it the seal and the other office.

    A record that stayed with an office that the person has left is changed without the person: None.
    Raises UnknownReference, InvalidField (another office than the person's).
    """
    person = await referenced(work, "person", new.person) if old is None else await known(work, new.person)
    if person is not None:
        check_office(new, old, person)
        inherit(new, person)
    return person


async def about(work: Work, name: str, **columns: Any) -> AsyncIterator[tuple[Kind[Any], Any]]:
    """Give the records in scope that are about a person, of every kind, picked by other columns besides."""
    for kind in work.store.kinds:
        if "person" in kind.row.model_fields:
            for record in await work.query(kind, limit=ALL, person=uuid_of(name), **columns):
                yield kind, record


async def seal(work: Work, person: Any) -> None:
    """Let what is recorded about a person, in scope, be sealed as the person's record is."""
    async for kind, record in about(work, person.name, sealed=not person.sealed):
        record.sealed = person.sealed
        work.save(kind, record, "followed")


async def seal_other(work: Work, person: Any) -> None:
    """Let the person's other record, as one under correction or released, and all about it be sealed as this one is."""
    if person is None:  # deleted since
        return
    name = person.released_person if person.name.startswith(SUPERVISED) else person.supervised_person
    other = await known(work, name)
    if other is not None and other.minor != person.minor:
        other.minor = other.sealed = person.minor
        work.save(kind_in(work, name.partition("/")[0]), other, "followed")
        await seal(work, other)


async def all_of(work: Work, kind: Kind[Any], name: str) -> list[Any]:
    """Return the records of a kind about a person, of every office, with those that this work has made."""
    stored = {one.name: one for one in await records_of(work, kind, "person", uuid_of(name))}
    return list((stored | {one.name: one for one in _made(work, kind, name) if one.name}).values())


async def beside(work: Work, new: Any, check: Callable[[list[Any]], None]) -> None:
    """Run a check of a record against the others of its kind about its person, whichever office has them.

    Whoever adds one waits, so that two of them cannot both be the only one.
    """
    kind = next(kind for kind in work.store.kinds if kind.message is type(new))
    await work.lock(f"{kind.name}|{new.person}")
    check([other for other in await all_of(work, kind, new.person) if other.name != new.name])
    _made(work, kind, new.person).append(new)


def _made(work: Work, kind: Kind[Any], name: str) -> list[Any]:
    found: list[Any] = work.memo.setdefault((kind.name, name), [])
    return found
