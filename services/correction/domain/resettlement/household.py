"""What only the office of the registered household (户籍地司法所) does with a file that two offices list."""

from __future__ import annotations

from collections.abc import Collection

from geju.correction.v1.released_person_pb2 import ReleasedPerson

from services.correction.domain.resettlement.errors import HouseholdMoves, HouseholdOffice

#: Who keeps the file, where the person lives, whether it is closed: not for the other office to change.
KEPT = ("office", "separated", "residence_office", "closed_date", "close_ground")

#: Offices that a caller acts for; None: every one.
Offices = Collection[str] | None


def check_household(person: ReleasedPerson, offices: Offices, field: str = "name") -> None:
    """Refuse what the office of the household has to do. Raises HouseholdOffice."""
    if offices is not None and person.office not in offices:
        raise HouseholdOffice(field, office=person.office)


def check_kept(new: ReleasedPerson, old: ReleasedPerson, offices: Offices, *, corrected: bool) -> None:
    """Refuse a change that the other office may not make, and a move that is none of a corrector of both offices.

    Raises HouseholdOffice, HouseholdMoves.
    """
    for field in KEPT:
        if getattr(new, field) != getattr(old, field):
            check_household(old, offices, field)
    both = offices is None or new.office in offices
    if new.office != old.office and not (corrected and both):
        raise HouseholdMoves("office")
