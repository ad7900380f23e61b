"""What happens to facilities, markets, enterprises and schools: opened, of size, in the programme, closed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from geju.publicity.v1 import (
    education_session_pb2,
    enterprise_pb2,
    facility_pb2,
    market_pb2,
    school_pb2,
    school_year_pb2,
)

from services.chassis.domain.dates import from_date, to_date
from services.chassis.domain.spans import in_force
from tests.support.story import Teller

BEGINNING = from_date(date(2010, 3, 1))
GUIDE_BOARD = facility_pb2.FACILITY_KIND_GUIDE_BOARD
#: What stands in a community for it to be counted.
OF_A_COMMUNITY = (facility_pb2.FACILITY_KIND_NOTICE_BOARD, facility_pb2.FACILITY_KIND_LAW_LIBRARY)
SPANS = ("facilities", "facilities", "markets", "enterprises", "schools")
FOUR = ("plan", "hours", "textbooks", "teachers")
YEARS = (2010, 2011, 2011)


async def begin(t: Teller) -> None:
    """Give every office what stands there since before the story: a market, a station, an enterprise and a school."""
    for office in t.profile.offices:
        own = {"office": office.code, "title": "示例", "from_date": BEGINNING}
        station = facility_pb2.FACILITY_KIND_COUNSELLING_STATION
        for made in (
            market_pb2.Market(large=True, **own),
            facility_pb2.Facility(kind=station, **own),
            enterprise_pb2.Enterprise(sized_from_date=BEGINNING, **own),
            school_pb2.School(**own),
        ):
            assert await t.make(made) is not None, t.refused


def used(t: Teller, on: date | None) -> list[Any]:
    """Return the facilities in use on a day."""
    return [one for one in t.of("facilities") if on is not None and in_force(one, on)]


async def open_facility(t: Teller) -> None:
    """Open a facility where its kind stands."""
    office, kind, on = t.office(), t.value(facility_pb2.FacilityKind), t.day()
    made = facility_pb2.Facility(office=office, title="示例阵地", kind=kind)
    if kind == GUIDE_BOARD:
        markets = t.of("markets")
        if not markets:
            return
        market = t.some(markets)
        made.market, on = market.name, t.day(market.from_date, most=600)
        if market.HasField("to_date"):
            made.to_date.CopyFrom(market.to_date)
    elif kind in OF_A_COMMUNITY or t.likely(0.3):
        made.place = t.place(office, to_date(on) or t.today)
    made.from_date.CopyFrom(on)
    await t.make(made)


async def open_place(t: Teller) -> None:
    """Register a market, an enterprise or a school."""
    made = t.some(
        [
            market_pb2.Market(title="示例市场", large=t.likely(0.7)),
            enterprise_pb2.Enterprise(title="示例企业"),
            enterprise_pb2.Enterprise(title="示例企业"),
            school_pb2.School(title="示例学校", law_deputy_head=t.likely(0.5)),
        ]
    )
    made.office = t.office()
    made.from_date.CopyFrom(t.day())
    await t.make(made)


async def close(t: Teller) -> None:
    """Close what is open, now or later, or delete it; what others need stays."""
    found = t.of(t.some(SPANS))
    if len(found) < 3 * len(t.profile.offices):
        return
    record = t.some(found)
    if t.likely(0.3):
        await t.drop(record)
    elif record.HasField("to_date"):
        await t.change(record, corrected=True, to_date=None)
    else:
        await t.change(record, to_date=t.until(record.from_date, 60, 800))


async def grow(t: Teller) -> None:
    """Have an enterprise reach the designated size, join the programme, or leave either."""
    enterprises = t.of("enterprises")
    if not enterprises:
        return
    enterprise = t.some(enterprises)
    span = t.some(("sized", "programme"))
    first, last = f"{span}_from_date", f"{span}_to_date"
    if enterprise.HasField(first):
        since = getattr(enterprise, first)
        await t.change(enterprise, **{last: None if enterprise.HasField(last) else t.until(since, 0, 300)})
        return
    grade = {"programme_grade": t.value(enterprise_pb2.ProgrammeGrade)} if span == "programme" else {}
    await t.change(enterprise, **{first: t.day(enterprise.from_date, most=200)}, **grade)


async def educate(t: Teller) -> None:
    """Hold a session for the staff of an enterprise; correct or delete one."""
    sessions, enterprises = t.of("educationSessions"), t.of("enterprises")
    if sessions and t.likely(0.3):
        session = t.some(sessions)
        if t.likely(0.5):
            await t.drop(session)
        else:
            await t.change(session, corrected=True, held_date=t.day(session.held_date, most=100))
    elif enterprises:
        enterprise, staff = t.some(enterprises), t.chance.randrange(1, 90)
        await t.make(
            education_session_pb2.EducationSession(
                office=enterprise.office, enterprise=enterprise.name, held_date=t.day(enterprise.from_date, most=400),
                staff=staff, migrant_workers=t.chance.randrange(staff), topic="示例教育",
            )
        )  # fmt: skip


async def school(t: Teller) -> None:
    """Record what a school has in place for a school year, complete it, correct it or delete it."""
    years, schools = t.of("schoolYears"), t.of("schools")
    if years and t.likely(0.5):
        known = t.some(years)
        if t.likely(0.2):
            await t.drop(known)
        elif t.likely(0.3):
            await t.change(known, corrected=True, **{t.some(FOUR): None})
        else:
            await t.change(known, **_in_place(t, known.year))
    elif schools:
        one, year = t.some(schools), t.some(YEARS)
        own = {"office": one.office, "school": one.name, "year": year}
        await t.make(school_year_pb2.SchoolYear(**own, **_in_place(t, year)))


def _in_place(t: Teller, year: int) -> dict[str, school_year_pb2.InPlace]:
    """Return what is in place, mostly all of it, mostly from the beginning of a school year on."""
    days = {name: t.day(date(year, 8, 20), most=40 if t.likely(0.8) else 300) for name in FOUR if t.likely(0.9)}
    return {name: school_year_pb2.InPlace(evidence="示例材料", date=day) for name, day in days.items()}


STEPS: Sequence[Callable[..., Any]] = (
    *[open_facility] * 4, open_place, *[close] * 2, *[grow] * 2, *[educate] * 2, *[school] * 3,
)  # fmt: skip
