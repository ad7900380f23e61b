"""Time limits of supervision: what runs, from when and until when follows from the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from geju.common.v1.limit_pb2 import Limit
from geju.correction.v1 import supervised_person_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain import limits
from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.rules import Rules
from services.correction.domain.supervision import lifecycle

REPORT = "correction.report"
PAPERS = "correction.papers"
NEVER_REPORTED = "correction.never_reported"


class Clock(NamedTuple):
    """What a limit says: its rule, when it began (None: there is none), when it was met, a last day set otherwise."""

    rule: str
    start: date | None
    met: date | None
    due: date | None = None


def keep(record: Any, clock: Clock, rules: Rules) -> None:
    """Make a record's limit say what the record says."""
    limit = limits.find(record.limits, clock.rule)
    if limit is not None and to_date(limit.start) != clock.start:
        record.limits.remove(limit)
        limit = None
    if limit is None and clock.start is not None:
        fresh = limits.start(rules.profile.limits, clock.rule, clock.start)
        if fresh is not None:
            record.limits.append(fresh)
            limit = record.limits[-1]
    if limit is not None:
        _tell(limit, clock.met, clock.due or _by_rule(limit, rules))


def _by_rule(limit: Limit, rules: Rules) -> date:
    """Return the last day in time by the rule that started the clock; as stored when the profile lost the rule."""
    start = to_date(limit.start)
    assert start is not None, "a limit has its start from birth"
    rule = rules.profile.limit_rule(limit.rule, start)
    found = to_date(limit.due) if rule is None else rule.end(start)
    assert found is not None, "a limit has its due date from birth"
    return found


def _tell(limit: Limit, met: date | None, due: date) -> None:
    limit.void = False
    limits.unmeet(limit)
    set_date(limit.due, due)
    if met is not None:
        limits.meet(limit, met)


def due_of(record_limits: Iterable[Limit], rule: str) -> Date | None:
    """Return the last day of a limit that is called for; None when there is none."""
    limit = limits.find(record_limits, rule)
    return None if limit is None or limit.void else limit.due


def report_due_of(person: pb.SupervisedPerson) -> Date | None:
    """Return the last day to report: as ordered, else by the time limit; None when nothing sets one.

    Whoever never reported was due to all the same when correction is terminated: the limit is void, the day stays.
    """
    if person.HasField("report_due_date"):
        return person.report_due_date
    limit = limits.find(person.limits, REPORT)
    return None if limit is None else limit.due


def sync(person: pb.SupervisedPerson, rules: Rules) -> None:
    """Keep the limits for reporting and for the papers; what an end leaves open is no longer called for."""
    judged, taken_over = to_date(person.judgment_date), to_date(person.taken_over_date)
    keep(person, Clock(REPORT, judged, taken_over, to_date(person.report_due_date)), rules)
    keep(person, Clock(PAPERS, judged, to_date(person.papers_date)), rules)
    if person.state in lifecycle.OVER:
        for limit in person.limits:
            limits.void(limit)


def never_reported_from(person: pb.SupervisedPerson, rules: Rules) -> date | None:
    """Return the last day before somebody who has not reported counts as never taken over; None: no rule says it."""
    due = report_due_of(person)
    start = None if due is None else to_date(due)
    rule = None if start is None else rules.profile.limit_rule(NEVER_REPORTED, start)
    return None if rule is None or start is None else rule.end(start)
