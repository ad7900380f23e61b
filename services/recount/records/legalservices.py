"""Records of legal services: what figures rest on that no record says by itself.

Last days, days taken and numbers of people are worked out once more from what was recorded, not from the limits that
the service has put into the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from geju.legalservices.v1 import complaint_pb2 as cp

from services.recount.limits import DAY, Pause, is_workday, last_day, limit, rule_of
from services.recount.records.dates import day_of, set_to

#: Whom complaints are sealed about.
_OWN = {cp.RESPONDENT_KIND_BUREAU_STAFF, cp.RESPONDENT_KIND_JUDICIAL_OFFICE}


def _complaint(record: Any, facts: Any, _: Any, profile: Any) -> None:
    spans = [(day_of(pause, "from_date"), day_of(pause, "to_date")) for pause in record.pauses]
    pauses = [(first, until) for first, until in spans if first is not None]
    set_to(facts, "accept_due", _accept_due(record, pauses, profile))
    conclude_due = _conclude_due(record, pauses, profile)
    set_to(facts, "conclude_due", conclude_due)
    ends = [day for day in (day_of(record, "concluded_date"), conclude_due) if day is not None]
    owed = record.HasField("accepted_date") and ends
    set_to(facts, "answer_due", limit(profile, "legalservices.answer", min(ends)) if owed else None)
    received, answered = day_of(record, "received_date"), day_of(record, "answered_date")
    if received is not None and answered is not None:
        facts.days = (answered - received).days - sum((until - first).days for first, until in pauses if until)
    facts.transferred_in = record.channel in {cp.COMPLAINT_CHANNEL_PETITION_OFFICE, cp.COMPLAINT_CHANNEL_TRANSFERRED}
    facts.sealed = record.respondent_kind in _OWN


def _accept_due(record: Any, pauses: Sequence[Pause], profile: Any) -> date | None:
    """Return the last day to decide on acceptance; None while a supplement is awaited, or withdrawn by then."""
    ways = ("accepted_date", "refused_date", "transferred_date")
    given_up = None if any(record.HasField(way) for way in ways) else day_of(record, "concluded_date")
    accepted, received = day_of(record, "accepted_date"), day_of(record, "received_date")
    before = [one for one in pauses if accepted is None or (one[1] is not None and one[1] <= accepted)]
    due = _due(profile, "legalservices.accept", received, before)
    return None if given_up is not None and due is not None and given_up <= due else due


def _conclude_due(record: Any, pauses: Sequence[Pause], profile: Any) -> date | None:
    """Return the last day to conclude; None while a supplement is awaited."""
    accepted, extended = day_of(record, "accepted_date"), day_of(record, "extended_date")
    after = [one for one in pauses if accepted is not None and not (one[1] is not None and one[1] <= accepted)]
    due = _due(profile, "legalservices.conclude", accepted, after)
    longer = rule_of(profile, "legalservices.conclude_extension", extended)
    return due if due is None or longer is None else last_day(longer, due)


def _due(profile: Any, rule_id: str, start: date | None, pauses: Sequence[Pause]) -> date | None:
    """Return a last day, later by as many days as the clock stood still, be it after that day."""
    rule = rule_of(profile, rule_id, start)
    if rule is None or start is None or any(until is None for _, until in pauses):
        return None
    due, working = last_day(rule, start), rule.unit == "working_days"
    for day in _stood_still(start, pauses):
        if due is not None and (is_workday(day) or not working):
            due = _next(due, working=working)
    return due


def _next(day: date, *, working: bool) -> date:
    """Return the day after, or the working day after."""
    day += DAY
    while working and not is_workday(day):
        day += DAY
    return day


def _stood_still(start: date, pauses: Sequence[Pause]) -> set[date]:
    """Return the days after the first on which a clock stood still; the day on which it goes on counts."""
    spans = [(max(first, start + DAY), until) for first, until in pauses if until is not None]
    return {first + n * DAY for first, until in spans for n in range((until - first).days)}


def _sanction(_: Any, facts: Any, store: Any, __: Any) -> None:
    complaint = store.get("complaint", {}).get(facts.complaint)
    if complaint is not None:
        facts.sealed = complaint.respondent_kind in _OWN


def _lawyers(record: Any, facts: Any, _: Any, __: Any) -> None:
    facts.lawyers = len(record.practitioners)


def _event(record: Any, facts: Any, _: Any, __: Any) -> None:
    facts.practitioners = len(record.practitioners)


FOLLOWING: Mapping[str, Callable[[Any, Any, Any, Any], None]] = {
    "complaint": _complaint,
    "sanction": _sanction,
    "advised_matter": _lawyers,
    "leader_visit": _lawyers,
    "service_event": _event,
}
