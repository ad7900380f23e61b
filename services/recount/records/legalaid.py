"""Records of legal aid: what figures rest on that no record says by itself.

Last days and days taken are worked out once more from what was recorded, day by day, not from the limits that the
service has put into the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from geju.legalaid.v1 import aid_case_pb2 as ap
from google.type.date_pb2 import Date

from services.recount.limits import Pause, last_day, limit, rule_of
from services.recount.records.dates import day_of, put

NOTIFIED = {ap.AID_PATH_NOTIFIED_DEFENCE, ap.AID_PATH_NOTIFIED_REPRESENTATION}


def _aid_case(record: Any, facts: Any, _: Any, profile: Any) -> None:
    received, decided, granted = (day_of(record, f"{step}_date") for step in ("received", "decided", "granted"))
    facts.through_green_channel = bool(record.green_channel)
    # A refusal that was not overturned grants nothing.
    overturned = record.objection_outcome == ap.OBJECTION_OUTCOME_OVERTURNED
    facts.eligible = granted is not None and (not record.refusal_ground or overturned)
    _former(record, facts)
    if received is not None and record.path not in NOTIFIED:
        put(facts, "review_due", _review_due(record, received, profile))
        if decided is not None:
            waited = sum((came - asked).days for asked, came in _pauses(record) if came is not None)
            facts.review_days = max((decided - received).days - waited, 0)
    if granted is not None:
        ended, due = day_of(record, "ended_date"), limit(profile, "legalaid.assign", granted)
        given_up = ended is not None and due is not None and ended <= due and not record.HasField("first_assigned_date")
        put(facts, "assign_due", None if given_up else due)
    put(facts, "file_due", limit(profile, "legalaid.return_file", day_of(record, "closed_date")))


def _former(record: Any, facts: Any) -> None:
    """Say who had the case before and when: one at a time, from a change to the next."""
    for field in ("former_practitioner", "former_from_date", "former_until_date"):
        facts.ClearField(field)
    provided, since = day_of(record, "provided_date"), day_of(record, "first_assigned_date")
    for number, former in enumerate(record.former_handlers):
        since = (not number and provided) or day_of(former, "assigned_date") or since
        until = day_of(former, "until_date")
        facts.former_practitioner.append(former.practitioner.rpartition("/")[2])
        facts.former_from_date.append(_date(since))
        facts.former_until_date.append(_date(until))
        since = until


def _date(day: date | None) -> Date:
    return Date() if day is None else Date(year=day.year, month=day.month, day=day.day)


def _review_due(record: Any, received: date, profile: Any) -> date | None:
    """Count the days of review; those on which a supplement is awaited do not count."""
    rule = rule_of(profile, "legalaid.review_green" if record.green_channel else "legalaid.review", received)
    return None if rule is None else last_day(rule, received, _pauses(record))


def _pauses(record: Any) -> list[Pause]:
    spans = ((day_of(pause, "from_date"), day_of(pause, "to_date")) for pause in record.pauses)
    return [(asked, came) for asked, came in spans if asked is not None]


FOLLOWING: Mapping[str, Callable[[Any, Any, Any, Any], None]] = {"aid_case": _aid_case}
