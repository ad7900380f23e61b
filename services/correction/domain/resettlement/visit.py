"""Visits to released persons (走访): what is due after them follows from the person's class on their day."""

from __future__ import annotations

from geju.correction.v1 import released_person_pb2, released_visit_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import put
from services.correction.domain.resettlement import tracking
from services.correction.domain.subjects import RELEASED, check_person

Visit = released_visit_pb2.ReleasedVisit


def check(new: Visit, old: Visit | None, _rules: Rules) -> None:
    """Guard a visit on every change. Raises NotAPerson, BadReference."""
    check_person(new, old, RELEASED)


def follow(visit: Visit, person: released_person_pb2.ReleasedPerson, rules: Rules) -> None:
    """Set the day for the next visit, and until when a confirmation is fresh."""
    on = to_date(visit.visit_date)
    assert on is not None, "the contract requires the day"
    put(visit, "next_visit_due_date", tracking.visit_due(person, on, rules))
    put(visit, "confirmed_due_date", tracking.confirmed_due(on, rules) if visit.confirmed else None)
