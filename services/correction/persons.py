"""A person's record and those about the person: found through their columns, kept in step with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, TypeVar

from google.protobuf.message import Message

from services.chassis.domain.references import uuid_of
from services.chassis.guards import ALL, kind_in, known, referenced
from services.chassis.kinds import Kind
from services.chassis.work import Work
from services.correction.domain.subjects import RELEASED, SUPERVISED, check_office, file_on, follow_person

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
        follow_person(new, person)
    return person


async def about(work: Work, name: str, **columns: Any) -> AsyncIterator[tuple[Kind[Any], Any]]:
    """Give the records in scope that are about a person, of every kind, picked by other columns besides."""
    for kind in work.store.kinds:
        if "person" in kind.row.model_fields:
            for record in await work.query(kind, limit=ALL, person=uuid_of(name), **columns):
                yield kind, record


async def all_of(work: Work, kind: Kind[Any], name: str) -> list[Any]:
    """Return the records in scope of a kind about a person, with those that this work has made."""
    stored = {one.name: one for one in await work.query(kind, limit=ALL, person=uuid_of(name))}
    made = [one for one in made_of(work, kind, name) if one.name and await known(work, one.name)]
    return list((stored | {one.name: one for one in made}).values())


def made_of(work: Work, kind: Kind[Any], name: str) -> list[Any]:
    """Return the list of the records of a kind about a person that this work makes, to be added to."""
    found: list[Any] = work.memo.setdefault((kind.name, name), [])
    return found
