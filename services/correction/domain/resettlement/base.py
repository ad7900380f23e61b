"""Bases (基地) with their places, and the stays that take them, from a day to a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from geju.correction.v1 import base_stay_pb2, resettlement_base_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, overlap
from services.correction.domain.resettlement.errors import BaseFull, BaseUsed, StaysAfterEnd
from services.correction.domain.subjects import RELEASED, SUPERVISED, check_person

Base = resettlement_base_pb2.ResettlementBase
Stay = base_stay_pb2.BaseStay
Span = tuple[date, date | None]


def check(new: Base, _old: Base | None, _rules: Rules) -> None:
    """Guard a base on every change. Raises DateOrder, InvalidField."""
    check_span(new)


def check_stay(new: Stay, old: Stay | None, _rules: Rules) -> None:
    """Guard a stay on every change. Raises NotAPerson, BadReference, DateOrder."""
    check_reference("base", new.base, "resettlementBases")
    check_person(new, old, RELEASED, SUPERVISED)
    check_span(new)


def check_room(base: Base, stays: Collection[Span]) -> None:
    """Refuse more stays on a day than a base has places. Raises BaseFull.

    The number taken grows only on first days, so these are the days to look at.
    """
    for first, _ in sorted(stays, key=lambda span: span[0]):
        if sum(begins <= first and (ends is None or first <= ends) for begins, ends in stays) > base.places:
            raise BaseFull("base", places=base.places, date=first)


def check_end(base: Base, stays: Collection[Span]) -> None:
    """Refuse to end a base before those who stay in it have left. Raises StaysAfterEnd."""
    ends = to_date(base.to_date)
    if ends is not None and any(last is None or last > ends for _, last in stays):
        raise StaysAfterEnd("to_date", date=ends)


def check_unused(field: str, stays: Collection[Span]) -> None:
    """Refuse to delete a base that somebody stays or stayed in, or to make another kind of it. Raises BaseUsed."""
    if stays:
        raise BaseUsed(field, stays=len(stays))


def span_of(stay: Any) -> Span:
    """Return the days of a stay, or of anything else from a day to a day."""
    first = to_date(stay.from_date)
    assert first is not None, "the contract requires the first day"
    return first, to_date(stay.to_date)


def during(stays: Collection[Span], span: Span) -> list[Span]:
    """Return the stays that share a day with a span."""
    return [stay for stay in stays if overlap(*span, *stay)]
