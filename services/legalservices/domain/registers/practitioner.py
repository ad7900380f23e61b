"""Practitioners (执业人员): one licence, one record, from the first day in the district to the last."""

from __future__ import annotations

from datetime import date, timedelta

from geju.legalservices.v1 import firm_pb2
from geju.legalservices.v1 import practitioner_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import AlreadyRecorded, DateOrder, InvalidField
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, in_force
from services.chassis.domain.steps import day, put
from services.legalservices.domain.registers.errors import OtherFirm, SameFirm
from services.legalservices.domain.registers.firm import is_closed, term_of
from services.legalservices.domain.registers.licence import (
    EMPLOYERS,
    check_kind,
    check_licensed,
    check_within,
    licensed_on,
    span_of,
)

Practitioner = pb.Practitioner
#: What transfers and ends of licences record.
STEP_FIELDS = ("firm", "licensed_to_date", "end_ground")
#: What decides whether a practitioner fits the firm.
_FITTING = ("firm", "kind", "office", "licensed_from_date", "licensed_to_date")


def check(new: Practitioner, _old: Practitioner | None, _rules: Rules) -> None:
    """Guard a practitioner on every change; earlier stays follow it. Raises BadReference, DateOrder, InvalidField."""
    check_reference("firm", new.firm, "firms")
    check_span(new, "licensed_from_date", "licensed_to_date")
    if is_closed(new) != bool(new.end_ground):
        raise InvalidField("end_ground", expected="执业终止日期和终止事由须同时填写")
    first, licensed = to_date(new.first_practised_date), to_date(new.licensed_from_date)
    if first is not None and licensed is not None and licensed < first:
        raise DateOrder("licensed_from_date", date=licensed, earliest=first)
    _follow_terms(new)


def _follow_terms(new: Practitioner) -> None:
    """Let the first stay begin with the licence; one that a correction took the practitioner back to is none.

    Raises DateOrder.
    """
    if new.former_terms and new.former_terms[-1].firm == new.firm:
        new.former_terms.pop()
    if not new.former_terms:
        return
    first, (begins, ends) = new.former_terms[0], span_of(new)
    left, moved = to_date(first.to_date), term_of(new)[0]
    if left is not None and left < begins:
        raise DateOrder("former_terms[0].to_date", date=left, earliest=begins)
    if ends is not None and ends < moved:
        raise DateOrder("licensed_to_date", date=ends, earliest=moved)
    first.from_date.CopyFrom(new.licensed_from_date)


def changed_fit(new: Practitioner, old: Practitioner | None) -> bool:
    """Tell whether a change has to be looked at together with the firm."""
    return old is None or any(getattr(new, name) != getattr(old, name) for name in _FITTING)


def check_firm(practitioner: Practitioner, firm: firm_pb2.Firm) -> None:
    """Refuse a firm of another kind, days beyond its licence, and another office than its own.

    Raises FirmKindMismatch, OutsideLicence, InvalidField.
    """
    check_kind(firm, "firm", EMPLOYERS[practitioner.kind])
    check_within(term_of(practitioner), firm, "licensed_from_date", "licensed_to_date")
    if practitioner.office != firm.office:
        raise InvalidField("office", expected=f"应为执业机构所属司法所“{firm.office}”")


def transfer(practitioner: Practitioner, firm: firm_pb2.Firm, on: Date, rules: Rules) -> date:
    """Move a practitioner to another firm and its office from a day on.

    Raises NotLicensed, SameFirm, FirmKindMismatch, OutsideLicence, DateOrder, FutureDate.
    """
    if firm.name == practitioner.firm:
        raise SameFirm("firm")
    begins, _ = term_of(practitioner)
    first = rules.past("from_date", on) or rules.today
    check_licensed(practitioner, "from_date", first)
    if first <= begins:
        raise DateOrder("from_date", date=first, earliest=begins + timedelta(days=1))
    stay = practitioner.former_terms.add(firm=practitioner.firm)
    put(stay, "from_date", begins)
    put(stay, "to_date", first - timedelta(days=1))
    practitioner.firm, practitioner.office = firm.name, firm.office
    check_kind(firm, "firm", EMPLOYERS[practitioner.kind])
    check_within(term_of(practitioner), firm, "from_date", "from_date")
    return first


def end(practitioner: Practitioner, on: Date, ground: pb.LicenceEndGround.ValueType, rules: Rules) -> date:
    """End a licence. Raises AlreadyRecorded, DateOrder, FutureDate."""
    if is_closed(practitioner):
        raise AlreadyRecorded("licensed_to_date")
    last = day(rules, "licensed_to_date", on)
    begins, _ = term_of(practitioner)
    if last < begins:
        raise DateOrder("licensed_to_date", date=last, earliest=begins)
    put(practitioner, "licensed_to_date", last)
    practitioner.end_ground = ground
    return last


def firm_on(practitioner: Practitioner, on: date) -> str:
    """Return the firm that a practitioner works for on a day, "firms/{uuid}"; empty when not licensed."""
    return firm_by(practitioner, on) if licensed_on(practitioner, on) else ""


def firm_by(practitioner: Practitioner, on: date) -> str:
    """Return the firm of a practitioner on a day, licensed or not; the present one when no former stay holds then."""
    return next((term.firm for term in practitioner.former_terms if in_force(term, on)), practitioner.firm)


def check_firm_on(practitioner: Practitioner, firm: str, field: str, on: date) -> None:
    """Refuse a practitioner who is not licensed, or with another firm, on a day. Raises NotLicensed, OtherFirm."""
    check_licensed(practitioner, field, on)
    if firm_on(practitioner, on) != firm:
        raise OtherFirm(field, date=on)
