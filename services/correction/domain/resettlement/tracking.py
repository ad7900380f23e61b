"""How long and how often a released person is looked after: five years, visits by class, fresh confirmations."""

from __future__ import annotations

from datetime import date, timedelta

from geju.correction.v1 import released_person_pb2 as pb

from services.chassis.domain.dates import add_months, to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.rules import Rules
from services.chassis.domain.supervision import Tracking
from services.correction.domain.resettlement.errors import NotRegistered

#: A youth is paired with helpers up to the year of this birthday.
_YOUTH = 25


def is_key(person: pb.ReleasedPerson, on: date) -> bool:
    """Tell whether a person is a key person on a day."""
    first, last = to_date(person.key_from_date), to_date(person.key_to_date)
    return first is not None and first <= on and (last is None or on <= last)


def _rule(on: date, field: str, rules: Rules) -> Tracking:
    try:
        return rules.profile.supervision.tracking(on)
    except LookupError as error:
        raise InvalidField(field, expected="区划档案在该日没有归正人员走访规则") from error


def visit_due(person: pb.ReleasedPerson, on: date, rules: Rules) -> date:
    """Return the last day for the next visit, counted from a day, by the class on that day. Raises InvalidField."""
    tracking = _rule(on, "visit_date", rules)
    return add_months(on, tracking.key_visit_months if is_key(person, on) else tracking.visit_months)


def confirmed_due(on: date, rules: Rules) -> date:
    """Return the last day on which a confirmation of a day is fresh. Raises InvalidField."""
    return on + timedelta(days=_rule(on, "visit_date", rules).confirmation_days)


def five_years_due(released: date, rules: Rules) -> date:
    """Return the last day on which a person released on a day is looked after. Raises InvalidField."""
    years = _rule(released, "released_date", rules).years
    return add_months(released, 12 * years) - timedelta(days=1)


def youth_due(person: pb.ReleasedPerson) -> date | None:
    """Return the last day under 25 as far as the year tells; None: not known, or past it before the release."""
    released = to_date(person.released_date)
    if not person.birth_year or released is None:
        return None
    due = date(person.birth_year + _YOUTH - 1, 12, 31)
    return due if due >= released else None


def check_on_books(person: pb.ReleasedPerson, field: str, on: date | None) -> None:
    """Refuse a day on which a person is not on the books: before linking up, or after closing. Raises NotRegistered."""
    days = [day for name in ("linked_date", "registered_date") if (day := to_date(getattr(person, name))) is not None]
    closed = to_date(person.closed_date)
    if on is not None and (not days or on < min(days) or (closed is not None and on > closed)):
        raise NotRegistered(field, date=on)
