"""Which acts a person under correction owes by when: the duties of the whole term, from the profile's schedule."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, takewhile
from typing import Literal

from geju.correction.v1 import duty_pb2, leave_pb2
from geju.correction.v1 import supervised_person_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.calendar import add_working_days
from services.chassis.domain.dates import add_months, to_date
from services.chassis.domain.rules import Rules
from services.chassis.domain.supervision import KeyPeriod, ScheduleRule, in_force
from services.correction.domain.supervision import history, lifecycle
from services.correction.domain.supervision.history import KeySpan

REPORT, HOME_VISIT = duty_pb2.DUTY_KIND_REPORT, duty_pb2.DUTY_KIND_HOME_VISIT
ASSESSMENT, WORK = duty_pb2.DUTY_KIND_ASSESSMENT, duty_pb2.DUTY_KIND_COMMUNITY_WORK
#: Every kind of duty.
KINDS = frozenset(duty_pb2.DutyKind.values())
ASSESSMENT_LIMIT = "correction.assessment"
_DAY = timedelta(days=1)
_LEVELS = {
    pb.SUPERVISION_LEVEL_STRICT: "strict",
    pb.SUPERVISION_LEVEL_ORDINARY: "ordinary",
    pb.SUPERVISION_LEVEL_LENIENT: "lenient",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A duty as the plan wants it. `replaces`: the days it was due before a leave moved it."""

    kind: duty_pb2.DutyKind.ValueType
    due: date
    month: date | None = None
    hours: int = 0
    stricter: bool = False
    replaces: tuple[date, ...] = ()

    @property
    def key(self) -> tuple[int, date]:
        """What tells duties of a person apart: the month, or the day for what belongs to none."""
        return self.kind, self.month or self.due


@dataclass(frozen=True)
class _Span:
    """What the plan needs of a person."""

    first: date
    last: date
    levels: Sequence[tuple[date, str]]
    key_spans: Sequence[KeySpan]
    periods: Sequence[KeyPeriod]

    def level(self, on: date) -> str:
        """Return the level of a day; empty: none is known."""
        return next((level for since, level in reversed(self.levels) if since <= on), "")

    def is_key(self, on: date) -> bool:
        """Tell whether the person is a key person on a day."""
        return any(span.holds(on) for span in self.key_spans)

    def in_key_period(self, on: date) -> bool:
        """Tell whether a day lies in a key period."""
        return any(True for _ in in_force(self.periods, on))

    def meets(self, rule: ScheduleRule, on: date) -> bool:
        """Tell whether a rule is for this person on a day."""
        whom = rule.who in {self.level(on), "everyone"} or (rule.who == "key_person" and self.is_key(on))
        return whom and (rule.during == "always" or self.in_key_period(on))

    def runs(self, rule: ScheduleRule) -> Iterator[tuple[date, date]]:
        """Give from when to when a rule's acts are counted: reports from taking over, visits from their occasion."""
        if rule.duty == "report":
            yield self.first, self.last
            return
        for since, until in self._occasions(rule):
            if rule.during == "always":
                yield since, until
                continue
            spans = ((max(since, one.valid_from), min(until, one.valid_to)) for one in self.periods)
            yield from (span for span in spans if span[0] <= span[1])

    def _occasions(self, rule: ScheduleRule) -> Iterator[tuple[date, date]]:
        if rule.who != "key_person":
            yield self.first, self.last
            return
        for since, until in self.key_spans:
            yield max(self.first, since), min(self.last, until or self.last)


def plan(person: pb.SupervisedPerson, rules: Rules, leaves: Iterable[leave_pb2.Leave] = ()) -> list[Wanted]:
    """Return the duties of a person's whole term in order of day; none before the person is taken over."""
    span = _span(person, rules)
    if span is None:
        return []
    schedule = rules.profile.supervision.schedule
    reports = _moved(_by_day(span, schedule, "report"), leaves, span.last)
    found = [*reports, *_by_day(span, schedule, "home_visit"), *_monthly(person, span, rules)]
    found += _assessments(span, rules)
    over = to_date(person.ended_date)
    return sorted((w for w in found if over is None or w.due <= over), key=lambda wanted: (wanted.due, wanted.kind))


def _span(person: pb.SupervisedPerson, rules: Rules) -> _Span | None:
    first = to_date(person.taken_over_date)
    if first is None:
        return None
    return _Span(
        first=first,
        last=lifecycle.last_day(person),
        levels=[(since, _LEVELS.get(level, "")) for since, level in history.levels(person)],
        key_spans=history.key_spans(person),
        periods=rules.profile.supervision.key_periods,
    )


def _by_day(span: _Span, schedule: Iterable[ScheduleRule], duty: Literal["report", "home_visit"]) -> Iterator[Wanted]:
    """Give the acts of a kind: the days of each rule on which it is the most frequent one that applies."""
    own = [rule for rule in schedule if rule.duty == duty]
    kind = REPORT if duty == "report" else HOME_VISIT
    # How often somebody reported at a level that is not known is what the duties made then say.
    begin = min((since for since, _ in span.levels), default=span.first) if duty == "report" else span.first
    days: dict[date, Wanted] = {}
    for rule in own:
        for start, last in span.runs(rule):
            for due in takewhile(last.__ge__, (rule.day(start, n) for n in count(1))):
                if due >= begin and _applies(span, own, due) is rule:
                    days[due] = Wanted(kind, due, stricter=rule.stricter)
    yield from days.values()


def _applies(span: _Span, rules: Iterable[ScheduleRule], on: date) -> ScheduleRule | None:
    """Return the most frequent rule for a day, of equals the stricter schedule's; None when there is none."""
    fitting = [rule for rule in in_force(rules, on) if span.meets(rule, on)]
    return min(fitting, key=lambda rule: (rule.density, not rule.stricter), default=None)


def _moved(wanted: Iterable[Wanted], leaves: Iterable[leave_pb2.Leave], last: date) -> list[Wanted]:
    """Let reports due while away be made on the first working day after the leave: several then become one."""
    days = {one.due: one for one in wanted}
    for leave in leaves:
        first, until = to_date(leave.from_date), to_date(leave.to_date)
        if first is None or until is None:
            continue
        missed = sorted(due for due in days if first <= due <= until)
        if not missed:
            continue
        one, back = days[missed[-1]], add_working_days(until, 1)
        for due in missed:
            del days[due]
        if back <= last:
            days[back] = replace(days.get(back, one), due=back, replaces=tuple(missed))
    return list(days.values())


def _monthly(person: pb.SupervisedPerson, span: _Span, rules: Rules) -> Iterator[Wanted]:
    supervision = rules.profile.supervision
    for month in whole_months(span.first, span.last):
        due = month_end(month)
        if hours := supervision.hours_owed("education", month):
            yield Wanted(duty_pb2.DUTY_KIND_EDUCATION, due, month, hours)
        if not person.unable_to_work and (hours := supervision.hours_owed("community_work", month)):
            yield Wanted(WORK, due, month, hours)
        yield Wanted(duty_pb2.DUTY_KIND_THOUGHT_REPORT, due, month)


def _assessments(span: _Span, rules: Rules) -> Iterator[Wanted]:
    for quarter in sorted({quarter_of(month) for month in whole_months(span.first, span.last)}):
        end = month_end(add_months(quarter, 2))
        rule = rules.profile.limit_rule(ASSESSMENT_LIMIT, end)
        yield Wanted(ASSESSMENT, end if rule is None else rule.end(end), quarter)


def whole_months(first: date, last: date) -> Iterator[date]:
    """Give the first days of the calendar months that lie wholly between two days."""
    month = first if first.day == 1 else add_months(first.replace(day=1), 1)
    while month_end(month) <= last:
        yield month
        month = add_months(month, 1)


def month_end(month: date) -> date:
    """Return the last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def quarter_of(on: date) -> date:
    """Return the first day of the quarter of a day."""
    return on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)


def changed_from(new: pb.SupervisedPerson, old: pb.SupervisedPerson, anew: date) -> date | None:
    """Return the day from which a change of a person's record calls for another plan; None: it does not.

    `anew`: from when a change counts that has no day of its own.
    """
    return min(_changes(new, old, anew), default=None)


def kinds_changed(new: pb.SupervisedPerson, old: pb.SupervisedPerson) -> Collection[int]:
    """Return the kinds of duties that a change of a person's record can touch."""
    able = pb.SupervisedPerson()
    able.CopyFrom(new)
    able.unable_to_work = old.unable_to_work
    return KINDS if changed_from(able, old, date.min) is not None else {WORK}


def _changes(new: pb.SupervisedPerson, old: pb.SupervisedPerson, anew: date) -> Iterator[date]:
    if new.taken_over_date != old.taken_over_date:
        yield date.min
    if (new.level, new.level_date) != (old.level, old.level_date):
        yield to_date(new.level_date) or date.min
    if new.unable_to_work != old.unable_to_work:
        yield anew
    if new.key_from_date != old.key_from_date:
        yield from _days(new.key_from_date, old.key_from_date)
    for field in ("key_to_date", "term_to_date", "ended_date"):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield from (known + _DAY for known in _days(before, after))


def _days(*messages: Date) -> Iterator[date]:
    for message in messages:
        known = to_date(message)
        if known is not None:
            yield known
