"""Invented studies and exams of officials: collective studies of every organisation, exams by grade."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from geju.publicity.v1 import exam_pb2, exam_service_pb2, study_session_pb2, study_session_service_pb2

from services.chassis.domain.profile import Place
from services.demo.district import OfficeLife
from services.demo.facilities import Days, on
from services.demo.supervised import DAY

_S, _X = study_session_pb2, exam_pb2
OF_PLACE = {"village": _S.STUDY_ORGANISATION_VILLAGE, "community": _S.STUDY_ORGANISATION_COMMUNITY}
#: Studies of a year, of those who keep to the quota and of those who do not.
ENOUGH, TOO_FEW = (4, 4, 4, 4, 5), (1, 2, 3, 3)
#: How much rarer who is behind becomes each year.
BETTER_EACH_YEAR = 0.015
TOPICS = ("宪法", "行政许可法", "村民委员会组织法", "土地管理法", "人民调解法", "信访条例", "劳动合同法")
#: Who has to sit the bureau's exams, and about how many.
OF_THE_BUREAU = {
    _X.EXAM_GRADE_DISTRICT_LEADERS: 32, _X.EXAM_GRADE_SECTION_HEADS: 210, _X.EXAM_GRADE_OFFICIALS: 1350,
}  # fmt: skip
CADRES_OF_A_PLACE = 5

Study = study_session_service_pb2.StudySessionImportRow


def studies(life: OfficeLife, first_year: int, today: dt.date) -> Iterator[Study]:
    """Give the studies of the street or township, of its villages and communities, spread over each year."""
    for year in range(first_year, today.year + 1):
        yield from _of_year(life, None, Days(dt.date(year, 1, 1), min(dt.date(year, 12, 31), today)))
        for place in life.places:
            days = Days(dt.date(year, 1, 1), min(dt.date(year, 12, 31), today))
            there = days.within(place.valid_from, place.valid_to)
            if there is not None:
                yield from _of_year(life, place, there)


def _of_year(life: OfficeLife, place: Place | None, days: Days) -> Iterator[Study]:
    assert days.last is not None
    keeps = life.chance(life.better(0.78, 0.98) + BETTER_EACH_YEAR * (days.first.year - 2008))
    number = life.rng.choice(ENOUGH if keeps else TOO_FEW)
    length = (days.last - days.first).days + 1
    for index in range(number):
        held = days.first + int((index + life.rng.random()) * length / number) * DAY
        code = place.code if place else ""
        yield Study(
            study_session=_S.StudySession(
                office=life.code,
                place=code,
                key=f"XF-{code or 'jd'}-{held:%Y}-{index + 1}",
                organisation=OF_PLACE[place.kind] if place else _S.STUDY_ORGANISATION_STREET,
                held_date=on(held),
                attendance=life.rng.randint(4, 15) if place else life.rng.randint(20, 80),
                topic=f"演示:学习《{life.rng.choice(TOPICS)}》",
            )
        )


def exams(
    bureau: OfficeLife, lives: Sequence[OfficeLife], first_year: int, today: dt.date
) -> Iterator[exam_service_pb2.ExamImportRow]:
    """Give the yearly exams: the bureau's of leaders and officials, each office's of village cadres."""
    for year in range(first_year, today.year + 1):
        sitting = [(bureau, grade, about) for grade, about in OF_THE_BUREAU.items()]
        sitting += [(life, _X.EXAM_GRADE_VILLAGE_CADRES, CADRES_OF_A_PLACE * len(life.places)) for life in lives]
        for life, grade, about in sitting:
            held = dt.date(year, 11, life.rng.randint(1, 30))
            if held <= today:
                yield exam_service_pb2.ExamImportRow(exam=_exam(life, grade, about, held))


def _exam(life: OfficeLife, grade: _X.ExamGrade.ValueType, about: int, held: dt.date) -> _X.Exam:
    """Hold an exam that nearly all sit, from year to year more of them, and nearly all who sit pass."""
    had_to_sit = round(about * life.rng.uniform(0.95, 1.05))
    away = life.better(0.06, 0.0) / (held.year - 2006)
    sat = had_to_sit - round(had_to_sit * life.rng.uniform(0, away))
    passed = sat - round(sat * life.rng.uniform(0, life.better(0.06, 0.02)))
    return _X.Exam(
        office=life.code,
        key=f"KS{held:%Y}-{grade}",
        grade=grade,
        held_date=on(held),
        had_to_sit=had_to_sit,
        sat=sat,
        passed=passed,
    )
