"""Periods of electronic positioning (电子定位), each approved by itself and not longer than the rule permits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from geju.correction.v1 import positioning_pb2, supervised_person_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, overlap
from services.correction.domain.errors import NotUnderCorrection
from services.correction.domain.subjects import SUPERVISED, check_person
from services.correction.domain.supervision import lifecycle
from services.correction.domain.supervision.errors import DaysTaken, OutsideTerm, TooLong

Positioning = positioning_pb2.Positioning
LENGTH = "correction.positioning"

#: A period that ends: to go on it needs an approval of its own.
END_DUE = "correction.positioning_end"
DUE_LABELS = {END_DUE: "电子定位届满"}


def dues(period: Positioning) -> list[tuple[date, str]]:
    """Return the last day of a period."""
    due = to_date(period.to_date)
    return [] if due is None else [(due, END_DUE)]


def check(new: Positioning, old: Positioning | None, rules: Rules) -> None:
    """Guard a period on every change. Raises NotAPerson, DateOrder, TooLong."""
    check_person(new, old, SUPERVISED)
    check_span(new)
    approved, first, last = (to_date(getattr(new, name)) for name in ("approved_date", "from_date", "to_date"))
    if first is None or last is None:
        return
    if approved is not None and first < approved:
        raise DateOrder("from_date", date=first, earliest=approved)
    rule = rules.profile.limit_rule(LENGTH, first)
    # A period of three months from 1 March lasts until 31 May.
    longest = None if rule is None else rule.end(first) - timedelta(days=1)
    if longest is not None and last > longest:
        raise TooLong("to_date", last=longest)


def check_person_and_others(
    period: Positioning, person: supervised_person_pb2.SupervisedPerson, others: Iterable[Positioning]
) -> None:
    """Refuse a period outside the term or beside another. Raises NotUnderCorrection, OutsideTerm, DaysTaken."""
    first, last, end = to_date(period.from_date), to_date(period.to_date), lifecycle.last_day(person)
    assert first is not None, "the contract requires the first day"
    if not lifecycle.supervised_on(person, first):
        raise NotUnderCorrection("from_date", date=first)
    if last is not None and last > end:
        raise OutsideTerm("to_date", date=last, last=end)
    for other in others:
        since = to_date(other.from_date)
        if since is not None and overlap(first, last, since, to_date(other.to_date)):
            raise DaysTaken("from_date", since=since)


def lasts(period: Positioning, on: date) -> bool:
    """Tell whether a period runs on a day or is still to come."""
    last = to_date(period.to_date)
    return last is None or on <= last
