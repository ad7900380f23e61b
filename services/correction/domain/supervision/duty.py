"""One act that a person under correction owes by a day (监管任务)."""

from __future__ import annotations

from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple

from geju.correction.v1 import duty_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.contract import value_label
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import day, put
from services.correction.domain.subjects import SUPERVISED, check_person
from services.correction.domain.supervision.errors import DutyDone, DutyExcused, HoursRequired, NotFirstOfMonth

Duty = pb.Duty
OF_HOURS = frozenset({pb.DUTY_KIND_EDUCATION, pb.DUTY_KIND_COMMUNITY_WORK})
#: Belong to no month: they are due by a day.
BY_DAY = frozenset({pb.DUTY_KIND_REPORT, pb.DUTY_KIND_HOME_VISIT})
_DUES = {
    value.number: f"correction.duty.{value.name.removeprefix('DUTY_KIND_').lower()}"
    for value in pb.DutyKind.DESCRIPTOR.values
}
#: What each kind of duty is called where it is due.
DUE_LABELS = {code: value_label(pb.DutyKind.DESCRIPTOR.values_by_number[kind]) for kind, code in _DUES.items() if kind}
#: Nobody makes up for a report or a visit that was missed longer ago.
LAPSE_DAYS = 31
STEP_FIELDS = ("met_date", "attendances", "grade", "excuse")


def check(new: Duty, old: Duty | None, _rules: Rules) -> None:
    """Guard a duty on every change; hours add up. Raises NotAPerson, NotFirstOfMonth, HoursRequired, InvalidField."""
    check_person(new, old, SUPERVISED)
    month = to_date(new.month_date)
    if (month is None) != (new.kind in BY_DAY):
        raise InvalidField("month_date", expected="报告、走访不填月份,其他任务须填月份")
    if month is not None and month.day != 1:
        raise NotFirstOfMonth("month_date")
    if bool(new.required_hours) != (new.kind in OF_HOURS) or (new.attendances and new.kind not in OF_HOURS):
        raise HoursRequired("required_hours")
    if new.grade and new.kind != pb.DUTY_KIND_ASSESSMENT:
        raise InvalidField("grade", expected="只有季度考核填写等次")
    count_hours(new)


def is_closed(duty: Duty) -> bool:
    """Tell whether a duty is done or excused: it is corrected from then on, not updated."""
    return duty.HasField("met_date") or bool(duty.excuse)


def dues(duty: Duty) -> list[tuple[date, str]]:
    """Return the day by which an open duty is owed, and what it is."""
    due = to_date(duty.due_date)
    return [] if due is None or is_closed(duty) else [(due, _DUES[duty.kind])]


def count_hours(duty: Duty) -> None:
    """Put attendances in order of day, add the hours up and find the day on which they were reached."""
    if duty.kind not in OF_HOURS:
        duty.hours = 0
        return
    sittings = sorted(
        duty.attendances, key=lambda held: (held.held_date.year, held.held_date.month, held.held_date.day)
    )
    del duty.attendances[:]
    duty.attendances.extend(sittings)
    sums = list(accumulate(sitting.hours for sitting in sittings))
    duty.hours = sums[-1] if sums else 0
    reached = (s.held_date for s, total in zip(sittings, sums, strict=True) if total >= duty.required_hours)
    found = next(reached, None)
    put(duty, "met_date", None if found is None else to_date(found))


def _check_open(duty: Duty) -> None:
    if duty.HasField("met_date"):
        raise DutyDone("met_date")
    if duty.excuse:
        raise DutyExcused("excuse")


class Done(NamedTuple):
    """What is told of an act: the day (empty: today), hours attended and their topic, a grade, a note."""

    done_date: Date
    hours: int
    topic: str
    grade: pb.AssessmentGrade.ValueType
    note: str

    @classmethod
    def of(cls, request: Any) -> Done:
        """Return what a request tells."""
        return cls(*(getattr(request, name) for name in cls._fields))


def record(duty: Duty, told: Done, rules: Rules) -> date:
    """Record that an act was done, or for hours one attendance; return the day.

    Raises DutyDone, DutyExcused, HoursRequired, InvalidField, FutureDate.
    """
    _check_open(duty)
    on = day(rules, "done_date", told.done_date)
    if bool(told.hours) != (duty.kind in OF_HOURS):
        raise HoursRequired("hours")
    if bool(told.grade) != (duty.kind == pb.DUTY_KIND_ASSESSMENT):
        raise InvalidField("grade", expected="季度考核须填等次,其他任务不填")
    if duty.kind in OF_HOURS:
        _attend(duty, on, told)
    else:
        put(duty, "met_date", on)
    duty.grade = told.grade
    duty.note = told.note or duty.note
    return on


def _attend(duty: Duty, on: date, told: Done) -> None:
    """Add one attendance. Raises InvalidField: a month's hours are not done before it."""
    month = to_date(duty.month_date)
    if month is None or on.replace(day=1) < month:
        raise InvalidField("done_date", expected="参加日期不能早于任务所属月份")
    sitting = duty.attendances.add(hours=told.hours, topic=told.topic)
    put(sitting, "held_date", on)
    count_hours(duty)


def excuse(duty: Duty, why: pb.DutyExcuse.ValueType, on: Any, rules: Rules) -> date:
    """Say that an act is not owed after all; return the day. Raises DutyDone, DutyExcused, InvalidField."""
    _check_open(duty)
    if not why:
        raise InvalidField("excuse", expected="请选择免除事由")
    duty.excuse = why
    return day(rules, "excused_date", on)
