"""A street's sheet of a month: activities with audience, facilities and materials, found again when it comes again."""

from __future__ import annotations

from typing import Any

import pytest
from geju.publicity.v1 import activity_pb2 as pb
from geju.publicity.v1 import activity_service_pb2 as rpc
from geju.publicity.v1 import material_handout_pb2

from tests.integration.publicity.conftest import CLERK, Bench
from tests.integration.servicers import NORTH, SOUTH
from tests.support.publicity import SPRING, facility, held, planned
from tests.support.records import on

IMPORT = "ActivityService/ImportActivities"
BOOKLETS = [{"kind": 2, "copies": 300}]
CREATED, UPDATED, UNCHANGED = (("CREATED", "", ""), ("UPDATED", "", ""), ("UNCHANGED", "", ""))


def line(**fields: Any) -> rpc.ActivityImportRow:
    """Return a line of a held activity before 30 residents and 20 elderly, 40 people, with 300 booklets."""
    as_held = held()
    given: dict[str, Any] = {name: getattr(as_held, name) for name in ("title", "form", "topics", "venue", "channel")}
    given |= {"office": "north", "key": "A1", "held_date": SPRING, "residents": 30, "elderly": 20, "people": 40}
    return rpc.ActivityImportRow(**given | {"booklets": 300} | fields)


def plan_line(**fields: Any) -> rpc.ActivityImportRow:
    """Return a line of an activity that is planned only."""
    none = {"held_date": None, "residents": 0, "elderly": 0, "people": 0, "booklets": 0}
    return line(**none | {"planned_date": on(2012, 6, 20)} | fields)


async def stored(bench: Bench) -> tuple[pb.Activity, dict[int, int]]:
    """Return the one activity and what was handed out at it: copies by kind."""
    (activity,) = (await bench.call("ActivityService/ListActivities")).activities
    found = (await bench.call("MaterialHandoutService/ListMaterialHandouts")).material_handouts
    assert {activity.name} >= {one.activity for one in found}
    assert {str(activity.held_date)} >= {str(one.handed_out_date) for one in found}
    return activity, {one.kind: one.copies for one in found}


async def test_a_line_is_an_activity_with_all_that_belongs_to_it(bench: Bench) -> None:
    """Audience, total, facilities by the office's number and materials are taken over; the facility was seen to."""
    station = await bench.make(facility(key="Z1"))
    assert [CREATED] == await bench.imported(IMPORT, line(facilities=["Z1"], cards=50))
    activity, copies = await stored(bench)
    assert {5: 30, 7: 20} == {entry.group: entry.people for entry in activity.audience}
    assert (40, [station.name], {2: 300, 3: 50}) == (activity.people, list(activity.facilities), copies)
    assert SPRING == (await bench.get(station)).inspected_date


async def test_a_sheet_that_comes_again_changes_nothing(bench: Bench) -> None:
    """Activities and materials are found again by their numbers: nothing doubles."""
    assert [CREATED, CREATED] == await bench.imported(IMPORT, line(), line(key="A2", cards=9))
    assert [UNCHANGED, UNCHANGED] == await bench.imported(IMPORT, line(), line(key="A2", cards=9))
    assert [2, 3] == [await bench.count(table) for table in ("activity", "material_handout")]


async def test_one_sheet_may_tell_of_an_activity_twice(bench: Bench) -> None:
    """The later line has the last word."""
    assert [CREATED, UPDATED] == await bench.imported(IMPORT, line(), line(booklets=310, pupils=5, people=45))
    activity, copies = await stored(bench)
    assert (45, {2: 310}) == (activity.people, copies)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"booklets": 200}, {2: 200}),
        ({"booklets": 0, "cards": 7}, {2: 300, 3: 7}),
        ({"booklets": 0, "cleared": ["booklets"]}, {}),
    ],
)
async def test_materials_alone_may_change(bench: Bench, fields: dict[str, Any], expected: dict[int, int]) -> None:
    """A changed number is taken over, an empty cell keeps what is recorded, one with 0 takes it away."""
    await bench.imported(IMPORT, line())
    assert [UPDATED] == await bench.imported(IMPORT, line(**fields))
    assert expected == (await stored(bench))[1]


async def test_an_audience_is_corrected_group_by_group(bench: Bench) -> None:
    """An empty cell keeps a group, one with 0 takes it away; so with the total, which must still fit."""
    await bench.imported(IMPORT, line())
    assert [UPDATED] == await bench.imported(IMPORT, line(residents=0, elderly=25))
    assert {5: 30, 7: 25} == {entry.group: entry.people for entry in (await stored(bench))[0].audience}
    less = line(residents=0, elderly=25, people=0, cleared=["residents"])
    assert [("REJECTED", "TOTAL_MISMATCH", "people")] == await bench.imported(IMPORT, less)
    (verdict,) = (await bench.call(IMPORT, CLERK, rows=[less], validate_only=True)).verdicts
    assert "已登记的受众总人数 40 不再相符:请填新的总人数(25 至 25)" in verdict.errors[0].message
    less.cleared.append("people")
    assert [UPDATED] == await bench.imported(IMPORT, less)
    assert {7: 25} == {entry.group: entry.people for entry in (await stored(bench))[0].audience}


async def test_another_day_is_that_of_the_materials_too(bench: Bench) -> None:
    """When a line is corrected, what was handed out goes with its activity, whether its number changed or not."""
    await bench.imported(IMPORT, line(cards=5))
    assert [UPDATED] == await bench.imported(IMPORT, line(held_date=on(2012, 3, 8), cards=6))
    activity, copies = await stored(bench)
    assert (on(2012, 3, 8), {2: 300, 3: 6}) == (activity.held_date, copies)


async def test_a_planned_activity_is_held_by_the_month_s_sheet(bench: Bench) -> None:
    """The sheet finds the plan by its number and says that it was held."""
    made = await bench.make(planned(key="A1"), CLERK)
    assert [UNCHANGED] == await bench.imported(IMPORT, plan_line())
    assert [UPDATED] == await bench.imported(IMPORT, line())
    (row,) = await bench.rows("SELECT change FROM outbox WHERE kind = 'activity' AND revision = 2")
    assert ("held", made.name) == (row["change"], (await stored(bench))[0].name)


async def test_a_cancelled_activity_does_not_come_back_by_a_sheet(bench: Bench) -> None:
    """Whoever held it after all has it corrected."""
    made = await bench.make(planned(key="A1"), CLERK)
    await bench.call("ActivityService/CancelActivity", CLERK, name=made.name, reason="天气原因")
    assert [("REJECTED", "DECIDED_BY_STEP", "held_date")] == await bench.imported(IMPORT, line())
    assert [UNCHANGED] == await bench.imported(IMPORT, plan_line())


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (line(office=""), ("UNKNOWN_OFFICE", "office")),
        (line(office="nowhere"), ("UNKNOWN_OFFICE", "office")),
        (line(key=""), ("KEY_REQUIRED", "key")),
        (line(key="长" * 63), ("INVALID_FIELD", "key")),
        (line(title=""), ("INVALID_FIELD", "title")),
        (line(topics=[]), ("INVALID_FIELD", "topics")),
        (line(held_date=on(2013, 1, 1)), ("FUTURE_DATE", "held_date")),
        (line(held_date={"year": 2012, "month": 2, "day": 30}), ("INVALID_FIELD", "held_date")),
        (line(residents=-1), ("INVALID_FIELD", "residents")),
        (line(residents=0, elderly=0, people=0), ("NO_AUDIENCE", "people")),
        (line(people=29), ("TOTAL_MISMATCH", "people")),
        (line(people=51), ("TOTAL_MISMATCH", "people")),
        (line(facilities=["Z9"]), ("UNKNOWN_REFERENCE", "facilities[0]")),
        (plan_line(planned_date=None), ("INVALID_FIELD", "planned_date")),
        (plan_line(residents=3), ("STATE_MISMATCH", "people")),
        (plan_line(booklets=3), ("STATE_MISMATCH", "booklets")),
    ],
)
async def test_a_bad_line_is_refused_alone(bench: Bench, row: rpc.ActivityImportRow, expected: tuple[str, str]) -> None:
    """A line that breaks a rule is told so by its column, in Chinese, and leaves the others alone."""
    good = line(key="B1")
    assert [("REJECTED", *expected), CREATED] == await bench.imported(IMPORT, row, good)
    assert [1, 1] == [await bench.count(table) for table in ("activity", "material_handout")]
    (verdict, _) = (await bench.call(IMPORT, CLERK, rows=[row, good], validate_only=True)).verdicts
    error = verdict.errors[0]
    assert (True, True) == (bool(error.label), any("\u4e00" <= c <= "\u9fff" for c in error.message))


async def test_a_number_of_another_handout_is_not_taken(bench: Bench) -> None:
    """A handout that was entered under the number which a line's would get is left alone."""
    given: dict[str, Any] = {"office": "north", "kind": 2, "copies": 1, "handed_out_date": SPRING, "key": "A1·2"}
    await bench.make(material_handout_pb2.MaterialHandout(**given), CLERK)
    assert [("REJECTED", "KEY_TAKEN", "booklets")] == await bench.imported(IMPORT, line())


async def test_facilities_of_other_offices_are_found_by_their_numbers(bench: Bench) -> None:
    """The office's own number comes first, then any other office's; one that two others have is ambiguous."""
    theirs = await bench.make(facility(office="south", key="Z1"), SOUTH)
    assert [CREATED] == await bench.imported(IMPORT, line(facilities=["Z1"]))
    assert [theirs.name] == list((await stored(bench))[0].facilities)
    own = await bench.make(facility(key="Z1"))
    assert [UPDATED] == await bench.imported(IMPORT, line(facilities=["Z1"]))
    assert [own.name] == list((await stored(bench))[0].facilities)


async def test_a_sheet_for_another_office_is_refused(bench: Bench) -> None:
    """A clerk imports for the own office only."""
    assert [("REJECTED", "NOT_FOUND", "office")] == await bench.imported(IMPORT, line(office="south"))
    assert [CREATED] == await bench.imported(IMPORT, line(office="south"), caller=SOUTH)
    assert [CREATED] == await bench.imported(IMPORT, line(), caller=NORTH)


async def test_an_export_goes_in_again_and_changes_nothing(bench: Bench) -> None:
    """Held, planned and cancelled activities come out as lines with audience, facilities and materials."""
    await bench.make(facility(key="Z1"))
    sheet = [line(facilities=["Z1"], cards=5, people=0), plan_line(key="A2"), line(key="A3", place="north-1")]
    assert [CREATED] * 3 == await bench.imported(IMPORT, *sheet)
    made = await bench.make(planned(key="A4"), CLERK)
    await bench.call("ActivityService/CancelActivity", CLERK, name=made.name, reason="天气原因")
    rows = (await bench.call("ActivityService/ExportActivities", CLERK, page_size=10)).rows
    assert [("A4", 0), ("A3", 0), ("A2", 0), ("A1", 5)] == [(row.key, row.cards) for row in rows]
    assert [UNCHANGED] * 4 == await bench.imported(IMPORT, *rows)


async def test_what_was_entered_at_once_is_not_handed_out_again_by_the_sheet(bench: Bench) -> None:
    """An activity recorded with its materials and told of by the month's sheet, too, doubles nothing."""
    await bench.call("ActivityService/RecordHeldActivity", CLERK, activity=held(key="A1"), materials=BOOKLETS)
    assert [UNCHANGED] == await bench.imported(IMPORT, line())
    assert [300] == [row.booklets for row in (await bench.call("ActivityService/ExportActivities", CLERK)).rows]
    assert [1, 1] == [await bench.count(table) for table in ("activity", "material_handout")]
    assert [UPDATED] == await bench.imported(IMPORT, line(booklets=310))
    assert {2: 310} == (await stored(bench))[1]


@pytest.mark.parametrize("key", ["A1", ""])
async def test_materials_are_found_again_under_another_number(bench: Bench, key: str) -> None:
    """An activity that gets another number, or its first one, takes those of its materials along."""
    given: dict[str, Any] = {"activity": held(key=key), "materials": BOOKLETS}
    made = (await bench.call("ActivityService/RecordHeldActivity", CLERK, **given)).activity
    await bench.change("Update", made, CLERK, key="B1")
    assert [UNCHANGED] == await bench.imported(IMPORT, line(key="B1"))
    assert [1, 1] == [await bench.count(table) for table in ("activity", "material_handout")]
    assert [300] == [row.booklets for row in (await bench.call("ActivityService/ExportActivities", CLERK)).rows]


async def test_a_sheet_that_is_only_looked_at_leaves_nothing(bench: Bench) -> None:
    """Neither activities nor materials nor inspections come of it."""
    station = await bench.make(facility(key="Z1"))
    answer = await bench.call(IMPORT, CLERK, rows=[line(facilities=["Z1"])], validate_only=True)
    assert [[]] == [list(verdict.errors) for verdict in answer.verdicts]
    assert [0, 0] == [await bench.count(table) for table in ("activity", "material_handout")]
    assert not (await bench.get(station)).HasField("inspected_date")


async def test_an_export_is_of_the_caller_s_offices(bench: Bench) -> None:
    """A clerk takes out what a clerk may list."""
    await bench.imported(IMPORT, line(office="south"), caller=SOUTH)
    assert [] == list((await bench.call("ActivityService/ExportActivities", CLERK)).rows)
