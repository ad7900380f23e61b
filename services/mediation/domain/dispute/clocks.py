"""A dispute's time limits.

What runs, from when and until when follows from the record; only pauses and agreed extensions are kept in the limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from geju.common.v1.limit_pb2 import Limit
from geju.mediation.v1 import dispute_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain import limits
from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.errors import DateOrder
from services.chassis.domain.limits import LimitRule
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import day, permit
from services.mediation.domain.dispute import lifecycle
from services.mediation.domain.dispute.lifecycle import TRANSITIONS
from services.mediation.domain.errors import (
    ExtensionTooLate,
    LimitNotExtendable,
    LimitNotSuspendable,
    NoRunningLimit,
)

ANSWER = "mediation.answer_court"
CLOSE = "mediation.close."
GENERAL = "mediation.close.general"
CONFIRMATION = "mediation.confirmation"
FEEDBACK = "mediation.feedback"
VISIT = "mediation.return_visit.first"
MAJOR_VISIT = "mediation.return_visit.major"
_COURT = (pb.DISPUTE_CHANNEL_COURT_BEFORE_FILING, pb.DISPUTE_CHANNEL_COURT_TRIAL)


class _Clock(NamedTuple):
    rule: str
    start: date
    met: date | None


def sync(dispute: pb.Dispute, rules: Rules) -> None:
    """Make the limits say what the record says: start, move, meet, and void what is no longer called for."""
    wanted = {clock.rule: clock for clock in _wanted(dispute, rules)}
    for limit in dispute.limits:
        if limit.rule not in wanted:
            if not dispute.reopenings:  # a corrected record: the limit should never have been there
                limits.unmeet(limit)
            limits.void(limit)
    for clock in wanted.values():
        _set(dispute, clock, rules)


def _set(dispute: pb.Dispute, clock: _Clock, rules: Rules) -> None:
    limit = limits.find(dispute.limits, clock.rule)
    if limit is None or _began_anew(dispute, limit, clock):
        fresh = limits.start(rules.profile.limits, clock.rule, clock.start)
        if fresh is None:
            return
        limit = dispute.limits.add()
        limit.CopyFrom(fresh)
    limit.void = False
    if to_date(limit.start) != clock.start:
        limits.restart(limit, clock.start, rules.profile.limits)
    limits.unmeet(limit)
    if clock.met is not None:
        _meet(limit, clock.met, rules)


def _meet(limit: Limit, on: date, rules: Rules) -> None:
    """Record the act; a pause ends with it."""
    if limits.is_suspended(limit):
        first = _known(getattr(limit.suspensions[-1], "from"))
        limits.resume(limit, max(on, first), limits.rule_of(limit, rules.profile.limits))
    limits.meet(limit, on)


def _began_anew(dispute: pb.Dispute, limit: Limit, clock: _Clock) -> bool:
    """Tell whether a clock began anew with a reopening: then the earlier limit stays as it ended."""
    if not dispute.reopenings:
        return False
    reopened = _known(dispute.reopenings[-1].reopened_date)
    return _known(limit.start) < reopened <= clock.start


def _wanted(dispute: pb.Dispute, rules: Rules) -> Iterator[_Clock]:
    accepted, closed = to_date(dispute.accepted_date), to_date(dispute.closed_date)
    if dispute.channel in _COURT and not (accepted is None and dispute.state == lifecycle.WITHDRAWN):
        yield _Clock(ANSWER, _materials(dispute), accepted or to_date(dispute.refused_date))
    if accepted is not None:
        yield _closing(dispute, rules, accepted, closed)
    if closed is not None and lifecycle.is_referral(dispute):
        yield _Clock(FEEDBACK, closed, to_date(dispute.feedback_date))
    if dispute.state == lifecycle.AGREED:
        in_force = _known(dispute.agreement.in_force_date)
        first, second = visits(dispute)
        yield _Clock(VISIT, in_force, first)
        if dispute.major:
            yield _Clock(MAJOR_VISIT, in_force, second)


def _closing(dispute: pb.Dispute, rules: Rules, accepted: date, closed: date | None) -> _Clock:
    """Return the clock for closing: the channel's or the type's own where the law had one, else the general one."""
    rule, start = _special(dispute, accepted)
    if rules.profile.limit_rule(rule, start) is None:
        rule, start = GENERAL, accepted
    if dispute.reopenings:
        start = max(start, _known(dispute.reopenings[-1].reopened_date))
    return _Clock(rule, start, closed)


def _special(dispute: pb.Dispute, accepted: date) -> tuple[str, date]:
    summary = "_summary" if dispute.referrer.summary_procedure else ""
    match (dispute.channel, dispute.type):
        case (pb.DISPUTE_CHANNEL_COURT_BEFORE_FILING, _):
            return CLOSE + "court_before_filing", _materials(dispute)
        case (pb.DISPUTE_CHANNEL_COURT_TRIAL, _):
            return CLOSE + "court_during_trial" + summary, _materials(dispute)
        case (_, pb.DISPUTE_TYPE_MEDICAL):
            return CLOSE + "medical", accepted
        case (_, pb.DISPUTE_TYPE_LABOUR | pb.DISPUTE_TYPE_UNPAID_WAGES):
            return CLOSE + "labour", _known(dispute.registered_date)
    return GENERAL, accepted


def _materials(dispute: pb.Dispute) -> date:
    return to_date(dispute.referrer.materials_date) or _known(dispute.registered_date)


def visits(dispute: pb.Dispute) -> tuple[date | None, date | None]:
    """Return the days of the first and the second return visit since the agreement took force."""
    in_force = to_date(dispute.agreement.in_force_date) or date.min
    made = sorted(found for visit in dispute.return_visits if (found := _known(visit.visit_date)) >= in_force)
    return (made[0] if made else None), (made[1] if len(made) > 1 else None)


def closing_limit(dispute: pb.Dispute) -> Limit | None:
    """Return the limit for closing that counts: the newest that is not void."""
    found = [limit for limit in dispute.limits if limit.rule.startswith(CLOSE) and not limit.void]
    return found[-1] if found else None


def limit_due(dispute: pb.Dispute, rule: str) -> Date | None:
    """Return the last day of a limit that is called for; None when there is none."""
    limit = limits.find(dispute.limits, rule)
    return None if limit is None or limit.void else limit.due


def _running(dispute: pb.Dispute, rules: Rules) -> tuple[Limit, LimitRule]:
    limit = closing_limit(dispute)
    if limit is None or not limits.is_open(limit):
        raise NoRunningLimit
    return limit, limits.rule_of(limit, rules.profile.limits)


def suspend(dispute: pb.Dispute, on: Date, ground: str, rules: Rules) -> date:
    """Stop the clock for closing; return the first day that does not count. Raises NoRunningLimit, …."""
    permit(dispute, TRANSITIONS, "suspend")
    limit, rule = _running(dispute, rules)
    if not rule.suspendable:
        raise LimitNotSuspendable(rule=rule.zh)
    first = day(rules, "from_date", on, dispute.accepted_date)
    limits.suspend(limit, first, ground, rule)
    return first


def resume(dispute: pb.Dispute, on: Date, rules: Rules) -> date:
    """Let the clock for closing run on; return the day that counts again. Raises NoRunningLimit, LimitNotSuspended."""
    permit(dispute, TRANSITIONS, "resume")
    limit, rule = _running(dispute, rules)
    back = day(rules, "to_date", on, dispute.accepted_date)
    limits.resume(limit, back, rule)
    return back


def extend(dispute: pb.Dispute, agreed: Date, until: Date, rules: Rules) -> date:
    """Move the end of the limit for closing, as both parties agreed before it; return the day they did."""
    permit(dispute, TRANSITIONS, "extend")
    limit, rule = _running(dispute, rules)
    if not rule.extendable:
        raise LimitNotExtendable(rule=rule.zh)
    on = day(rules, "agreed_date", agreed, dispute.accepted_date)
    due, later = limits.due(limit, rule, on), _known(until)
    if on > due:
        raise ExtensionTooLate("agreed_date", due=due)
    if later <= due:
        raise DateOrder("extended_due_date", date=later, earliest=due + timedelta(days=1))
    limits.extend(limit, later, rule)
    set_date(dispute.extended_due_date, later)
    return on


def correct_extension(dispute: pb.Dispute, rules: Rules) -> None:
    """Move the end of the limit for closing to the agreed day as it is now said to be. Raises LimitNotExtendable."""
    limit = closing_limit(dispute)
    if limit is None:
        return
    rule, until = limits.rule_of(limit, rules.profile.limits), to_date(dispute.extended_due_date)
    if until is not None and not rule.extendable:
        raise LimitNotExtendable("extended_due_date", rule=rule.zh)
    limits.recount(limit, rule, until)


def _known(message: Date) -> date:
    found = to_date(message)
    assert found is not None, "the step before has set this day"
    return found
