"""Convictions of released persons: the first within five years of release counts against their release year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geju.correction.v1 import new_offence_pb2, released_person_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.steps import put


def first_within(
    person: released_person_pb2.ReleasedPerson, offences: Iterable[new_offence_pb2.NewOffence]
) -> date | None:
    """Return the day of a person's first conviction from the release to the end of the five years; None: none."""
    begins, ends = to_date(person.released_date), to_date(person.five_years_due_date)
    assert begins is not None, "the contract requires the day of release"
    assert ends is not None, "it follows from the day of release"
    days = [day for offence in offences if (day := to_date(offence.convicted_date)) is not None]
    return min((day for day in days if begins <= day <= ends), default=None)


def follow(person: released_person_pb2.ReleasedPerson, offences: Iterable[new_offence_pb2.NewOffence]) -> bool:
    """Put the first conviction on the person's record, or take it back; tell whether that changed anything."""
    before, found = to_date(person.convicted_date), first_within(person, offences)
    put(person, "convicted_date", found)
    return before != found
