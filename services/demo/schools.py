"""Invented schools and what they have in place for each school year: plan, class hours, textbooks, teachers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from geju.publicity.v1 import school_pb2, school_service_pb2, school_year_pb2, school_year_service_pb2

from services.chassis.domain.dates import from_date, to_date
from services.demo.district import OfficeLife
from services.demo.facilities import on, place_on
from services.demo.supervised import DAY

FOUR = ("plan", "hours", "textbooks", "teachers")
KINDS = ("小学", "中学", "职业学校")
FEWEST, MOST = 3, 5
#: Of a hundred schools, how many have all four in the first school year and in the last; of the others, all but one.
FIRST_FULL, LAST_FULL = 0.78, 0.95
NO_RECORD = 0.01

School = school_service_pb2.SchoolImportRow


def schools(lives: Sequence[OfficeLife]) -> list[School]:
    """Give the schools, of which most have a deputy head for law; one closed, some opened later."""
    found = []
    for life in lives:
        for number in range(1, life.rng.randint(FEWEST, MOST) + 1):
            opened = dt.date(2010, 9, 1) if number == MOST else dt.date(life.rng.randint(2000, 2005), 9, 1)
            closed = dt.date(2011, 8, 31) if number == MOST - 1 and life.chance(0.1) else None
            school = school_pb2.School(
                office=life.code,
                place=place_on(life, opened),
                key=f"XX{number}",
                title=f"{life.office.street_zh}示例第{number}{life.rng.choice(KINDS)}",
                from_date=on(opened),
                to_date=on(closed),
                law_deputy_head=life.chance(life.better(0.8, 1.0)),
            )
            found.append(School(school=school))
    return found


def school_years(
    lives: Sequence[OfficeLife], found: Sequence[School], first_year: int, today: dt.date
) -> Iterator[school_year_service_pb2.SchoolYearImportRow]:
    """Give what each school has in place, from the school year in which the first year begins."""
    of_office = {life.code: life for life in lives}
    for school in (row.school for row in found):
        life, opened, closed = of_office[school.office], to_date(school.from_date), to_date(school.to_date)
        assert opened is not None
        for year in range(first_year - 1, today.year + 1):
            begins = dt.date(year, 9, 1)
            if begins < opened or (closed is not None and begins > closed) or life.chance(NO_RECORD):
                continue
            part = (year - first_year + 1) / (today.year - first_year + 1)
            missing = set() if life.chance(FIRST_FULL + (LAST_FULL - FIRST_FULL) * part) else {life.rng.choice(FOUR)}
            yield school_year_service_pb2.SchoolYearImportRow(school_year=_year(life, school, begins, missing))


def _year(
    life: OfficeLife, school: school_pb2.School, begins: dt.date, missing: set[str]
) -> school_year_pb2.SchoolYear:
    """Have the four things in place about the beginning of the school year, but for what is missing."""
    year = school_year_pb2.SchoolYear(
        office=life.code,
        place=school.place,
        key=f"{school.key}-{begins.year}",
        school=school.key,
        year=begins.year,
    )
    for number, name in enumerate(FOUR, 1):
        if name not in missing:
            in_place = getattr(year, name)
            in_place.evidence = f"示例{begins.year}-{number}号"
            in_place.date.CopyFrom(from_date(begins + life.rng.randint(-12, 20) * DAY))
    return year
