"""Records of legal aid as the service keeps them: what figures rest on that no record says by itself.

Last days and days taken are worked out once more from what was recorded, day by day, not from the limits that the
service has put into the record. Lengths are those of the demonstration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import chinese_calendar
from geju.legalaid.v1 import aid_case_pb2 as ap

from services.chassis.domain.dates import from_date
from tests.support.recount import DAY, Store, day_of

NOTIFIED = {ap.AID_PATH_NOTIFIED_DEFENCE, ap.AID_PATH_NOTIFIED_REPRESENTATION}
#: Until when the regulation and after it the province's rule gave working days; the law since gives days.
REGULATION, PROVINCE = date(2015, 12, 31), date(2021, 12, 31)
ASSIGN, RETURN_FILE = 3, 15  # days


def _aid_case(record: Any, facts: Any, _: Store, __: Any) -> None:
    received, decided, granted = (day_of(record, f"{step}_date") for step in ("received", "decided", "granted"))
    facts.through_green_channel = bool(record.green_channel)
    # A refusal that was not overturned grants nothing.
    overturned = record.objection_outcome == ap.OBJECTION_OUTCOME_OVERTURNED
    facts.eligible = granted is not None and (not record.refusal_ground or overturned)
    _former(record, facts)
    if received is not None and record.path not in NOTIFIED:
        _put(facts, "review_due", _review_due(record, received))
        if decided is not None:
            waited = sum((came - asked).days for asked, came in _pauses(record) if came is not None)
            facts.review_days = max((decided - received).days - waited, 0)
    if granted is not None:
        ended, due = day_of(record, "ended_date"), granted + ASSIGN * DAY
        given_up = ended is not None and ended <= due and not record.HasField("first_assigned_date")
        _put(facts, "assign_due", None if given_up else due)
    closed = day_of(record, "closed_date")
    _put(facts, "file_due", None if closed is None else closed + RETURN_FILE * DAY)


def _former(record: Any, facts: Any) -> None:
    """Say who had the case before and when: one at a time, from a change to the next."""
    for field in ("former_practitioner", "former_from_date", "former_until_date"):
        facts.ClearField(field)
    provided, since = day_of(record, "provided_date"), day_of(record, "first_assigned_date")
    for number, former in enumerate(record.former_handlers):
        since = (not number and provided) or day_of(former, "assigned_date") or since
        until = day_of(former, "until_date")
        facts.former_practitioner.append(former.practitioner.rpartition("/")[2])
        facts.former_from_date.append(from_date(since))
        facts.former_until_date.append(from_date(until))
        since = until


def _review_due(record: Any, received: date) -> date | None:
    """Count the days of review one by one; those on which a supplement is awaited do not count."""
    left, working = _length(record, received)
    day = received
    while left:
        day += DAY
        pause = next((one for one in _pauses(record) if one[0] <= day and (one[1] is None or day < one[1])), None)
        if pause is not None and pause[1] is None:
            return None
        left -= int(pause is None and (not working or chinese_calendar.is_workday(day)))
    return day


def _length(record: Any, received: date) -> tuple[int, bool]:
    """Return how many days there are, and whether they are working days."""
    if record.green_channel:
        return 1, True
    if received <= REGULATION:
        return 5, True
    return 7, received <= PROVINCE


def _pauses(record: Any) -> list[tuple[date, date | None]]:
    spans = ((day_of(pause, "from_date"), day_of(pause, "to_date")) for pause in record.pauses)
    return [(asked, came) for asked, came in spans if asked is not None]


def _put(facts: Any, field: str, day: date | None) -> None:
    if day is not None:
        where = getattr(facts, field)
        where.year, where.month, where.day = day.year, day.month, day.day


FOLLOWING: Mapping[str, Callable[[Any, Any, Store, Any], None]] = {"aid_case": _aid_case}
