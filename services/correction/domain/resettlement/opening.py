"""The file that the end of correction opens."""

from __future__ import annotations

from geju.correction.v1 import released_person_pb2, supervised_person_pb2

Supervised = supervised_person_pb2.SupervisedPerson
_OPENING = frozenset({supervised_person_pb2.END_GROUND_TERM_SERVED, supervised_person_pb2.END_GROUND_PARDONED})
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
    return person.HasField("ended_date") and person.end_ground in _OPENING and not person.released_person


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
