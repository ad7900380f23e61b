"""Plans for a year, studies and exams in the store; what is due, and the department's money."""

from __future__ import annotations

from typing import Any

import pytest
from geju.funds.v1 import fund_entry_pb2
from geju.publicity.v1 import exam_service_pb2, study_session_service_pb2, year_plan_service_pb2

from services.chassis.domain.errors import UnknownEarmark, UnknownOffice, UnknownPlace
from services.publicity.domain.errors import PlaceKindMismatch, YearTaken
from tests.integration.publicity.conftest import CLERK, Bench
from tests.integration.servicers import DEPARTMENT, NORTH, SOUTH
from tests.support.publicity import audience, exam, facility, held, plan, planned, study
from tests.support.records import on

COMPLETION = "YearPlanService/GetPlanCompletion"


async def test_an_office_has_one_plan_for_a_year(bench: Bench) -> None:
    """A second one is refused, in a sheet too; another year and another office have their own."""
    await bench.make(plan(), CLERK)
    with pytest.raises(YearTaken):
        await bench.make(plan(), CLERK)
    await bench.make(plan(office="south"), SOUTH)
    rows = [
        year_plan_service_pb2.YearPlanImportRow(year_plan=plan(key=str(number), year=year, adopted_date=on(year, 1, 5)))
        for number, year in enumerate((2012, 2011, 2011, 2010))
    ]
    found = await bench.imported("YearPlanService/ImportYearPlans", *rows)
    assert ["REJECTED", "CREATED", "REJECTED", "CREATED"] == [outcome for outcome, _, _ in found]


async def test_completion_tells_how_far_the_plan_has_come(bench: Bench) -> None:
    """Held, still to come, overdue and cancelled activities of the year stand beside what the plan calls for."""
    made = await bench.make(plan())
    await bench.make(held())
    await bench.make(held(held_date=on(2011, 12, 30), planned_date=on(2012, 1, 4)))
    await bench.make(planned())
    await bench.make(planned(planned_date=on(2012, 5, 31)))
    dropped = await bench.make(planned())
    await bench.call("ActivityService/CancelActivity", name=dropped.name, reason="天气原因")
    await bench.make(held(office="south"))
    answer = await bench.call(COMPLETION)
    north, south = answer.offices
    assert (2012, made.name, 24) == (answer.year, north.year_plan, north.planned)
    assert (1, 2, 1, 1) == (north.held, north.to_come, north.overdue, north.cancelled)
    assert ("south", "", 0, 1) == (south.office, south.year_plan, south.planned, south.held)


async def test_completion_is_seen_in_one_s_scope(bench: Bench) -> None:
    """An office sees its own; a year and an office may be asked for."""
    await bench.make(held())
    await bench.make(held(office="south", held_date=on(2011, 5, 5)))
    assert ["north"] == [line.office for line in (await bench.call(COMPLETION, NORTH)).offices]
    assert [] == list((await bench.call(COMPLETION, NORTH, office="south", year=2011)).offices)
    assert ["south"] == [line.office for line in (await bench.call(COMPLETION, year=2011)).offices]
    with pytest.raises(UnknownOffice):
        await bench.call(COMPLETION, office="nowhere")


async def test_a_planned_activity_is_due_until_it_is_held_or_cancelled(bench: Bench) -> None:
    """It is listed for its office, overdue from the day after."""
    made = await bench.make(planned(planned_date=on(2012, 5, 31)))
    listed = [("计划活动待登记举办或取消", made.name, on(2012, 5, 31))]
    assert [listed, []] == [await bench.due(caller, 0) for caller in (NORTH, SOUTH)]
    await bench.call("ActivityService/HoldActivity", name=made.name, audience=audience(pupils=9))
    assert [] == await bench.due(DEPARTMENT)


async def test_a_facility_is_due_for_inspection_a_year_after_the_last(bench: Bench) -> None:
    """An activity at it puts that off; a closed one is inspected no more."""
    station = await bench.make(facility(inspected_date=on(2011, 5, 1)))
    assert [("阵地检查", station.name, on(2012, 5, 1))] == await bench.due(NORTH, 0)
    await bench.call("ActivityService/RecordHeldActivity", activity=held(facilities=[station.name]))
    assert [("阵地检查", station.name, on(2013, 3, 5))] == await bench.due(NORTH)
    await bench.change("Update", station, to_date=on(2012, 6, 1))
    assert [] == await bench.due(NORTH)


async def test_studies_and_exams_come_by_sheets(bench: Bench) -> None:
    """A study is of an organisation that was there; numbers of an exam fit each other."""
    studies = [
        study(key="1"),
        study(key="2", place="north-3"),
        study(key="3", place="north-2"),
        study(key="4", place=""),
    ]
    rows: list[Any] = [study_session_service_pb2.StudySessionImportRow(study_session=one) for one in studies]
    found = await bench.imported("StudySessionService/ImportStudySessions", *rows)
    refused = ["UNKNOWN_PLACE", "PLACE_KIND_MISMATCH", "PLACE_REQUIRED"]
    assert [("CREATED", "", ""), *(("REJECTED", reason, "place") for reason in refused)] == found
    exams = [exam(key="1"), exam(key="2", sat=41), exam(key="3", passed=39)]
    rows = [exam_service_pb2.ExamImportRow(exam=one) for one in exams]
    found = await bench.imported("ExamService/ImportExams", *rows)
    refused = ["sat", "passed"]
    assert [("CREATED", "", ""), *(("REJECTED", "NUMBERS_MISMATCH", field) for field in refused)] == found


async def test_a_study_keeps_its_organisation_when_it_is_changed(bench: Bench) -> None:
    """Another day is one on which the place was there; the street's has no place."""
    made = await bench.make(study(place="north-3", held_date=on(2011, 3, 5)), CLERK)
    with pytest.raises(UnknownPlace):
        await bench.change("Update", made, CLERK, held_date=on(2012, 3, 5))
    with pytest.raises(PlaceKindMismatch):
        await bench.change("Update", made, CLERK, organisation=1)


async def test_the_department_has_its_own_money(bench: Bench) -> None:
    """Spending on law publicity is entered against its earmarks and no other department's."""
    given: dict[str, Any] = {
        "office": "district",
        "year": 2012,
        "kind": 1,
        "amount_fen": 100,
        "entry_date": on(2012, 1, 5),
    }
    entry = fund_entry_pb2.FundEntry(**given, earmark="publicity_work")
    await bench.call("FundEntryService/CreateFundEntry", fund_entry=entry)
    entry.earmark = "mediation_work"
    with pytest.raises(UnknownEarmark):
        await bench.call("FundEntryService/CreateFundEntry", fund_entry=entry)
