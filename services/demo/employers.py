"""Invented enterprises: above designated size, in the programme of the honest and law-abiding, teaching their staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from geju.publicity.v1 import (
    education_session_pb2,
    education_session_service_pb2,
    enterprise_pb2,
    enterprise_service_pb2,
)

from services.chassis.domain.dates import from_date, to_date
from services.demo.district import OfficeLife
from services.demo.facilities import on, place_on, spread
from services.demo.people import choose
from services.demo.supervised import DAY

_E = enterprise_pb2
#: Of a hundred enterprises above designated size, how many joined in a year: by 2012 over half have.
JOINED = {2007: 8, 2008: 9, 2009: 11, 2010: 11, 2011: 11, 2012: 10}
GRADES = {
    _E.PROGRAMME_GRADE_STARTED: 46, _E.PROGRAMME_GRADE_DISTRICT: 28, _E.PROGRAMME_GRADE_CITY: 16,
    _E.PROGRAMME_GRADE_PROVINCE: 10,
}  # fmt: skip
FEWEST, MOST = 4, 13
SIZED, CLOSED, SHRUNK, SMALL_JOINED = 0.6, 0.06, 0.05, 0.06
TOPICS = ("劳动合同与工资", "安全生产", "社会保险", "工伤与职业病", "依法维权与调解")

Enterprise = enterprise_service_pb2.EnterpriseImportRow


def enterprises(bureau: OfficeLife, lives: Sequence[OfficeLife], today: dt.date) -> list[Enterprise]:
    """Give the enterprises of the district; those in the programme joined it year by year."""
    found = [row for life in lives for row in _of_office(life)]
    sized = [row.enterprise for row in found if row.enterprise.HasField("sized_from_date")]
    bureau.rng.shuffle(sized)
    small = [row.enterprise for row in found if not row.enterprise.HasField("sized_from_date")]
    joining = [*zip(sized, spread(len(sized), JOINED), strict=True)]
    joining += [(enterprise, 2010) for enterprise in small if bureau.chance(SMALL_JOINED)]
    for enterprise, year in joining:
        if year is not None:
            _join(bureau, enterprise, dt.date(year, bureau.rng.randint(1, 12), 15), today)
    return found


def _of_office(life: OfficeLife) -> Iterator[Enterprise]:
    for number in range(1, life.rng.randint(FEWEST, MOST) + 1):
        begun = dt.date(life.rng.randint(2000, 2009), life.rng.randint(1, 12), 1)
        ended = dt.date(life.rng.randint(2010, 2012), life.rng.randint(1, 11), 28) if life.chance(CLOSED) else None
        sized = max(begun, dt.date(2003, 1, 1)) + life.rng.randint(0, 700) * DAY if life.chance(SIZED) else None
        shrunk = dt.date(2011, 12, 31) if sized and not ended and life.chance(SHRUNK) else None
        yield Enterprise(
            enterprise=_E.Enterprise(
                office=life.code,
                place=place_on(life, begun),
                key=f"QY{number:02d}",
                title=f"{life.office.street_zh}示例{number}号企业",
                from_date=on(begun),
                to_date=on(ended),
                sized_from_date=on(sized),
                sized_to_date=on(shrunk),
            )
        )


def _join(bureau: OfficeLife, enterprise: _E.Enterprise, day: dt.date, today: dt.date) -> None:
    """Have an enterprise take part; who shrinks or closes stays in the programme until then."""
    begun, ended = to_date(enterprise.from_date), to_date(enterprise.to_date)
    assert begun is not None
    first = max(begun, day)
    if first > today or (ended is not None and first > ended):
        return
    enterprise.programme_from_date.CopyFrom(from_date(first))
    enterprise.programme_grade = choose(bureau, GRADES)
    if ended is not None:
        enterprise.programme_to_date.CopyFrom(from_date(ended))


def sessions(
    lives: Sequence[OfficeLife], found: Sequence[Enterprise], first_year: int, today: dt.date
) -> Iterator[education_session_service_pb2.EducationSessionImportRow]:
    """Give the sessions for staff: most enterprises hold one a year, from year to year more of them."""
    of_office = {life.code: life for life in lives}
    for enterprise in (row.enterprise for row in found):
        life, begun, ended = of_office[enterprise.office], to_date(enterprise.from_date), to_date(enterprise.to_date)
        assert begun is not None
        for year in range(first_year, today.year + 1):
            if not life.chance(life.better(0.5, 0.85) + 0.03 * (year - first_year)):
                continue
            for number in range(1, life.rng.choice((1, 1, 1, 2)) + 1):
                held = dt.date(year, life.rng.randint(1, 12), life.rng.randint(1, 28))
                if begun <= held <= min(ended or today, today):
                    yield education_session_service_pb2.EducationSessionImportRow(
                        education_session=_session(life, enterprise, held, number)
                    )


def _session(
    life: OfficeLife, enterprise: _E.Enterprise, held: dt.date, number: int
) -> education_session_pb2.EducationSession:
    staff = life.rng.randint(15, 240)
    return education_session_pb2.EducationSession(
        office=life.code,
        place=enterprise.place,
        key=f"{enterprise.key}-{held:%Y}-{number}",
        enterprise=enterprise.key,
        held_date=on(held),
        staff=staff,
        migrant_workers=round(staff * life.rng.uniform(0.2, 0.8)),
        topic=f"演示:{life.rng.choice(TOPICS)}",
    )
