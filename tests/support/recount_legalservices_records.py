"""Records of legal services as the service keeps them: what figures rest on that no record says by itself.

Last days, days taken and numbers of people are worked out once more from what was recorded, not from the limits that
the service has put into the record. Lengths are those of the demonstration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import chinese_calendar
from geju.legalservices.v1 import complaint_pb2 as cp

from tests.support.recount import DAY, Store, day_of

Pause = tuple[date, date | None]
DECIDE, ANSWER = 5, 5  # working days
CONCLUDE, EXTENSION = 60, 30  # days
_SATURDAY = 5


def _complaint(record: Any, facts: Any, _: Store, profile: Any) -> None:
    known = {rule.id: (rule.length, rule.unit) for rule in profile.limits if rule.id.startswith("legalservices.")}
    assert known["legalservices.accept"] == (DECIDE, "working_days") == known["legalservices.answer"], known
    assert known["legalservices.conclude"] == (CONCLUDE, "days"), known
    assert known["legalservices.conclude_extension"] == (EXTENSION, "days"), known
    for name in ("accept_due", "conclude_due", "answer_due"):  # of them the record itself says one
        facts.ClearField(name)
    pauses = [(day_of(pause, "from_date"), day_of(pause, "to_date")) for pause in record.pauses]
    _put(facts, "accept_due", _accept_due(record, pauses))
    conclude_due = _conclude_due(record, pauses)
    _put(facts, "conclude_due", conclude_due)
    ends = [day for day in (day_of(record, "concluded_date"), conclude_due) if day is not None]
    if record.HasField("accepted_date") and ends:
        _put(facts, "answer_due", _working(min(ends), ANSWER))
    received, answered = day_of(record, "received_date"), day_of(record, "answered_date")
    if received is not None and answered is not None:
        facts.days = (answered - received).days - sum((until - first).days for first, until in pauses if until)
    facts.transferred_in = record.channel in {cp.COMPLAINT_CHANNEL_PETITION_OFFICE, cp.COMPLAINT_CHANNEL_TRANSFERRED}
    facts.sealed = record.respondent_kind in {cp.RESPONDENT_KIND_BUREAU_STAFF, cp.RESPONDENT_KIND_JUDICIAL_OFFICE}


def _accept_due(record: Any, pauses: Sequence[Pause]) -> date | None:
    """Return the last day to decide on acceptance; None while a supplement is awaited or if it was withdrawn before."""
    ways = ("accepted_date", "refused_date", "transferred_date")
    if not any(record.HasField(way) for way in ways) and record.HasField("concluded_date"):
        return None
    accepted, received = day_of(record, "accepted_date"), day_of(record, "received_date")
    before = [one for one in pauses if accepted is None or (one[1] is not None and one[1] <= accepted)]
    if received is None or any(until is None for _, until in before):
        return None
    stood = sum(_works(day) for day in _stood_still(received, before))
    return _working(received, DECIDE + stood)


def _conclude_due(record: Any, pauses: Sequence[Pause]) -> date | None:
    """Return the last day to conclude; None while a supplement is awaited."""
    accepted = day_of(record, "accepted_date")
    after = [one for one in pauses if accepted is not None and not (one[1] is not None and one[1] <= accepted)]
    if accepted is None or any(until is None for _, until in after):
        return None
    length = CONCLUDE + (EXTENSION if record.HasField("extended_date") else 0)
    return accepted + (length + len(_stood_still(accepted, after))) * DAY


def _stood_still(start: date, pauses: Sequence[Pause]) -> set[date]:
    """Return the days after the first on which a clock stood still; the day on which it goes on counts."""
    spans = [(max(first, start + DAY), until) for first, until in pauses if until is not None]
    return {first + n * DAY for first, until in spans for n in range((until - first).days)}


def _works(day: date) -> bool:
    """Tell whether offices work on a day."""
    return bool(chinese_calendar.is_workday(day)) if day.year > 2003 else day.weekday() < _SATURDAY


def _working(day: date, count: int) -> date:
    """Return the so many-th working day after a day."""
    while count:
        day += DAY
        count -= int(_works(day))
    return day


def _put(facts: Any, field: str, day: date | None) -> None:
    if day is not None:
        where = getattr(facts, field)
        where.year, where.month, where.day = day.year, day.month, day.day


def _sanction(record: Any, facts: Any, store: Store, _: Any) -> None:
    complaint = store.get("complaint", {}).get(facts.complaint)
    if complaint is not None:
        facts.sealed = complaint.respondent_kind in {
            cp.RESPONDENT_KIND_BUREAU_STAFF,
            cp.RESPONDENT_KIND_JUDICIAL_OFFICE,
        }


def _lawyers(record: Any, facts: Any, _: Store, __: Any) -> None:
    facts.lawyers = len(record.practitioners)


def _event(record: Any, facts: Any, _: Store, __: Any) -> None:
    facts.practitioners = len(record.practitioners)


FOLLOWING: Mapping[str, Callable[[Any, Any, Store, Any], None]] = {
    "complaint": _complaint,
    "sanction": _sanction,
    "advised_matter": _lawyers,
    "leader_visit": _lawyers,
    "service_event": _event,
}
