"""Records in force from a day to a day, and the places they hold for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol

from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder, InvalidField, NotInForce, SpanTaken
from services.chassis.domain.rules import Rules


class Valid(Protocol):
    """A record in force from a day to a day."""

    @property
    def from_date(self) -> Date:
        """First day in force."""

    @property
    def to_date(self) -> Date:
        """Last day in force; empty: still in force."""


def check_span(record: Any, first: str = "from_date", last: str = "to_date") -> None:
    """Refuse a span that ends before it begins, or ends without beginning. Raises DateOrder, InvalidField."""
    begins, ends = to_date(getattr(record, first)), to_date(getattr(record, last))
    if ends is None:
        return
    if begins is None:
        raise InvalidField(first, expected="填写终止日期时须填起始日期")
    if ends < begins:
        raise DateOrder(last, date=ends, earliest=begins)


def in_force(record: Valid, on: date) -> bool:
    """Tell whether a record is in force on a day."""
    first, last = to_date(record.from_date), to_date(record.to_date)
    return first is not None and first <= on and (last is None or on <= last)


def check_in_force(record: Valid, field: str, on: date) -> None:
    """Refuse what was not in force on a day. Raises NotInForce."""
    if not in_force(record, on):
        raise NotInForce(field, date=on)


def overlap(first: date, last: date | None, other_first: date, other_last: date | None) -> bool:
    """Tell whether two spans of days share a day; None: without end."""
    return (other_last is None or first <= other_last) and (last is None or other_first <= last)


def check_only_span(new: Any, others: Iterable[Any], first: str = "from_date") -> None:
    """Refuse a record in force on a day on which another of the office is. Raises SpanTaken."""
    begins, ends = to_date(getattr(new, first)), to_date(new.to_date)
    if begins is None:
        return
    for other in others:
        since = to_date(getattr(other, first))
        if since is not None and overlap(begins, ends, since, to_date(other.to_date)):
            raise SpanTaken(first, since=since)


def check_places(rules: Rules, office: str, places: Iterable[str]) -> None:
    """Refuse places that are not the office's or are named twice; the district has all. Raises UnknownPlace."""
    within = "" if office == rules.profile.code else office
    seen: set[str] = set()
    for place in places:
        rules.profile.place(place, within)
        if place in seen:
            raise InvalidField("places", expected="同一村居只能填一次")
        seen.add(place)
