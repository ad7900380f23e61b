"""Licences of firms and practitioners: in force from a day to a day, both inclusive."""

from __future__ import annotations

from datetime import date
from typing import Any

from geju.legalservices.v1 import firm_pb2, practitioner_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import overlap
from services.legalservices.domain.registers.errors import (
    FirmKindMismatch,
    NotLicensed,
    NotLicensedInYear,
    OutsideLicence,
)

Firm = firm_pb2.Firm
Span = tuple[date, date | None]
#: Law firms of every kind.
LAW_FIRMS = frozenset(
    {firm_pb2.FIRM_KIND_PARTNERSHIP, firm_pb2.FIRM_KIND_INDIVIDUAL, firm_pb2.FIRM_KIND_OUTSIDE_BRANCH}
)
GRASSROOTS = frozenset({firm_pb2.FIRM_KIND_GRASSROOTS})
NOTARIES = frozenset({firm_pb2.FIRM_KIND_NOTARY_OFFICE})
#: What an organisation of each of these kinds is called.
LABELS = {LAW_FIRMS: "律师事务所", GRASSROOTS: "基层法律服务所", NOTARIES: "公证处"}
#: Where a practitioner of a kind works.
EMPLOYERS = {
    practitioner_pb2.PRACTITIONER_KIND_LAWYER: LAW_FIRMS,
    practitioner_pb2.PRACTITIONER_KIND_GRASSROOTS: GRASSROOTS,
    practitioner_pb2.PRACTITIONER_KIND_NOTARY: NOTARIES,
}
OPEN = "今"


def span_of(record: Any, first: str = "licensed_from_date", last: str = "licensed_to_date") -> Span:
    """Return the days of a licence, or of anything else from a day to a day."""
    begins = to_date(getattr(record, first))
    assert begins is not None, "the contract requires the first day"
    return begins, to_date(getattr(record, last))


def licensed_on(record: Any, on: date) -> bool:
    """Tell whether a firm or practitioner is licensed on a day."""
    return overlap(*span_of(record), on, on)


def check_licensed(record: Any, field: str, on: date) -> None:
    """Refuse a day on which a firm or practitioner is not licensed. Raises NotLicensed."""
    if not licensed_on(record, on):
        raise NotLicensed(field, subject=called(record), date=on)


def check_licensed_in(record: Any, year: int) -> None:
    """Refuse a year in which a firm or practitioner was never licensed. Raises NotLicensedInYear."""
    if not overlap(*span_of(record), date(year, 1, 1), date(year, 12, 31)):
        raise NotLicensedInYear("year", subject=called(record), year=year)


def within(span: Span, licence: Span) -> bool:
    """Tell whether every day of a span is one of a licence; an open span lies in an open licence only."""
    (first, last), (begins, ends) = span, licence
    return begins <= first and (ends is None or (last is not None and last <= ends))


def check_within(span: Span, firm: Firm, first: str, last: str) -> None:
    """Refuse a span that is not within a firm's licence, naming its field that is not. Raises OutsideLicence."""
    licence = span_of(firm)
    if not within(span, licence):
        field = first if span[0] < licence[0] else last
        raise OutsideLicence(field, first=licence[0], last=licence[1] or OPEN)


def check_kind(firm: Firm, field: str, *permitted: frozenset[firm_pb2.FirmKind.ValueType]) -> None:
    """Refuse an organisation of another kind. Raises FirmKindMismatch."""
    if not any(firm.kind in kinds for kinds in permitted):
        raise FirmKindMismatch(field, expected="或".join(LABELS[kinds] for kinds in permitted))


def same_family(kind: firm_pb2.FirmKind.ValueType, other: firm_pb2.FirmKind.ValueType) -> bool:
    """Tell whether two kinds of organisation employ the same kind of practitioner."""
    return any(kind in kinds and other in kinds for kinds in LABELS)


def check_unit(record: Any, old: Any, owner: Any, rules: Rules) -> None:
    """Refuse a record of a unit that is neither the office of the firm or practitioner nor the bureau.

    Raises InvalidField.
    """
    if (old is None or old.office != record.office) and record.office not in {owner.office, rules.profile.code}:
        expected = f"应为{called(owner)}所属司法所“{owner.office}”,或区局“{rules.profile.code}”"
        raise InvalidField("office", expected=expected)


def called(record: Any) -> str:
    """Return how messages call a firm or practitioner: not by name."""
    return "该机构" if isinstance(record, Firm) else "该执业人员"
