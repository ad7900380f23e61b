"""Time limits: when an act is due, what a pause does to that, and where a limit stands on a day.

A limit is a `geju.common.v1.Limit` kept in its record. Its `due` is stored and kept current by these functions: set at
the start, moved by an extension, moved by every pause when it ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from geju.common.v1 import limit_pb2
from google.type.date_pb2 import Date

from services.chassis.domain.calendar import add_working_days, working_days
from services.chassis.domain.dates import add_months, set_date, to_date
from services.chassis.domain.errors import DateOrder, LimitNotRunning, LimitNotSuspended

Unit = Literal["days", "working_days", "months"]


@dataclass(frozen=True, slots=True)
class LimitRule:
    """One time limit of the district profile; rules of one id follow each other when the law changes."""

    id: str
    zh: str
    starts: str
    length: int
    unit: Unit
    basis: str
    valid_from: date
    valid_to: date | None = None
    suspendable: bool = False
    extendable: bool = False
    secondary: bool = False

    def in_force(self, on: date) -> bool:
        """Tell whether a clock that starts on this day runs by this rule."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def end(self, start: date) -> date:
        """Return the last day in time for a clock started on `start`; the first day counted is the next one."""
        match self.unit:
            case "months":
                return add_months(start, self.length)
            case "working_days":
                return add_working_days(start, self.length)
            case "days":
                return start + timedelta(days=self.length)

    def span(self, first: date, end: date) -> int:
        """Count the days of this rule's unit from `first` to the day before `end` (months pause by calendar days)."""
        return working_days(first, end) if self.unit == "working_days" else max((end - first).days, 0)

    def later(self, due: date, days: int) -> date:
        """Return the due date moved by so many days of this rule's unit."""
        return add_working_days(due, days) if self.unit == "working_days" else due + timedelta(days=days)


def rule_in_force(rules: Iterable[LimitRule], rule_id: str, on: date) -> LimitRule | None:
    """Return the rule of this id for a clock that starts on a day; None when no law sets one then."""
    return next((rule for rule in rules if rule.id == rule_id and rule.in_force(on)), None)


def start(rules: Iterable[LimitRule], rule_id: str, on: date) -> limit_pb2.Limit | None:
    """Start a clock by the rule in force on that day; None when there is no such rule then."""
    rule = rule_in_force(rules, rule_id, on)
    if rule is None:
        return None
    limit = limit_pb2.Limit(rule=rule_id)
    set_date(limit.start, on)
    set_date(limit.due, rule.end(on))
    return limit


def rule_of(limit: limit_pb2.Limit, rules: Iterable[LimitRule]) -> LimitRule:
    """Return the rule a limit runs by: the one in force when its clock started. Raises KeyError when it was removed."""
    rule = rule_in_force(rules, limit.rule, _day(limit.start))
    if rule is None:
        raise KeyError(limit.rule)
    return rule


def find(limits: Iterable[limit_pb2.Limit], rule_id: str) -> limit_pb2.Limit | None:
    """Return a record's newest limit of a rule; None when it has none."""
    found = [limit for limit in limits if limit.rule == rule_id]
    return found[-1] if found else None


def due(limit: limit_pb2.Limit, rule: LimitRule, today: date) -> date:
    """Return the last day in time; while the clock is stopped, as if it resumed today."""
    stored = _day(limit.due)
    if not is_suspended(limit):
        return stored
    return rule.later(stored, rule.span(_day(getattr(limit.suspensions[-1], "from")), today))


def is_suspended(limit: limit_pb2.Limit) -> bool:
    """Tell whether the clock is stopped."""
    return bool(limit.suspensions) and to_date(limit.suspensions[-1].to) is None


def is_open(limit: limit_pb2.Limit) -> bool:
    """Tell whether the act is still outstanding and called for."""
    return not limit.void and to_date(limit.met_date) is None


def suspend(limit: limit_pb2.Limit, on: date, ground: str, rule: LimitRule) -> None:
    """Stop the clock; `on` is the first day that does not count. Raises LimitNotRunning, DateOrder."""
    if not is_open(limit) or is_suspended(limit) or on > _day(limit.due):
        raise LimitNotRunning(rule=rule.zh)
    earliest = _day(limit.suspensions[-1].to) if limit.suspensions else _day(limit.start) + timedelta(days=1)
    if on < earliest:
        raise DateOrder("suspended_date", date=on, earliest=earliest)
    pause = limit.suspensions.add(ground=ground)
    set_date(getattr(pause, "from"), on)


def resume(limit: limit_pb2.Limit, on: date, rule: LimitRule) -> None:
    """Let the clock run again; `on` counts. The due date moves by the pause. Raises LimitNotSuspended, DateOrder."""
    if not is_suspended(limit) or not is_open(limit):
        raise LimitNotSuspended(rule=rule.zh)
    pause = limit.suspensions[-1]
    first = _day(getattr(pause, "from"))
    if on < first:
        raise DateOrder("resumed_date", date=on, earliest=first)
    days = rule.span(first, on)
    set_date(pause.to, on)
    set_date(limit.due, rule.later(_day(limit.due), days))
    limit.suspended_days += days


def extend(limit: limit_pb2.Limit, until: date, rule: LimitRule) -> None:
    """Move the due date to a later day agreed on. Raises LimitNotRunning, DateOrder."""
    if not is_open(limit):
        raise LimitNotRunning(rule=rule.zh)
    if until <= _day(limit.due):
        raise DateOrder("until_date", date=until, earliest=_day(limit.due) + timedelta(days=1))
    set_date(limit.due, until)


def restart(limit: limit_pb2.Limit, on: date, rules: Iterable[LimitRule]) -> None:
    """Move the start (a corrected date): counted anew by the rule then in force; pauses and agreed extensions stay."""
    old, rule = rule_of(limit, rules), rule_in_force(rules, limit.rule, on)
    if rule is None:
        limit.void = True
        return
    extended = _day(limit.due) if _day(limit.due) > _counted(limit, old) else None
    set_date(limit.start, on)
    recount(limit, rule, extended)


def recount(limit: limit_pb2.Limit, rule: LimitRule, until: date | None) -> None:
    """Count the due date anew, with its pauses; `until` is a later day agreed on, None: none."""
    counted = _counted(limit, rule)
    set_date(limit.due, counted if until is None else max(counted, until))


def _counted(limit: limit_pb2.Limit, rule: LimitRule) -> date:
    end = rule.end(_day(limit.start))
    for pause in limit.suspensions:
        resumed = to_date(pause.to)
        if resumed is not None:
            end = rule.later(end, rule.span(_day(getattr(pause, "from")), resumed))
    return end


def meet(limit: limit_pb2.Limit, on: date) -> None:
    """Record the day of the act; an earlier record of it stays."""
    if is_open(limit):
        set_date(limit.met_date, on)


def unmeet(limit: limit_pb2.Limit) -> None:
    """Take back the act (a record reopened): the clock has been running all along."""
    limit.ClearField("met_date")


def void(limit: limit_pb2.Limit) -> None:
    """Say that the act is no longer called for; one already done stays done."""
    if is_open(limit):
        limit.void = True


def state(limit: limit_pb2.Limit, today: date) -> limit_pb2.LimitState.ValueType:
    """Return where the limit stands on a day."""
    met = to_date(limit.met_date)
    if limit.void:
        return limit_pb2.LIMIT_STATE_VOID
    if met is not None:
        on_time = met <= _day(limit.due) or is_suspended(limit)
        return limit_pb2.LIMIT_STATE_MET if on_time else limit_pb2.LIMIT_STATE_LATE
    if is_suspended(limit):
        return limit_pb2.LIMIT_STATE_SUSPENDED
    return limit_pb2.LIMIT_STATE_OVERDUE if today > _day(limit.due) else limit_pb2.LIMIT_STATE_RUNNING


def next_due(limits: Iterable[limit_pb2.Limit], today: date) -> tuple[date, str] | None:
    """Return the earliest due date of what is outstanding, and its rule; stopped clocks are left out.

    A limit whose clock starts after `today` counts too: it is known already when it will be due.
    """
    del today  # the answer is stored with the record, so it must not depend on the day of writing
    running = [(_day(limit.due), limit.rule) for limit in limits if is_open(limit) and not is_suspended(limit)]
    return min(running, default=None)


def _day(message: Date) -> date:
    day = to_date(message)
    assert day is not None, "a limit has its start and due date from birth"
    return day
