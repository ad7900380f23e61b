"""Firms (法律服务机构): licensed from a day to a day, closed when nobody practises there any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from geju.legalservices.v1 import firm_pb2, firm_status_pb2
from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import AlreadyRecorded, InvalidField
from services.chassis.domain.references import check_reference, uuid_of
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, overlap
from services.chassis.domain.steps import day, put
from services.legalservices.domain.registers.errors import FirmInUse, FirmServes, StatusTaken
from services.legalservices.domain.registers.licence import span_of, within

Firm = firm_pb2.Firm
Status = firm_status_pb2.FirmStatus
#: What closing records.
STEP_FIELDS = ("licensed_to_date",)
#: Of what stands in the way so many are named.
MOST_NAMED = 10


def check(new: Firm, _old: Firm | None, _rules: Rules) -> None:
    """Guard a firm on every change. Raises DateOrder, InvalidField."""
    check_span(new, "licensed_from_date", "licensed_to_date")
    if new.home_city and new.kind != firm_pb2.FIRM_KIND_OUTSIDE_BRANCH:
        raise InvalidField("home_city", expected="仅外地律师事务所分所填写总所所在地,其他机构不填")


def is_closed(firm: Any) -> bool:
    """Tell whether the licence of a firm or practitioner has ended."""
    return bool(firm.HasField("licensed_to_date"))


def close(firm: Firm, on: Date, rules: Rules) -> date:
    """End the licence of a firm. Raises AlreadyRecorded, DateOrder, FutureDate."""
    if is_closed(firm):
        raise AlreadyRecorded("licensed_to_date")
    last = day(rules, "licensed_to_date", on, firm.licensed_from_date)
    put(firm, "licensed_to_date", last)
    return last


def check_members(firm: Firm, people: Collection[Any], statuses: Collection[Any]) -> None:
    """Refuse a licence that does not cover those who practise at the firm, and its statuses. Raises FirmInUse."""
    licence = span_of(firm)
    outside = [
        sum(not within(span, licence) for span in spans)
        for spans in (map(term_of, people), (span_of(status, "from_date", "to_date") for status in statuses))
    ]
    if any(outside):
        raise FirmInUse("licensed_to_date", people=outside[0], statuses=outside[1])


def check_services(firm: Firm, services: Iterable[Any]) -> None:
    """Refuse a licence that does not cover a firm's counsel contracts and pairings, naming which. Raises FirmServes."""
    licence = span_of(firm)
    outside = {one.name: one for one in services if not within(span_of(one, "from_date", "to_date"), licence)}
    if outside:
        numbers = sorted(one.key or uuid_of(one.name)[-12:] for one in outside.values())
        shown = "、".join(numbers[:MOST_NAMED]) + ("等" if len(numbers) > MOST_NAMED else "")
        raise FirmServes("licensed_to_date", count=len(numbers), numbers=shown)


def term_of(practitioner: Any) -> tuple[date, date | None]:
    """Return the days of a practitioner's stay with the present firm."""
    first, last = span_of(practitioner)
    if practitioner.former_terms:
        first = add_day(to_date(practitioner.former_terms[-1].to_date)) or first
    return first, last


def add_day(on: date | None, days: int = 1) -> date | None:
    """Return the day after; None for none."""
    return None if on is None else date.fromordinal(on.toordinal() + days)


def check_status(new: Status, _old: Status | None, _rules: Rules) -> None:
    """Guard a status on every change. Raises BadReference, DateOrder."""
    check_reference("firm", new.firm, "firms")
    check_span(new)


def check_status_alone(status: Status, others: Iterable[Status]) -> None:
    """Refuse the same status of a firm twice on a day. Raises StatusTaken."""
    span = span_of(status, "from_date", "to_date")
    for other in others:
        theirs = span_of(other, "from_date", "to_date")
        if other.kind == status.kind and overlap(*span, *theirs):
            raise StatusTaken("from_date", since=theirs[0])
