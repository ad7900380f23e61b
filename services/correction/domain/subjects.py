"""What holds for every record about a person: it names one of the right kind, for good, and belongs to its office."""

from __future__ import annotations

from typing import Any

from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.references import check_reference
from services.correction.domain.errors import NotAPerson

SUPERVISED, RELEASED = "supervisedPersons", "releasedPersons"
_LABELS = {SUPERVISED: "社区矫正对象", RELEASED: "归正人员"}


def check_person(new: Any, old: Any, *collections: str) -> None:
    """Refuse a reference to nobody, to another kind of person, or to another one than before.

    Raises BadReference, NotAPerson, InvalidField.
    """
    collection = new.person.partition("/")[0]
    if collection in _LABELS and collection not in collections:
        raise NotAPerson("person", expected="、".join(_LABELS[name] for name in collections))
    check_reference("person", new.person, collection if collection in collections else collections[0])
    if old is not None and old.person != new.person:
        raise InvalidField("person", expected="不能改为他人,请删除后重新登记")


def check_office(new: Any, old: Any, person: Any) -> None:
    """Refuse an office that is not the person's; a record of an earlier office stays there. Raises InvalidField."""
    if old is not None and old.office == new.office:
        return
    if new.office not in {person.office, getattr(person, "residence_office", "")}:
        raise InvalidField("office", expected="须为该人员所属司法所")


def inherit(record: Any, person: Any) -> None:
    """Set what a record has from its person: the seal and, of a released one, the other office that lists it."""
    record.sealed = person.sealed
    if record.person.startswith(RELEASED):
        # What an office of a former residence has recorded is still the household's to know.
        record.second_office = person.residence_office if record.office == person.office else person.office


def file_on(before: Any, after: Any, on: Date) -> Any:
    """Return which of two files of one number a day belongs to: that under correction up to the day of release.

    `before` and `after`: the person under correction and the released one, or None. A day that is none belongs to
    the first.
    """
    if before is None or after is None:
        return before if after is None else after
    try:
        day, released = to_date(on), to_date(after.released_date)
    except ValueError:
        return before
    return after if day is not None and released is not None and day > released else before


def sealing(new: Any, old: Any) -> str:
    """Name the change of a person's record that sealed it or took the seal away; empty: it did neither."""
    if old is None or new.minor == old.minor:
        return ""
    return "sealed" if new.minor else "unsealed"
