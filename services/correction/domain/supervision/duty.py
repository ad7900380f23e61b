"""One act that a person under correction owes by a day (监管任务)."""

from __future__ import annotations

from datetime import date
from itertools import accumulate
from typing import Any

from geju.correction.v1 import duty_pb2 as pb

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import day, put
from services.correction.domain.errors import StepFact
from services.correction.domain.subjects import SUPERVISED, check_person
from services.correction.domain.supervision.errors import DutyDone, DutyExcused, HoursRequired, NotFirstOfMonth

Duty = pb.Duty
OF_HOURS = frozenset({pb.DUTY_KIND_EDUCATION, pb.DUTY_KIND_COMMUNITY_WORK})
#: Belong to no month: they are due by a day.
BY_DAY = frozenset({pb.DUTY_KIND_REPORT, pb.DUTY_KIND_HOME_VISIT})
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


def check_step_fields(new: Duty, old: Duty | None) -> None:
    """Refuse what a step records in a new duty or a plain update. Raises StepFact."""
    before: Any = old or Duty()
    for name in STEP_FIELDS:
        if getattr(new, name) != getattr(before, name):
            raise StepFact(name)


def is_closed(duty: Duty) -> bool:
    """Tell whether a duty is done or excused: it is corrected from then on, not updated."""
    return duty.HasField("met_date") or bool(duty.excuse)


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


def record(duty: Duty, on: pb.Duty, rules: Rules) -> date:
    """Record that an act was done, as `on` tells: met_date, one attendance, grade, note; return the day.

    Raises DutyDone, DutyExcused, HoursRequired, InvalidField, FutureDate.
    """
    _check_open(duty)
    done = day(rules, "done_date", on.met_date)
    if bool(on.hours) != (duty.kind in OF_HOURS):
        raise HoursRequired("hours")
    if bool(on.grade) != (duty.kind == pb.DUTY_KIND_ASSESSMENT):
        raise InvalidField("grade", expected="季度考核须填等次,其他任务不填")
    if duty.kind in OF_HOURS:
        _attend(duty, done, on)
    else:
        put(duty, "met_date", done)
    duty.grade = on.grade or duty.grade
    duty.note = on.note or duty.note
    return done


def _attend(duty: Duty, on: date, what: Duty) -> None:
    """Add one attendance in the duty's month. Raises InvalidField."""
    month = to_date(duty.month_date)
    if month is None or (on.year, on.month) != (month.year, month.month):
        raise InvalidField("done_date", expected="参加日期须在任务所属月份内")
    topic = what.attendances[0].topic if what.attendances else ""
    sitting = duty.attendances.add(hours=what.hours, topic=topic)
    put(sitting, "held_date", on)
    count_hours(duty)


def excuse(duty: Duty, why: pb.DutyExcuse.ValueType, on: Any, rules: Rules) -> date:
    """Say that an act is not owed after all; return the day. Raises DutyDone, DutyExcused, InvalidField."""
    _check_open(duty)
    if not why:
        raise InvalidField("excuse", expected="请选择免除事由")
    duty.excuse = why
    return day(rules, "excused_date", on)
