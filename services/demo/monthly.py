"""The monthly register of a person under correction: reports, visits, hours, thought reports, assessments."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from geju.correction.v1 import duty_pb2 as pb
from geju.correction.v1 import duty_service_pb2 as rpc

from services.chassis.domain.dates import add_months, from_date, set_date
from services.chassis.domain.supervision import Supervision
from services.demo import schedule
from services.demo.supervised import DAY, Supervised

GRADES = [pb.ASSESSMENT_GRADE_GOOD, pb.ASSESSMENT_GRADE_PASS, pb.ASSESSMENT_GRADE_BASIC, pb.ASSESSMENT_GRADE_FAIL]
QUARTER = 3
ASSESSED_WITHIN = 10 * DAY


def register(person: Supervised, supervision: Supervision, today: dt.date) -> list[rpc.DutyImportRow]:
    """Give a row for every month under correction; what was missed is noted on the person."""
    if person.taken is None:
        return []
    rows: dict[dt.date, rpc.DutyImportRow] = {}
    for month in _months(person.taken, person.until):
        row = rows[month] = rpc.DutyImportRow(office=person.life.code, person=person.number)
        set_date(row.month_date, month)
        _hours(person, supervision, row, month)
    _reports(person, rows, [day for day in schedule.due(supervision, person, "report") if day <= today])
    # Visits are drawn for more days than those that count: fewer draws would change everybody who comes after.
    days = schedule.due(supervision, person, "home_visit", anew=False)
    _visits(person, rows, [day for day in days if day <= today])
    owed = {day.replace(day=1) for day in schedule.due(supervision, person, "home_visit")}
    for month in rows.keys() - owed:
        del rows[month].visit_dates[:]
    return [row for row in rows.values() if _filled(row)]


def _months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = add_months(month, 1)


def _filled(row: rpc.DutyImportRow) -> bool:
    own = {field.name for field, _ in row.ListFields()}
    return bool(own - {"office", "person", "month_date"})


def _reports(person: Supervised, rows: dict[dt.date, rpc.DutyImportRow], days: list[dt.date]) -> None:
    life = person.life
    made: dict[dt.date, set[dt.date]] = defaultdict(set)
    for due in days:
        if any(span.covers(due) for span in person.absences):
            continue
        if life.chance(life.better(0.05, 0.003)):
            person.missed.append(due)
            continue
        late = life.chance(life.better(0.04, 0.003))
        day = due + life.rng.randint(1, 3) * DAY if late else due - life.rng.choice([0, 0, 0, 1, 2]) * DAY
        # The register is kept by months: a report is written into the month in which it was due.
        month = due.replace(day=1)
        made[month].add(min(max(day, month, person.taken or month), add_months(month, 1) - DAY, person.until))
    for month, of_month in made.items():
        rows[month].report_dates.extend(from_date(day) for day in sorted(of_month))


def _visits(person: Supervised, rows: dict[dt.date, rpc.DutyImportRow], days: list[dt.date]) -> None:
    """Visit at home on the day on which it falls due or a little before."""
    for due in days:
        if person.life.chance(person.life.better(0.9, 1.0)) and not any(span.covers(due) for span in person.absences):
            month = due.replace(day=1)
            day = max(due - person.life.rng.randrange(3) * DAY, month, person.taken or month)
            if from_date(day) not in rows[month].visit_dates:
                rows[month].visit_dates.append(from_date(day))


def _hours(person: Supervised, supervision: Supervision, row: rpc.DutyImportRow, month: dt.date) -> None:
    """Fill in what is owed for a whole month; away from the office nobody learns or works."""
    life, last = person.life, add_months(month, 1) - DAY
    assert person.taken is not None
    if month < person.taken or last > person.until:
        return
    if any(span.covers(last) or span.covers(month) for span in person.absences):
        return
    owed = supervision.hours_owed("education", month)
    row.education_hours = _attended(person, owed, life.better(0.09, 0.004))
    if not person.record.unable_to_work:
        owed = supervision.hours_owed("community_work", month)
        row.work_hours = _attended(person, owed, life.better(0.12, 0.006))
    if life.chance(life.better(0.93, 1.0)):
        set_date(row.thought_report_date, last - life.rng.randrange(9) * DAY)
    # Whoever is let go before the assessment is due is not assessed any more.
    assessed = month.month % QUARTER == 0 and not (person.ended and person.until < last + ASSESSED_WITHIN)
    if assessed and life.chance(life.better(0.95, 1.0)):
        set_date(row.assessment_date, last - life.rng.randrange(5) * DAY)
        row.grade = life.rng.choices(GRADES, [15, 70, 12, 3])[0]


def _attended(person: Supervised, owed: int, missing: float) -> int:
    """Return the hours of a month: enough in most."""
    if person.life.chance(missing):
        return person.life.rng.randrange(owed) if owed else 0
    return owed + person.life.rng.randrange(4)
