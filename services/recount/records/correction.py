"""Records of correction and resettlement: what figures rest on that no record says by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from geju.correction.v1 import measure_pb2 as mp

from services.recount.limits import in_force, later, limit
from services.recount.records.dates import day_of, set_to

#: The last birthday of a youth, in years.
_YOUNG = 24


def _interval(person: Any, day: date, tracking: Any) -> int:
    """Return the months until the next visit by the class of a person on a day."""
    since, last = day_of(person, "key_from_date"), day_of(person, "key_to_date")
    key = since is not None and since <= day <= (last or date.max)
    return int(tracking.key_visit_months if key else tracking.visit_months)


def _visit_due(person: Any, day: date | None, profile: Any) -> date | None:
    """Return the last day for the visit after a day."""
    tracking = None if day is None else in_force(profile.supervision.trackings, day)
    return None if tracking is None or day is None else later(day, months=_interval(person, day, tracking))


def _supervised_person(record: Any, facts: Any, _: Any, profile: Any) -> None:
    if not record.HasField("report_due_date"):  # as ordered
        set_to(facts, "report_due", limit(profile, "correction.report", day_of(record, "judgment_date")))


def _absconding(record: Any, facts: Any, _: Any, profile: Any) -> None:
    set_to(facts, "unknown_due", limit(profile, "correction.unknown", day_of(record, "from_date")))


def _duty(record: Any, facts: Any, _: Any, __: Any) -> None:
    set_to(facts, "met_due", day_of(record, "due_date"))


def _of_whom(record: Any, facts: Any, _: Any, __: Any) -> None:
    facts.released = record.person.startswith("releasedPersons/")


def _measure(_: Any, facts: Any, __: Any, ___: Any) -> None:
    if facts.state == mp.Measure.STATE_REJECTED:
        facts.ClearField("decided_date")


def _released_person(record: Any, facts: Any, _: Any, profile: Any) -> None:
    released, registered = day_of(record, "released_date"), day_of(record, "registered_date")
    facts.second_office = record.residence_office
    set_to(facts, "link_due", limit(profile, "resettlement.link", released))
    tracking = None if released is None else in_force(profile.supervision.trackings, released)
    if tracking is not None and released is not None:
        set_to(facts, "five_years_due", later(released, months=tracking.years * 12, days=-1))
    set_to(facts, "first_visit_due", _visit_due(record, registered, profile))
    last_young = date(record.birth_year + _YOUNG, 12, 31) if record.birth_year else None
    if last_young is not None and released is not None and last_young >= released:
        set_to(facts, "youth_due", last_young)


def _helping_agreement(record: Any, facts: Any, _: Any, __: Any) -> None:
    facts.helpers = len(record.helpers)


def _released_visit(record: Any, facts: Any, store: Any, profile: Any) -> None:
    visited, person = day_of(record, "visit_date"), store.get("released_person", {}).get(facts.person)
    if person is not None:
        set_to(facts, "next_visit_due", _visit_due(person, visited, profile))
    tracking = None if visited is None else in_force(profile.supervision.trackings, visited)
    if record.confirmed and tracking is not None and visited is not None:
        set_to(facts, "confirmed_due", later(visited, days=tracking.confirmation_days))


def _placement(record: Any, facts: Any, _: Any, __: Any) -> None:
    since = day_of(record, "from_date")
    set_to(facts, "six_months_due", None if since is None else later(since, months=6))


def _base_stay(_: Any, facts: Any, store: Any, __: Any) -> None:
    base = store.get("resettlement_base", {}).get(facts.base)
    if base is not None:
        facts.kind = base.kind


FOLLOWING: Mapping[str, Callable[[Any, Any, Any, Any], None]] = {
    "absconding": _absconding,
    "supervised_person": _supervised_person,
    "duty": _duty,
    "new_offence": _of_whom,
    "help_act": _of_whom,
    "measure": _measure,
    "released_person": _released_person,
    "helping_agreement": _helping_agreement,
    "released_visit": _released_visit,
    "placement": _placement,
    "base_stay": _base_stay,
}
