"""Facilities of law publicity (普法阵地): where they stand, from when to when, and who looks after them."""

from __future__ import annotations

from datetime import date

from geju.publicity.v1 import facility_pb2 as pb

from services.chassis.contract import value_label
from services.chassis.domain.dates import add_months, to_date
from services.chassis.domain.errors import DateOrder, InvalidField
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, in_force
from services.chassis.domain.steps import put
from services.publicity.domain.errors import MarketRequired, NotInUse, PlaceRequired
from services.publicity.domain.places import uses

Facility = pb.Facility
#: A facility in use is inspected within so many months.
_INSPECT_MONTHS = 12
INSPECT = "publicity.inspect"
DUE_LABELS = {INSPECT: "阵地检查"}
_OF_A_PLACE = frozenset({pb.FACILITY_KIND_NOTICE_BOARD, pb.FACILITY_KIND_LAW_LIBRARY})


def check(new: Facility, _old: Facility | None, rules: Rules) -> None:
    """Guard a facility on every change: it stands where its kind stands.

    Raises BadReference, MarketRequired, PlaceRequired, DateOrder, InvalidField.
    """
    check_reference("market", new.market, "markets")
    check_span(new)
    if (new.kind == pb.FACILITY_KIND_GUIDE_BOARD) != bool(new.market):
        raise MarketRequired("market")
    if new.kind in _OF_A_PLACE and not new.place:
        raise PlaceRequired("place", kind=value_label(pb.FacilityKind.DESCRIPTOR.values_by_number[new.kind]))
    if new.kind == pb.FACILITY_KIND_COUNSELLING_STATION and new.office == rules.profile.code:
        raise InvalidField("office", expected="法制辅导站属于街道(乡镇),应填该街道(乡镇)的司法所")
    for field in ("inspected_date", "renewed_date"):
        _check_within(new, field)


def _check_within(facility: Facility, field: str) -> None:
    on, (first, last) = to_date(getattr(facility, field)), uses.span_of(facility)
    if on is not None and on < first:
        raise DateOrder(field, date=on, earliest=first)
    if on is not None and last is not None and on > last:
        raise InvalidField(field, expected=f"不晚于终止日期({last})")


def check_in_use(facility: Facility, field: str, on: date) -> None:
    """Refuse a facility that was not in use on a day. Raises NotInUse."""
    if not in_force(facility, on):
        raise NotInUse(field, date=on)


def touch(facility: Facility, on: date, *, renewed: bool) -> bool:
    """Record that somebody was at a facility, and whether its contents were renewed; tell whether that is news."""
    fields = ("inspected_date", "renewed_date") if renewed else ("inspected_date",)
    later = [field for field in fields if (to_date(getattr(facility, field)) or date.min) < on]
    for field in later:
        put(facility, field, on)
    return bool(later)


def dues(facility: Facility) -> list[tuple[date, str]]:
    """Return the day by which a facility is to be inspected again; none when its last day is set."""
    first, last = uses.span_of(facility)
    due = add_months(to_date(facility.inspected_date) or first, _INSPECT_MONTHS)
    return [] if last is not None else [(due, INSPECT)]
