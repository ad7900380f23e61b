"""Stations, volunteers, shifts, travel times, reliefs and answers over the store: their rules with each other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from geju.common.v1 import import_pb2
from geju.legalaid.v1 import facts_pb2

from services.chassis.classification import unclassified
from services.chassis.domain.errors import FutureDate, InvalidField, NotFound, NotInForce, RuleError, UnknownReference
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.subject_service import SubjectServicer
from services.legalaid.domain.stations.errors import HasShifts, HasTravelTimes, ServedOutside, TravelTimeTaken
from tests.integration.legalaid.stations.conftest import CLERK, Bench, reasons
from tests.integration.servicers import NORTH, SOUTH
from tests.support.canaries import FORMS, MARK, is_personal
from tests.support.records import changed, on, ref
from tests.unit.legalaid.stations.examples import EXAMPLES

DAYS = {"consultation": "held_date", "station": "from_date", "travel_time": "from_date", "aid_volunteer": "from_date"}
DAYS |= {"volunteer_shift": "served_date", "fee_relief": "granted_date", "aid_survey_answer": "answered_date"}
CREATED, UNCHANGED = import_pb2.ROW_OUTCOME_CREATED, import_pb2.ROW_OUTCOME_UNCHANGED


async def example(bench: Bench, what: str, **fields: Any) -> Any:
    """Return a record of a kind whose references lead somewhere, not yet made."""
    record = changed(EXAMPLES[what], **fields)
    if "station" in record.DESCRIPTOR.fields_by_name and "station" not in fields:
        record.station = (await bench.station()).name
    if "volunteer" in record.DESCRIPTOR.fields_by_name and "volunteer" not in fields:
        record.volunteer = (await bench.volunteer()).name
    return record


@pytest.mark.parametrize("what", EXAMPLES)
async def test_a_record_is_made_read_changed_and_deleted(bench: Bench, what: str) -> None:
    """Its facts tell the day; another office does not see it; deleted, it is gone."""
    made = await bench.make(await example(bench, what), CLERK)
    made = await bench.change("Update", made, CLERK, **{DAYS[what]: on(2012, 5, 2)})
    kind = next(kind for kind in bench.store.kinds if kind.name == what)
    [facts] = await bench.facts(what, kind.facts)
    assert ("north", on(2012, 5, 2)) == (facts.office, getattr(facts, DAYS[what]))
    with pytest.raises(NotFound):
        await bench.get(made, SOUTH)
    await bench.delete(made, NORTH)
    with pytest.raises(NotFound):
        await bench.get(made)


@pytest.mark.parametrize("what", EXAMPLES)
@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"day": on(2012, 6, 3)}, FutureDate),
        ({"day": on(1800, 1, 1)}, RuleError),
        ({"day": None}, RuleError),
        ({"office": "nowhere"}, RuleError),
        ({"office": "south"}, NotFound),
        ({"place": "south-1"}, RuleError),
    ],
)
async def test_bad_input_is_refused(bench: Bench, what: str, fields: Any, error: Any) -> None:
    """The day has come, the office is the caller's, the place is the office's; nothing is written."""
    given = {DAYS[what] if name == "day" else name: value for name, value in fields.items()}
    record = await example(bench, what)
    before = await bench.count(what)
    if fields.get("office") == "south":
        given["place"] = "south-1" if what == "travel_time" else None
    with pytest.raises(error):
        await bench.make(changed(record, **given), CLERK)
    assert before == await bench.count(what)


async def test_a_shift_needs_both_in_service_that_day(bench: Bench) -> None:
    """Whoever's station it is; a volunteer of another office is not there for a clerk."""
    volunteer = await bench.volunteer(to_date=on(2012, 5, 20))
    station = await bench.station(office="south", from_date=on(2012, 5, 2))
    shift = await bench.shift(volunteer, station, CLERK, served_date=on(2012, 5, 2))
    for day, field in ((on(2012, 5, 1), "station"), (on(2012, 5, 21), "volunteer")):
        with pytest.raises(NotInForce) as caught:
            await bench.shift(volunteer, station, CLERK, served_date=day)
        assert field == caught.value.field
        with pytest.raises(NotInForce):
            await bench.change("Update", shift, CLERK, served_date=day)
    assert 5 == (await bench.change("Update", shift, CLERK, hours=5)).hours
    other = await bench.volunteer(office="south")
    with pytest.raises(UnknownReference, match="不属于本所"):
        await bench.shift(other, station, CLERK, served_date=on(2012, 5, 3))
    gone = await bench.station()
    await bench.delete(gone)
    with pytest.raises(UnknownReference):
        await bench.shift(volunteer, gone, CLERK)


async def test_neither_ends_before_the_shifts_that_were_served(bench: Bench) -> None:
    """Nor begins after them, nor is deleted; a shift that was deleted counts no more."""
    volunteer, station = await bench.volunteer(), await bench.station(office="south")
    shift = await bench.shift(volunteer, station, served_date=on(2012, 5, 20))
    for record, caller in ((volunteer, CLERK), (station, SOUTH)):
        for fields in ({"to_date": on(2012, 5, 19)}, {"from_date": on(2012, 5, 21)}):
            with pytest.raises(ServedOutside, match="2012-05-20"):
                await bench.change("Update", record, caller, **fields)
        await bench.change("Update", record, caller, to_date=on(2012, 5, 20))
        with pytest.raises(HasShifts):
            await bench.delete(record)
    await bench.delete(shift)
    await bench.change("Update", station, SOUTH, to_date=on(2012, 5, 2))
    await bench.delete(volunteer)


async def test_a_station_that_a_table_leads_to_is_not_deleted(bench: Bench) -> None:
    """It is ended; its travel times tell what was."""
    station = await bench.station()
    time = await bench.make(await example(bench, "travel_time", station=station.name))
    with pytest.raises(HasTravelTimes):
        await bench.delete(station)
    await bench.delete(time)
    await bench.delete(station)


async def test_a_place_has_one_travel_time_to_a_station_on_a_day(bench: Bench) -> None:
    """The next begins after the last has ended; of two that come at once one is taken."""
    first = await bench.make(await example(bench, "travel_time"), CLERK)
    second = changed(first, from_date=on(2012, 5, 20), minutes=30)
    with pytest.raises(TravelTimeTaken):
        await bench.make(second, CLERK)
    await bench.change("Update", first, CLERK, to_date=on(2012, 5, 19))
    answers = await asyncio.gather(*(bench.make(second, CLERK) for _ in range(3)), return_exceptions=True)
    assert 2 == sum(isinstance(answer, TravelTimeTaken) for answer in answers)
    with pytest.raises(TravelTimeTaken):
        await bench.change("Update", first, CLERK, to_date=on(2012, 5, 20))
    with pytest.raises(UnknownReference):
        await bench.make(changed(second, station=ref("stations", 9)), CLERK)


async def test_the_travel_table_names_stations_of_any_office_by_number(bench: Bench) -> None:
    """Lines of one sheet are judged by each other; the same sheet again changes nothing."""
    await bench.station(office="south", key="S-1")
    line = changed(EXAMPLES["travel_time"], key="T-1", station="S-1")
    lines = [
        line,
        changed(line, key="T-2", minutes=50),
        changed(line, key="T-3", place="north-2"),
        changed(line, key="T-4", place="north-9"),
        changed(line, key="T-5", station="S-2"),
        changed(line, key="T-6", place=None),
    ]
    verdicts = await bench.imported("travel_time", *lines)
    expected = ["", "SPAN_TAKEN", "", "UNKNOWN_PLACE", "UNKNOWN_REFERENCE", "PLACE_REQUIRED"]
    assert expected == reasons(verdicts)
    assert "该村居到此站点自 2012-05-01 起已有" in verdicts[1].errors[0].message
    assert ("村居", "须填村居") == (verdicts[5].errors[0].label, verdicts[5].errors[0].message[:4])
    again = await bench.imported("travel_time", lines[0], lines[2])
    assert [UNCHANGED] * 2 == [verdict.outcome for verdict in again]
    facts = await bench.facts("travel_time", facts_pb2.TravelTimeFacts)
    assert ["north-1", "north-2"] == [one.place for one in facts]


async def test_shifts_name_volunteer_and_station_by_number(bench: Bench) -> None:
    """The volunteer by the office's own, the station by any office's."""
    volunteer, station = await bench.volunteer(key="V-1"), await bench.station(office="south", key="S-1")
    line = changed(EXAMPLES["volunteer_shift"], key="B-1", volunteer="V-1", station="S-1")
    lines = [line, changed(line, key="B-2", volunteer="V-2"), changed(line, key="B-3", served_date=on(2012, 4, 1))]
    assert ["", "UNKNOWN_REFERENCE", "NOT_IN_FORCE"] == reasons(await bench.imported("volunteer_shift", *lines))
    [facts] = await bench.facts("volunteer_shift", facts_pb2.VolunteerShiftFacts)
    assert [one.name.partition("/")[2] for one in (volunteer, station)] == [facts.volunteer, facts.station]


async def test_an_answer_is_not_kept_under_the_number_of_a_case(bench: Bench) -> None:
    """Neither when entered, nor in a sheet, nor later; numbers of its own are free."""
    await bench.case("A-1")
    answer = EXAMPLES["aid_survey_answer"]
    with pytest.raises(InvalidField, match="不能用案件的编号"):
        await bench.make(changed(answer, key="A-1"), CLERK)
    verdicts = await bench.imported("aid_survey_answer", changed(answer, key="A-1"), changed(answer, key="H-1"))
    assert ["INVALID_FIELD", ""] == reasons(verdicts)
    made = await bench.make(changed(answer, key="H-2"), CLERK)
    with pytest.raises(InvalidField):
        await bench.change("Update", made, CLERK, key="A-1")


async def test_every_column_is_classified(bench: Bench) -> None:
    """What is held on a volunteer is given out and erased."""
    kinds = [kind for kind in bench.store.kinds if kind.name != "aid_case"]
    async with bench.store.lend(EVERYTHING) as loan:
        found = await unclassified(loan.connection, kinds, {})
    assert [] == [column for column in found if not column.startswith("aid_case.")]


async def test_a_volunteer_gets_everything_and_is_forgotten(bench: Bench) -> None:
    """The file and the shifts in one answer; erased, no table holds a word of it and every fact is as it was."""
    volunteer = changed(EXAMPLES["aid_volunteer"])
    for field in volunteer.DESCRIPTOR.fields:
        if is_personal(field):
            setattr(volunteer, field.name, MARK)
    volunteer = await bench.make(volunteer)
    await bench.shift(volunteer, await bench.station())
    assert [] == await tables_with_mark(bench)
    bench.servicers["SubjectService"] = ("geju.common.v1.SubjectService", SubjectServicer(bench.store))
    answer = await bench.call("SubjectService/GetSubject", name=volunteer.name)
    assert ["aidVolunteers", "volunteerShifts"] == [record.collection for record in answer.records]
    before = await bench.facts("aid_volunteer", facts_pb2.AidVolunteerFacts)
    await bench.call("SubjectService/EraseSubject", name=volunteer.name, reason="保存期满")
    assert before == await bench.facts("aid_volunteer", facts_pb2.AidVolunteerFacts)
    assert "" == (await bench.get(volunteer)).person_name


async def tables_with_mark(bench: Bench) -> list[str]:
    """Return the tables that hold the mark in the clear."""
    found = []
    for table in [row["tablename"] for row in await bench.rows("SELECT tablename FROM pg_tables")]:
        if table.startswith(("pg_", "sql_")):
            continue
        for row in await bench.rows(f"SELECT * FROM {table}"):  # noqa: S608 (our own tables)
            held = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row.values())
            found += [table for form in FORMS if form in held]
    return found
