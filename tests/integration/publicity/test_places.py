"""Facilities, markets, enterprises and schools in the store: references are there on the days that need them."""

from __future__ import annotations

from typing import Any

import pytest
from geju.publicity.v1 import (
    education_session_pb2,
    education_session_service_pb2,
    facility_service_pb2,
    facts_pb2,
    school_year_pb2,
    school_year_service_pb2,
)

from services.chassis.context import Caller
from services.chassis.domain.errors import NotInForce, UnknownReference
from services.publicity.domain.errors import MarketRequired, NumbersMismatch, PlaceRequired, StillUsed, YearTaken
from tests.integration.publicity.conftest import CLERK, Bench
from tests.integration.servicers import DEPARTMENT, NORTH, SOUTH
from tests.support.publicity import SPRING, enterprise, facility, guide_board, held, market, planned, school
from tests.support.records import on, ref

ALL_FOUR = {
    name: {"evidence": "示例文件", "date": on(2011, 9, 1)} for name in ("plan", "hours", "textbooks", "teachers")
}


def session(name: str, **fields: Any) -> education_session_pb2.EducationSession:
    """Return a session of an enterprise for 80 of its staff."""
    given: dict[str, Any] = {"office": "north", "held_date": SPRING, "staff": 80, "migrant_workers": 30}
    return education_session_pb2.EducationSession(**given | {"enterprise": name} | fields)


def school_year(name: str, **fields: Any) -> school_year_pb2.SchoolYear:
    """Return what a school has in place for 2011/12: all four."""
    return school_year_pb2.SchoolYear(**{"office": "north", "school": name, "year": 2011} | ALL_FOUR | fields)


async def test_a_guide_board_stands_at_a_market_of_any_office(bench: Bench) -> None:
    """The market is there as long as the board; nothing but a guide board has one."""
    place = await bench.make(market(office="south", to_date=on(2012, 12, 31)), SOUTH)
    await bench.make(guide_board(place.name, to_date=on(2012, 12, 31)), CLERK)
    for bad, broken in (
        (guide_board(place.name), NotInForce),
        (guide_board(place.name, from_date=on(2009, 1, 1), to_date=on(2012, 1, 1)), NotInForce),
        (guide_board(ref("markets")), UnknownReference),
        (guide_board(""), MarketRequired),
        (facility(market=place.name), MarketRequired),
    ):
        with pytest.raises(broken):
            await bench.make(bad, CLERK)


async def test_a_market_stays_while_it_has_boards(bench: Bench) -> None:
    """It is not ended before its boards, not begun after them, and not deleted."""
    place = await bench.make(market())
    board = await bench.make(guide_board(place.name))
    for change in ({"to_date": on(2012, 6, 1)}, {"from_date": on(2011, 6, 1)}):
        with pytest.raises(StillUsed):
            await bench.change("Update", place, **change)
    with pytest.raises(StillUsed):
        await bench.delete(place)
    await bench.change("Update", board, to_date=on(2012, 5, 31))
    await bench.change("Update", place, to_date=on(2012, 6, 1))
    await bench.delete(board)
    await bench.delete(place)


async def test_a_facility_stays_for_the_activities_that_use_it(bench: Bench) -> None:
    """It is not closed before an activity that used it or is planned for it; a cancelled one needs nothing."""
    station = await bench.make(facility())
    await bench.make(held(office="south", facilities=[station.name]), SOUTH)
    made = await bench.make(planned(facilities=[station.name]), CLERK)
    for change in ({"to_date": on(2012, 3, 4)}, {"to_date": on(2012, 6, 10)}, {"from_date": on(2012, 3, 6)}):
        with pytest.raises(StillUsed):
            await bench.change("Update", station, **change)
    with pytest.raises(StillUsed):
        await bench.delete(station)
    await bench.call("ActivityService/CancelActivity", CLERK, name=made.name, reason="天气原因")
    await bench.change("Update", station, to_date=on(2012, 6, 10))


async def test_a_board_stands_in_a_village(bench: Bench) -> None:
    """Notice boards and libraries name their village or community."""
    with pytest.raises(PlaceRequired):
        await bench.make(facility(kind=2), CLERK)
    await bench.make(facility(kind=2, place="north-1"), CLERK)


async def test_a_session_is_of_an_enterprise_registered_on_the_day(bench: Bench) -> None:
    """Whosever the enterprise is; it is not ended before its sessions, nor deleted."""
    firm = await bench.make(enterprise(office="south"), SOUTH)
    await bench.make(session(firm.name), CLERK)
    for bad, broken in (
        (session(firm.name, held_date=on(2009, 12, 31)), NotInForce),
        (session(ref("enterprises")), UnknownReference),
        (session(firm.name, migrant_workers=81), NumbersMismatch),
    ):
        with pytest.raises(broken):
            await bench.make(bad, CLERK)
    with pytest.raises(StillUsed):
        await bench.change("Update", firm, SOUTH, to_date=on(2012, 3, 4))
    with pytest.raises(StillUsed):
        await bench.delete(firm, SOUTH)
    await bench.change("Update", firm, SOUTH, to_date=on(2012, 3, 5))


async def test_a_school_has_one_record_for_a_school_year(bench: Bench) -> None:
    """The school is there in some of it; facts say when each of the four was in place and which days the year has."""
    place = await bench.make(school(to_date=on(2012, 8, 31)))
    made = await bench.make(school_year(place.name, teachers=None), CLERK)
    with pytest.raises(YearTaken):
        await bench.make(school_year(place.name), CLERK)
    with pytest.raises(NotInForce):
        await bench.make(school_year(place.name, year=2012, **dict.fromkeys(ALL_FOUR)), CLERK)
    with pytest.raises(YearTaken):
        await _second(bench, place.name, made)
    (facts, _) = await bench.facts("school_year", facts_pb2.SchoolYearFacts)
    assert (on(2011, 9, 1), False) == (facts.plan_date, facts.HasField("teachers_date"))
    assert (on(2011, 9, 1), on(2012, 8, 31)) == (facts.begins_date, facts.ends_date)


async def _second(bench: Bench, place: str, first: Any) -> None:
    """Make a record for another year, then move it to the first one's."""
    in_time = {name: {"evidence": "示例文件", "date": on(2010, 9, 1)} for name in ALL_FOUR}
    other = await bench.make(school_year(place, year=2010, **in_time), CLERK)
    await bench.change("Correct", other, NORTH, year=first.year, **ALL_FOUR)


async def test_a_school_stays_for_its_school_years(bench: Bench) -> None:
    """It may close in the course of a school year of which something is recorded, not before it."""
    place = await bench.make(school())
    await bench.make(school_year(place.name), CLERK)
    with pytest.raises(StillUsed):
        await bench.change("Update", place, to_date=on(2011, 8, 31))
    with pytest.raises(StillUsed):
        await bench.delete(place)
    await bench.change("Update", place, to_date=on(2011, 10, 1))


@pytest.mark.parametrize("caller", [CLERK, DEPARTMENT])
async def test_sheets_name_places_by_the_offices_numbers(bench: Bench, caller: Caller) -> None:
    """Markets, enterprises and schools are found by the own number of the row's office, or of another."""
    await bench.make(market(key="S1", office="south"))
    await bench.make(enterprise(key="Q1"))
    await bench.make(school(key="X1"))
    board = facility_service_pb2.FacilityImportRow(facility=guide_board("S1", key="1"))
    lesson = education_session_service_pb2.EducationSessionImportRow(education_session=session("Q1", key="1"))
    year = school_year_service_pb2.SchoolYearImportRow(school_year=school_year("X1", key="1"))
    again = school_year_service_pb2.SchoolYearImportRow(school_year=school_year("X1", key="2"))
    created = ("CREATED", "", "")
    assert [created] == await bench.imported("FacilityService/ImportFacilities", board, caller=caller)
    assert [created] == await bench.imported("EducationSessionService/ImportEducationSessions", lesson, caller=caller)
    taken = ("REJECTED", "YEAR_TAKEN", "year")
    assert [created, taken] == await bench.imported("SchoolYearService/ImportSchoolYears", year, again, caller=caller)
    lesson.education_session.enterprise = "Q9"
    unknown = ("REJECTED", "UNKNOWN_REFERENCE", "enterprise")
    assert [unknown] == await bench.imported("EducationSessionService/ImportEducationSessions", lesson, caller=caller)
