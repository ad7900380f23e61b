"""Time limits of a legal-aid case: what runs, from when and until when follows from the record alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, timedelta
from typing import NamedTuple

from geju.common.v1.limit_pb2 import Limit
from geju.legalaid.v1 import aid_case_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain import limits
from services.chassis.domain.dates import SHANGHAI, set_date, to_date
from services.chassis.domain.limits import LimitRule
from services.chassis.domain.rules import Rules
from services.legalaid.domain.cases import lifecycle

Case = pb.AidCase
REVIEW, REVIEW_GREEN = "legalaid.review", "legalaid.review_green"
ASSIGN, ANSWER, FORWARD = "legalaid.assign", "legalaid.answer_notice", "legalaid.forward"
OBJECTION, RETURN_FILE = "legalaid.objection", "legalaid.return_file"
#: The last day for a supplement is listed with what is due.
SUPPLEMENT = "legalaid.supplement"
DUE_LABELS = {SUPPLEMENT: "申请人补正"}
_FORWARDING = timedelta(hours=24)


class _Clock(NamedTuple):
    """What a limit says: its rule, when it began, when it was met, and when the act ceased to be called for."""

    rule: str
    start: Date
    met: Date
    dropped: Date | None = None


def sync(case: Case, rules: Rules) -> None:
    """Make the limits say what the record says."""
    found = [limit for clock in _wanted(case) if (limit := _limit(case, clock, rules)) is not None]
    del case.limits[:]
    case.limits.extend(found)


def _wanted(case: Case) -> Iterator[_Clock]:
    if case.path == pb.AID_PATH_CUSTODY and case.HasField("custody_received_time"):
        yield _Clock(FORWARD, _day(case, "custody_received_time"), _day(case, "forwarded_time"))
    left = case.withdrawn_date if case.HasField("withdrawn_date") else case.transferred_date
    if lifecycle.is_notified(case):
        gone = case.ended_date if case.HasField("ended_date") else left
        yield _Clock(ANSWER, case.received_date, case.answered_date, gone)
    else:
        yield _Clock(review_rule(case), case.received_date, case.decided_date, left)
    if case.HasField("objected_date"):
        yield _Clock(OBJECTION, case.objected_date, case.objection_decided_date)
    if case.HasField("granted_date"):
        yield _Clock(ASSIGN, case.granted_date, case.first_assigned_date, case.ended_date)
    if case.HasField("closed_date"):
        yield _Clock(RETURN_FILE, case.closed_date, case.file_returned_date)


def review_rule(case: Case) -> str:
    """Return the rule by which an application is reviewed."""
    return REVIEW_GREEN if case.green_channel else REVIEW


def _limit(case: Case, clock: _Clock, rules: Rules) -> Limit | None:
    start, met, dropped = to_date(clock.start), to_date(clock.met), clock.dropped and to_date(clock.dropped)
    rule = None if start is None else rules.profile.limit_rule(clock.rule, start)
    if rule is None or start is None:
        return None
    limit = Limit(rule=clock.rule)
    set_date(limit.start, start)
    set_date(limit.due, rule.end(start))
    if rule.suspendable:
        _suspend(limit, case.pauses, rule)
    if clock.rule == FORWARD and met is not None and is_late(case):
        # Twenty-four hours can be over on the very day: then the day before was the last one wholly in time.
        set_date(limit.due, min(rule.end(start), met - timedelta(days=1)))
    if met is not None:
        limits.meet(limit, met)
    elif dropped is not None:
        limits.void(limit)
    return limit


def _suspend(limit: Limit, pauses: Sequence[pb.AidPause], rule: LimitRule) -> None:
    """Let the clock stand still while supplements are awaited; one asked for too late stops nothing."""
    earliest = to_date(limit.start)
    assert earliest is not None, "the limit has just been started"
    earliest += timedelta(days=1)  # the first day counted
    for pause in pauses:
        asked, came = to_date(pause.from_date), to_date(pause.to_date)
        last = to_date(limit.due)
        if asked is None or last is None or asked > last or limits.is_suspended(limit):
            continue
        first = max(asked, earliest)
        if came is not None and came <= first:
            continue
        limits.suspend(limit, first, "补正", rule)
        if came is not None:
            limits.resume(limit, came, rule)
            earliest = came


def is_late(case: Case) -> bool:
    """Tell whether custody handed an application on after more than twenty-four hours."""
    taken = case.forwarded_time.ToDatetime(UTC) - case.custody_received_time.ToDatetime(UTC)
    return taken > _FORWARDING


def _day(case: Case, field: str) -> Date:
    """Return the day of an instant in Asia/Shanghai; an empty date for none."""
    found = Date()
    if case.HasField(field):  # type: ignore[arg-type]
        set_date(found, getattr(case, field).ToDatetime(UTC).astimezone(SHANGHAI).date())
    return found


def review_due(case: Case) -> Date | None:
    """Return the last day to decide; None without an application, and while a supplement is awaited."""
    limit = limits.find(case.limits, review_rule(case))
    return None if limit is None or limits.is_suspended(limit) else limit.due


def assign_due(case: Case) -> Date | None:
    """Return the last day to assign a handler; None when aid ended in time without one."""
    limit = limits.find(case.limits, ASSIGN)
    if limit is None:
        return None
    ended, due = to_date(case.ended_date), to_date(limit.due)
    return None if limit.void and ended is not None and due is not None and ended <= due else limit.due


def file_due(case: Case) -> Date | None:
    """Return the last day to hand in the file; None while the case is not closed."""
    limit = limits.find(case.limits, RETURN_FILE)
    return None if limit is None else limit.due


def review_days(case: Case) -> int:
    """Return the calendar days from receipt to the decision without those of supplements; 0 without an application."""
    received, decided = to_date(case.received_date), to_date(case.decided_date)
    if received is None or decided is None or lifecycle.is_notified(case):
        return 0
    stood = ((to_date(pause.from_date), to_date(pause.to_date)) for pause in case.pauses)
    stopped = sum((came - asked).days for asked, came in stood if asked is not None and came is not None)
    return max((decided - received).days - stopped, 0)


def dues(case: Case) -> list[tuple[date, str]]:
    """Return the last day for the supplement that is awaited."""
    if case.state != lifecycle.SUPPLEMENT_REQUESTED:
        return []
    due = to_date(case.pauses[-1].supplement_due_date)
    return [] if due is None else [(due, SUPPLEMENT)]
