"""A person's record and those about the person: found through their columns, kept in step with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from services.chassis.domain.references import uuid_of
from services.chassis.guards import ALL, known, referenced
from services.chassis.kinds import Kind
from services.chassis.work import Work
from services.correction.domain.subjects import check_office


async def subject(work: Work, new: Any, old: Any) -> Any:
    """Return the person that a record is about; the record gets from it whether it is sealed.

    A record that stayed with an office that the person has left is changed without the person: None.
    Raises UnknownReference, InvalidField (another office than the person's).
    """
    person = await referenced(work, "person", new.person) if old is None else await known(work, new.person)
    if person is not None:
        check_office(new, old, person)
        new.sealed = person.sealed
    return person


async def about(work: Work, name: str, **columns: Any) -> AsyncIterator[tuple[Kind[Any], Any]]:
    """Give the records in scope that are about a person, of every kind, picked by other columns besides."""
    for kind in work.store.kinds:
        if "person" in kind.row.model_fields:
            for record in await work.query(kind, limit=ALL, person=uuid_of(name), **columns):
                yield kind, record
