"""The monthly register (月度台账): a row of days and hours brought to the duties of the person and month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from geju.correction.v1 import duty_pb2
from geju.correction.v1.duty_service_pb2 import DutyImportRow as Row
from google.type.date_pb2 import Date

from services.chassis.domain.dates import add_months, to_date
from services.chassis.domain.errors import FutureDate, InvalidField
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import put
from services.correction.domain.supervision.duty import count_hours
from services.correction.domain.supervision.errors import NoDuty, NotFirstOfMonth
from services.correction.domain.supervision.planning import ASSESSMENT, HOME_VISIT, REPORT, month_end, quarter_of

Duty = duty_pb2.Duty
#: Says of a duty or an attendance that the register told of it: a changed row takes it back.
MARK = "月度台账"
#: A day meets a duty that was due up to so many days before; one due so soon after the month belongs to it too.
NEAR = timedelta(days=6)
_LABELS: Mapping[int, str] = {REPORT: "报告", HOME_VISIT: "走访"}
_HOURS = (
    (duty_pb2.DUTY_KIND_EDUCATION, "education_hours", "教育学习"),
    (duty_pb2.DUTY_KIND_COMMUNITY_WORK, "work_hours", "公益劳动"),
)


def month_of_row(row: Row, rules: Rules) -> date:
    """Return the month of a row. Raises NotFirstOfMonth, FutureDate, InvalidField (a day of another month)."""
    month = to_date(row.month_date)
    if month is None or month.day != 1:
        raise NotFirstOfMonth("month_date")
    latest = rules.today.replace(day=1)
    if month > latest:
        raise FutureDate("month_date", date=month, latest=latest)
    for field in ("report_dates", "visit_dates"):
        for index, day in enumerate(_days(getattr(row, field))):
            _check_within(f"{field}[{index}]", day, month)
    if (held := to_date(row.hours_date)) is not None:
        _check_within("hours_date", held, month)
    if bool(row.grade) != row.HasField("assessment_date"):
        raise InvalidField("grade", expected="考核日期与等次须同时填写")
    return month


def _check_within(field: str, day: date, month: date) -> None:
    if day.replace(day=1) != month:
        raise InvalidField(field, expected="须在该行所属月份内")


def span(month: date) -> tuple[date, date]:
    """Return the first and the last due day of the duties that a row of a month may speak of."""
    return add_months(quarter_of(month), -3), add_months(quarter_of(month), 3) + timedelta(days=60)


def apply(row: Row, duties: Sequence[Duty], rules: Rules) -> list[Duty]:
    """Bring a row to the person's duties; return those that it changed. Raises NoDuty, NotFirstOfMonth, FutureDate, ….

    The same row changes nothing; a changed one replaces what the register said of the month.
    """
    month = month_of_row(row, rules)
    before = [duty.SerializeToString() for duty in duties]
    _by_day(REPORT, "report_dates", row, month, duties)
    _by_day(HOME_VISIT, "visit_dates", row, month, duties)
    held = to_date(row.hours_date) or min(month_end(month), rules.today)
    for kind, field, label in _HOURS:
        _hours(
            [duty for duty in duties if duty.kind == kind and _month(duty) == month], getattr(row, field), held, label
        )
    _once(duty_pb2.DUTY_KIND_THOUGHT_REPORT, "思想汇报", row.thought_report_date, _own_month(duties, month))
    _assess(row, month, duties)
    return [duty for duty, was in zip(duties, before, strict=True) if duty.SerializeToString() != was]


def _by_day(kind: int, field: str, row: Row, month: date, duties: Iterable[Duty]) -> None:
    """Let each day meet the earliest open duty due on it or soon before or after, else the earliest overdue one."""
    days = sorted(_days(getattr(row, field)))
    own = sorted((duty for duty in duties if duty.kind == kind and not duty.excuse), key=_due)
    near = [duty for duty in own if month <= _due(duty) <= month_end(month) + NEAR]
    for duty in near:  # what the register said before and says no more
        if duty.note == MARK and (met := to_date(duty.met_date)) is not None and _is_of(met, month) and met not in days:
            duty.ClearField("met_date")
            duty.note = ""
    for day in days:
        if any(to_date(duty.met_date) == day for duty in own):
            continue
        if not near:
            raise NoDuty(field, kind=_LABELS[kind])
        opened = [duty for duty in near if not duty.HasField("met_date")]
        timely = [duty for duty in opened if _due(duty) >= day - NEAR]
        if found := next(iter(timely or opened), None):
            _meet(found, day)


def _meet(duty: Duty, day: date) -> None:
    put(duty, "met_date", day)
    duty.note = duty.note or MARK


def _hours(duties: Sequence[Duty], hours: int, held: date, label: str) -> None:
    """Let the register's attendance say so many hours, beside those that were recorded one by one."""
    if not duties:
        if hours:
            raise NoDuty("hours_date", kind=label)
        return
    duty = duties[0]
    if duty.excuse:
        return
    others = [sitting for sitting in duty.attendances if sitting.topic != MARK]
    more = hours - sum(sitting.hours for sitting in others)
    del duty.attendances[:]
    duty.attendances.extend(others)
    while more > 0:  # an attendance is a day's at most
        part = min(more, 24)
        sitting = duty.attendances.add(hours=part, topic=MARK)
        put(sitting, "held_date", held)
        more -= part
    count_hours(duty)


def _once(kind: int, label: str, given: Date, duties: Iterable[Duty]) -> None:
    own = [duty for duty in duties if duty.kind == kind and not duty.excuse]
    day = to_date(given)
    if day is not None and not own:
        raise NoDuty("thought_report_date", kind=label)
    for duty in own:
        _replace(duty, day)


def _replace(duty: Duty, day: date | None) -> None:
    """Let a duty be met on the day that the register says; what somebody else recorded stays."""
    if duty.note == MARK and to_date(duty.met_date) != day:
        duty.ClearField("met_date")
        duty.note = ""
    if day is not None and not duty.HasField("met_date"):
        _meet(duty, day)


def _assess(row: Row, month: date, duties: Iterable[Duty]) -> None:
    """Record the assessment: of the quarter before while that one is due, else of the month's own quarter."""
    own = {_month(duty): duty for duty in duties if duty.kind == ASSESSMENT and not duty.excuse}
    day, quarter = to_date(row.assessment_date), quarter_of(month)
    last, this = own.get(add_months(quarter, -3)), own.get(quarter)
    if day is None:
        return
    duty = this if last is None or (day > _due(last) and this is not None) else last
    if duty is None:
        raise NoDuty("assessment_date", kind="季度考核")
    _replace(duty, day)
    if duty.note == MARK:
        duty.grade = row.grade


def _own_month(duties: Iterable[Duty], month: date) -> list[Duty]:
    return [duty for duty in duties if _month(duty) == month]


def _is_of(day: date, month: date) -> bool:
    return day.replace(day=1) == month


def _month(duty: Duty) -> date | None:
    return to_date(duty.month_date)


def _due(duty: Duty) -> date:
    found = to_date(duty.due_date)
    assert found is not None, "the contract requires the day"
    return found


def _days(messages: Iterable[Date]) -> list[date]:
    return [day for message in messages if (day := to_date(message)) is not None]
