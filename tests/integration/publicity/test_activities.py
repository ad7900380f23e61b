"""Activities in the store: planned, held with what was handed out and seen to, cancelled."""

from __future__ import annotations

from typing import Any

import pytest
from geju.publicity.v1 import activity_pb2 as pb
from geju.publicity.v1 import facts_pb2, material_handout_pb2

from services.chassis.domain.errors import FutureDate, ImpossibleTransition, KeyTaken, RuleError, UnknownReference
from services.publicity.domain.errors import (
    GroupTwice,
    HandoutsLeft,
    NoAudience,
    NotHeldThen,
    NotInUse,
    StateMismatch,
    StepFact,
)
from tests.integration.publicity.conftest import CLERK, Bench
from tests.integration.servicers import DEPARTMENT, NORTH, SOUTH
from tests.support.publicity import MATERIALS_AT, SPRING, audience, facility, held, planned
from tests.support.records import on, ref

RECORD = "ActivityService/RecordHeldActivity"


async def record(bench: Bench, **fields: Any) -> Any:
    """Record a held activity by the one call there is for it."""
    return await bench.call(RECORD, CLERK, **{"activity": held()} | fields)


async def handouts(bench: Bench) -> list[tuple[int, int, str]]:
    """Return what was handed out: kind, copies, day."""
    found = await bench.call("MaterialHandoutService/ListMaterialHandouts")
    days = {one.name: one.handed_out_date for one in found.material_handouts}
    return sorted(
        (one.kind, one.copies, f"{days[one.name].year}-{days[one.name].month}-{days[one.name].day}")
        for one in found.material_handouts
    )


async def test_one_call_records_activity_materials_and_facilities(bench: Bench) -> None:
    """A held activity is recorded with its audience, what was handed out at it and the facilities it touched."""
    station = await bench.make(facility())
    answer = await record(bench, activity=held(facilities=[station.name]), contents_renewed=True, **MATERIALS_AT)
    assert pb.Activity.STATE_HELD == answer.activity.state
    assert [(2, 300, "2012-3-5"), (3, 50, "2012-3-5")] == await handouts(bench)
    assert {answer.activity.name} == {one.activity for one in answer.materials}
    station = await bench.get(station)
    assert (SPRING, SPRING) == (station.inspected_date, station.renewed_date)
    (facts,) = await bench.facts("activity", facts_pb2.ActivityFacts)
    assert (30, 20, 0, 40) == (facts.residents, facts.elderly, facts.pupils, facts.people)
    assert [station.name.partition("/")[2]] == list(facts.facilities)


async def test_without_a_day_it_was_held_today(bench: Bench) -> None:
    """A clerk who records at once need not write the day."""
    answer = await record(bench, activity=held(held_date=None))
    assert on(2012, 6, 1) == answer.activity.held_date


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        ({"activity": held(audience=[], people=0)}, NoAudience),
        ({"activity": held(held_date=on(2012, 7, 1))}, FutureDate),
        ({"materials": [{"kind": 2, "copies": 1}, {"kind": 2, "copies": 2}]}, GroupTwice),
        ({"activity": held(facilities=[ref("facilities")])}, UnknownReference),
    ],
)
async def test_it_is_recorded_whole_or_not_at_all(bench: Bench, fields: Any, broken: type[RuleError]) -> None:
    """A rule that any part breaks leaves nothing of the others."""
    with pytest.raises(broken):
        await record(bench, **{**MATERIALS_AT, **fields})
    assert [0, 0] == [await bench.count(table) for table in ("activity", "material_handout")]


async def test_a_number_is_taken_once(bench: Bench) -> None:
    """A second activity of the office with the number of the first is refused."""
    await record(bench, activity=held(key="A1"))
    with pytest.raises(KeyTaken):
        await record(bench, activity=held(key="A1"))


async def test_a_facility_was_in_use_on_the_day(bench: Bench) -> None:
    """What opened later or closed before cannot have been used, whosever it is."""
    closed = await bench.make(facility(office="south", to_date=on(2011, 12, 31)), SOUTH)
    with pytest.raises(NotInUse):
        await record(bench, activity=held(facilities=[closed.name]))
    with pytest.raises(NotInUse):
        await bench.make(planned(facilities=[closed.name]), CLERK)


async def test_another_office_s_facility_may_be_used_but_not_renewed(bench: Bench) -> None:
    """Using it leaves its own office's inspections alone; its contents are that office's to renew."""
    theirs = await bench.make(facility(office="south"), SOUTH)
    await record(bench, activity=held(facilities=[theirs.name]))
    assert not (await bench.get(theirs)).HasField("inspected_date")
    with pytest.raises(UnknownReference):
        await record(bench, activity=held(facilities=[theirs.name]), contents_renewed=True)


async def test_an_older_activity_does_not_put_an_inspection_back(bench: Bench) -> None:
    """The last inspection is the latest, in whatever order activities are entered."""
    station = await bench.make(facility(inspected_date=on(2012, 5, 1)))
    await record(bench, activity=held(facilities=[station.name]))
    assert on(2012, 5, 1) == (await bench.get(station)).inspected_date


async def test_a_planned_activity_is_held(bench: Bench) -> None:
    """Holding it brings day, audience and materials; the facilities planned for it stay."""
    station = await bench.make(facility())
    made = await bench.make(planned(facilities=[station.name]), CLERK)
    fields: dict[str, Any] = {"name": made.name, "held_date": on(2012, 5, 30), "audience": audience(pupils=90)}
    answer = await bench.call("ActivityService/HoldActivity", CLERK, **fields, **MATERIALS_AT)
    assert (pb.Activity.STATE_HELD, [station.name]) == (answer.activity.state, list(answer.activity.facilities))
    assert 2 == len(answer.materials)
    assert on(2012, 5, 30) == (await bench.get(station)).inspected_date
    with pytest.raises(ImpossibleTransition):
        await bench.call("ActivityService/HoldActivity", CLERK, **fields)


async def test_a_planned_activity_is_cancelled(bench: Bench) -> None:
    """A cancelled one is neither held nor changed any more; it was held after all when that is corrected."""
    made = await bench.make(planned(), CLERK)
    step: dict[str, Any] = {"name": made.name, "reason": "天气原因"}
    answer = await bench.call("ActivityService/CancelActivity", CLERK, **step)
    assert (pb.Activity.STATE_CANCELLED, on(2012, 6, 1)) == (answer.activity.state, answer.activity.cancelled_date)
    with pytest.raises(ImpossibleTransition):
        await bench.call("ActivityService/HoldActivity", CLERK, name=made.name, audience=audience(pupils=9))
    with pytest.raises(ImpossibleTransition):
        await bench.change("Update", made, CLERK, title="示例改名")
    back = await bench.change("Correct", made, NORTH, held_date=on(2012, 5, 30), audience=audience(pupils=9))
    assert (pb.Activity.STATE_HELD, False) == (back.state, back.HasField("cancelled_date"))


async def test_an_update_takes_no_step(bench: Bench) -> None:
    """Holding has its own call; an audience before it is refused."""
    made = await bench.make(planned(), CLERK)
    with pytest.raises(StepFact):
        await bench.change("Update", made, CLERK, held_date=SPRING, audience=audience(pupils=9))
    with pytest.raises(StateMismatch):
        await bench.change("Update", made, CLERK, audience=audience(pupils=9))


async def test_what_was_handed_out_follows_its_activity(bench: Bench) -> None:
    """A corrected day is that of the handouts, too; without them the day may be taken away, or the activity deleted."""
    made = (await record(bench, **MATERIALS_AT)).activity
    moved = await bench.change("Correct", made, NORTH, held_date=on(2012, 3, 9))
    assert [(2, 300, "2012-3-9"), (3, 50, "2012-3-9")] == await handouts(bench)
    for take_away in (
        bench.delete(moved),
        bench.change("Correct", moved, NORTH, held_date=None, audience=None, people=None, planned_date=SPRING),
    ):
        with pytest.raises(HandoutsLeft):
            await take_away
    for one in (await bench.call("MaterialHandoutService/ListMaterialHandouts")).material_handouts:
        await bench.delete(one)
    await bench.delete(moved)
    assert 0 == await bench.count("activity")


async def test_materials_are_handed_out_at_what_was_held(bench: Bench) -> None:
    """A handout names a held activity of its office and its day, or none."""
    made = await bench.make(planned(), CLERK)
    given: dict[str, Any] = {"office": "north", "kind": 2, "copies": 10, "handed_out_date": SPRING}
    await bench.make(material_handout_pb2.MaterialHandout(**given), CLERK)
    with pytest.raises(NotHeldThen):
        await bench.make(material_handout_pb2.MaterialHandout(**given, activity=made.name), CLERK)
    south = await bench.make(held(office="south"), SOUTH)
    handed_out = material_handout_pb2.MaterialHandout
    for caller in (CLERK, DEPARTMENT):
        with pytest.raises(UnknownReference):
            await bench.make(handed_out(**given, activity=south.name), caller)
    mine = (await record(bench)).activity
    with pytest.raises(NotHeldThen):
        await bench.make(handed_out(**given | {"handed_out_date": on(2012, 3, 6)}, activity=mine.name), CLERK)
    await bench.make(handed_out(**given, activity=mine.name), CLERK)
