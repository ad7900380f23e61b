"""Placements (安置) of released persons, from a day to a day."""

from __future__ import annotations

from datetime import date

from geju.correction.v1 import placement_pb2 as pb

from services.chassis.domain.dates import add_months, to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span
from services.correction.domain.subjects import RELEASED, check_person


def check(new: pb.Placement, old: pb.Placement | None, _rules: Rules) -> None:
    """Guard a placement on every change. Raises NotAPerson, BadReference, DateOrder, InvalidField."""
    check_person(new, old, RELEASED)
    check_reference("base", new.base, "resettlementBases")
    check_span(new)
    if (new.kind == pb.PLACEMENT_KIND_BASE) != bool(new.base):
        raise InvalidField("base", expected="安置在基地的须填基地,其他安置不填")


def six_months_due(placement: pb.Placement) -> date | None:
    """Return the day six months after the start: who still has the job then has kept it."""
    first = to_date(placement.from_date)
    return None if first is None else add_months(first, 6)
