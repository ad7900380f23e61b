"""The file that the end of correction opens."""

from __future__ import annotations

from geju.correction.v1 import released_person_pb2, supervised_person_pb2

from services.correction.domain.resettlement.lifecycle import STEP_FIELDS
from services.correction.domain.supervision.lifecycle import SERVED

Supervised = supervised_person_pb2.SupervisedPerson
_COPIED = (
    "office",
    "place",
    "key",
    "full_name",
    "id_number",
    "phone",
    "address",
    "sex",
    "birth_year",
    "minor",
)


def opens(person: Supervised) -> bool:
    """Tell whether the end of a person's correction opens a file, and none is open yet."""
    return releases(person) and not person.released_person


def releases(person: Supervised) -> bool:
    """Tell whether a person's correction ended in release."""
    return person.HasField("ended_date") and person.end_ground in SERVED


def agrees(file: released_person_pb2.ReleasedPerson, person: Supervised | None) -> bool:
    """Tell whether a file says what the end that opened it says; nothing does with a deleted record."""
    return person is not None and releases(person) and file.released_date == person.ended_date


def is_untouched(file: released_person_pb2.ReleasedPerson) -> bool:
    """Tell whether no step was taken on a file since it was opened."""
    return {field.name for field, _ in file.ListFields()}.isdisjoint(STEP_FIELDS)


def file_of(person: Supervised) -> released_person_pb2.ReleasedPerson:
    """Return the file of a person whose correction ended: released on the last day, from correction."""
    return released_person_pb2.ReleasedPerson(
        **{name: getattr(person, name) for name in _COPIED},
        source=released_person_pb2.RELEASE_SOURCE_CORRECTION,
        household=released_person_pb2.HOUSEHOLD_KIND_LOCAL,
        released_date=person.ended_date,
        placeable=not person.unable_to_work,
        supervised_person=person.name,
    )
