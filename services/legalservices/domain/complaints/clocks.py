"""Time limits of complaints: what runs, from when, until when and what stops it follows from the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from geju.common.v1.limit_pb2 import Limit

from services.chassis.domain import limits
from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import put
from services.legalservices.domain.complaints.agreement import HANDED_OVER
from services.legalservices.domain.complaints.lifecycle import Complaint, waiting

ACCEPT, SUPPLEMENT = "legalservices.accept", "legalservices.supplement"
CONCLUDE, EXTENSION = "legalservices.conclude", "legalservices.conclude_extension"
ANSWER, REVIEW, REPLY = "legalservices.answer", "legalservices.review", "legalservices.reply_unit"
#: A supplement that the complainant has been asked for is due by the day set in the request.
SUPPLEMENT_DUE = "legalservices.supplement_due"
DUE_LABELS = {SUPPLEMENT_DUE: "投诉人补正材料"}
_GROUND = "补正"
_DAY = timedelta(days=1)

Pause = tuple[date, date | None]


class Clock(NamedTuple):
    """What a limit says: its rule, when it began (None: there is none), when it was met, when it stood still.

    `void`: nobody owes it any more. `given_up`: that is so from this day on; if it was over by then, it was missed.
    """

    rule: str
    start: date | None
    met: date | None
    pauses: tuple[Pause, ...] = ()
    void: bool = False
    given_up: date | None = None


def sync(complaint: Complaint, rules: Rules) -> None:
    """Make the limits and the day of the answer say what the record says."""
    accepted, concluded = to_date(complaint.accepted_date), to_date(complaint.concluded_date)
    received, before = to_date(complaint.received_date), _pauses_before(complaint)
    decided = accepted or to_date(complaint.refused_date) or to_date(complaint.transferred_date)
    asked = before[0][0] if before else None
    given_up = concluded if decided is None else None
    settled = decided is not None or given_up is not None
    clocks = (
        Clock(ACCEPT, received, decided, before, given_up=given_up),
        Clock(SUPPLEMENT, received, asked, void=asked is None and settled),
        Clock(CONCLUDE, accepted, concluded, tuple(pause for pause in _pauses(complaint) if pause not in before)),
        Clock(ANSWER, concluded, to_date(complaint.answered_date)),
        Clock(REVIEW, to_date(complaint.review_asked_date), to_date(complaint.review_decided_date)),
        Clock(REPLY, received if complaint.channel in HANDED_OVER else None, to_date(complaint.replied_date)),
    )
    made = [limit for clock in clocks if (limit := _limit(complaint, clock, rules)) is not None]
    del complaint.limits[:]
    complaint.limits.extend(made)
    put(complaint, "answer_due_date", _answer_due(complaint, rules))


def _pauses(complaint: Complaint) -> tuple[Pause, ...]:
    found = ((to_date(pause.from_date), to_date(pause.to_date)) for pause in complaint.pauses)
    return tuple((first, until) for first, until in found if first is not None)


def _pauses_before(complaint: Complaint) -> tuple[Pause, ...]:
    """Return the pauses of the time in which acceptance was to be decided on."""
    accepted = to_date(complaint.accepted_date)
    pauses = _pauses(complaint)
    if accepted is None:
        return pauses
    return tuple(pause for pause in pauses if pause[1] is not None and pause[1] <= accepted)


def _limit(complaint: Complaint, clock: Clock, rules: Rules) -> Limit | None:
    if clock.start is None:
        return None
    rule = rules.profile.limit_rule(clock.rule, clock.start)
    if rule is None:
        limit = _stored(complaint, clock)
    else:
        limit = limits.start([rule], clock.rule, clock.start)
        assert limit is not None, "the rule is in force on the day"
        _stop(limit, clock, rule)
        _extend(limit, complaint, rules)
    if limit is not None:
        due = to_date(limit.due)
        missed = clock.given_up is not None and due is not None and due < clock.given_up
        put(limit, "met_date", clock.given_up if missed else clock.met)
        limit.void = not missed and clock.met is None and (clock.void or clock.given_up is not None)
    return limit


def _stored(complaint: Complaint, clock: Clock) -> Limit | None:
    """Return a copy of the limit as it was when the profile still had its rule; None when it never had."""
    found = limits.find(complaint.limits, clock.rule)
    if found is None or to_date(found.start) != clock.start:
        return None
    limit = Limit()
    limit.CopyFrom(found)
    return limit


def _stop(limit: Limit, clock: Clock, rule: limits.LimitRule) -> None:
    """Put the pauses into a fresh limit. The day it starts counts for nothing, so it cannot stand still on it."""
    assert clock.start is not None, "a limit has a start"
    for first, until in clock.pauses:
        begins = max(first, clock.start + _DAY)
        if until is not None and until <= begins:
            continue
        pause = limit.suspensions.add(ground=_GROUND)
        set_date(getattr(pause, "from"), begins)
        if until is not None:
            set_date(pause.to, until)
            limit.suspended_days += rule.span(begins, until)
    limits.recount(limit, rule, None)


def _extend(limit: Limit, complaint: Complaint, rules: Rules) -> None:
    """Move the last day to conclude by the extension, if there was one."""
    extended, due = to_date(complaint.extended_date), to_date(limit.due)
    if limit.rule != CONCLUDE or extended is None or due is None:
        return
    rule = rules.profile.limit_rule(EXTENSION, extended)
    if rule is not None:
        set_date(limit.due, rule.end(due))


def _answer_due(complaint: Complaint, rules: Rules) -> date | None:
    """Return the last day of an answer in time; None when none is owed by what is known."""
    if not complaint.HasField("accepted_date"):
        return None
    concluded = to_date(complaint.concluded_date)
    days = (concluded, due_of(complaint.limits, CONCLUDE))
    start = min((day for day in days if day is not None), default=None)
    rule = None if start is None else rules.profile.limit_rule(ANSWER, start)
    return None if rule is None or start is None else rule.end(start)


def due_of(record_limits: Iterable[Limit], rule: str) -> date | None:
    """Return the last day of a limit; None when there is none, it is not called for, or it stands still."""
    limit = limits.find(record_limits, rule)
    if limit is None or limit.void or limits.is_suspended(limit):
        return None
    return to_date(limit.due)


def last_day_to_ask(complaint: Complaint) -> date | None:
    """Return the last day on which a supplement may be asked for; None: no rule sets one.

    Before acceptance that is the day set for it, of a further supplement the last day to decide; afterwards the clock
    to conclude may be stopped as long as it runs.
    """
    if complaint.HasField("accepted_date"):
        return due_of(complaint.limits, CONCLUDE)
    return due_of(complaint.limits, ACCEPT if complaint.pauses else SUPPLEMENT)


def stopped_days(complaint: Complaint) -> int:
    """Return on how many days the complaint waited for supplements."""
    return sum((until - first).days for first, until in _pauses(complaint) if until is not None)


def dues(complaint: Complaint) -> list[tuple[date, str]]:
    """Return the last day of a supplement that is awaited."""
    due = to_date(complaint.pauses[-1].supplement_due_date) if waiting(complaint) else None
    return [] if due is None else [(due, SUPPLEMENT_DUE)]
