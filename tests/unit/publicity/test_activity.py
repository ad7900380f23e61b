"""Activities: what may be said of them in which state, and who is counted how often."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.publicity.v1 import activity_pb2 as pb
from geju.publicity.v1 import material_handout_pb2

from services.chassis.domain.errors import BadReference, FutureDate, ImpossibleTransition, InvalidField, RuleError
from services.publicity.activities import facts, import_rows
from services.publicity.domain.activities import activity, audience, handout, lifecycle
from services.publicity.domain.errors import GroupTwice, NoAudience, StateMismatch, TotalMismatch
from tests.support.publicity import SPRING, held, planned, rules
from tests.support.publicity import audience as people
from tests.support.records import changed, on, ref


def checked(record: pb.Activity) -> pb.Activity:
    """Return an activity after its guard."""
    activity.check(record, None, rules())
    return record


def holding(**fields: Any) -> activity.Held:
    """Return what holding an activity before 30 pupils brings."""
    given: dict[str, Any] = {"held_date": SPRING, "audience": people(pupils=30), "people": 0, "facilities": ()}
    return activity.Held(**given | fields)


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (planned(), pb.Activity.STATE_PLANNED),
        (held(), pb.Activity.STATE_HELD),
        (planned(cancelled_date=SPRING), pb.Activity.STATE_CANCELLED),
        (held(cancelled_date=SPRING), pb.Activity.STATE_HELD),
    ],
)
def test_the_state_follows_from_the_days(record: pb.Activity, state: int) -> None:
    """Held counts before cancelled: it was held after all."""
    assert state == checked(record).state


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        (planned(planned_date=None), InvalidField),
        (planned(planned_date=on(2014, 1, 1)), InvalidField),
        (planned(audience=people(pupils=1)), StateMismatch),
        (planned(people=1), TotalMismatch),
        (held(audience=[], people=0), NoAudience),
        (held(audience=[*people(pupils=1), *people(pupils=2)], people=0), GroupTwice),
        (held(people=29), TotalMismatch),
        (held(people=51), TotalMismatch),
        (held(facilities=["facilities/1"]), BadReference),
        (held(facilities=[ref("markets")]), BadReference),
        (held(facilities=[ref("facilities"), ref("facilities")]), InvalidField),
    ],
)
def test_what_contradicts_itself_is_refused(record: pb.Activity, broken: type[RuleError]) -> None:
    """Every rule has its own refusal."""
    with pytest.raises(broken):
        checked(record)


@pytest.mark.parametrize(("said", "total"), [(0, 50), (30, 30), (40, 40), (50, 50)])
def test_nobody_is_counted_twice_in_the_total(said: int, total: int) -> None:
    """The total is at least the largest group and at most the sum of the groups, which it is unless somebody says."""
    record = checked(held(people=said))
    assert (said, total, total) == (record.people, audience.total(record), facts.activity(record).people)


def test_facts_have_a_column_for_every_group() -> None:
    """Whatever group an activity reaches, its people are counted under its name."""
    numbers = {name: 10 + number for name, number in audience.GROUPS.items()}
    found = facts.activity(checked(held(audience=people(**numbers), people=0)))
    assert numbers == {name: getattr(found, name) for name in audience.GROUPS}
    assert sum(numbers.values()) == found.people


def test_holding_replaces_what_was_planned() -> None:
    """Day, audience and total are those of the call; facilities that it does not name stay."""
    record = checked(planned(facilities=[ref("facilities")]))
    activity.hold(record, holding(people=25), rules())
    assert (SPRING, 25, [ref("facilities")]) == (record.held_date, record.people, list(record.facilities))
    record = checked(planned(facilities=[ref("facilities")]))
    activity.hold(record, holding(facilities=[ref("facilities", 2)]), rules())
    assert [ref("facilities", 2)] == list(record.facilities)


@pytest.mark.parametrize("record", [held(), planned(cancelled_date=SPRING)])
def test_steps_are_taken_from_a_plan_only(record: pb.Activity) -> None:
    """What was held or cancelled is neither held nor cancelled again."""
    record = checked(record)
    with pytest.raises(ImpossibleTransition):
        activity.hold(record, holding(), rules())
    with pytest.raises(ImpossibleTransition):
        activity.cancel(record, SPRING, rules())


def test_steps_are_taken_today_or_before() -> None:
    """Without a day it is today; a day after tomorrow is refused."""
    record = checked(planned())
    activity.cancel(record, pb.Activity().held_date, rules())
    assert on(2012, 6, 1) == record.cancelled_date
    for step in (
        lambda: activity.hold(checked(planned()), holding(held_date=on(2012, 6, 3)), rules()),
        lambda: activity.cancel(checked(planned()), on(2012, 6, 3), rules()),
    ):
        with pytest.raises(FutureDate):
            step()


def test_a_plan_is_due_on_its_day() -> None:
    """Only a planned activity is due, and needs its facilities on the planned day; a cancelled one needs none."""
    june = date(2012, 6, 20)
    assert ([(june, activity.HOLD)], june) == (
        activity.dues(checked(planned())),
        activity.needed_on(checked(planned())),
    )
    done, dropped = checked(held(planned_date=on(2012, 6, 20))), checked(planned(cancelled_date=SPRING))
    assert ([], date(2012, 3, 5)) == (activity.dues(done), activity.needed_on(done))
    assert ([], None) == (activity.dues(dropped), activity.needed_on(dropped))
    assert [None, date(2012, 3, 5)] == [activity.happened(record) for record in (checked(planned()), dropped)]


def test_every_step_is_told_by_its_name() -> None:
    """What is published names the step that a change took, whichever call made it."""
    plan, done = checked(planned()), checked(held())
    assert ["planned", "held"] == [lifecycle.transition(record, None) for record in (plan, done)]
    assert ["held", ""] == [lifecycle.transition(done, old) for old in (plan, changed(done, title="示例改名"))]


def test_materials_at_an_activity_are_of_its_day_and_place() -> None:
    """Each kind is named once."""
    record = checked(held(place="north-1", name=ref("activities")))
    counts = [material_handout_pb2.MaterialCount(kind=kind, copies=10) for kind in (1, 2)]
    made = handout.of_activity(record, counts)
    assert [("north-1", SPRING, ref("activities"))] * 2 == [(m.place, m.handed_out_date, m.activity) for m in made]
    with pytest.raises(GroupTwice, match="手册"):
        handout.of_activity(record, [*counts, counts[1]])


def test_handouts_are_renumbered_with_their_activity() -> None:
    """Of two of a kind without a number one gets it; a number of the office's own stays."""

    def keys(old: str, new: str, *given: str) -> list[str]:
        kind = material_handout_pb2.MATERIAL_KIND_BOOKLET
        found = [material_handout_pb2.MaterialHandout(kind=kind, key=key) for key in given]
        return handout.renumbered(found, old, new)

    assert ["B1·2", "M7"] == keys("A1", "B1", "A1·2", "M7")
    assert ["B1·2", ""] == keys("", "B1", "", "")
    assert ["", "M7"] == keys("A1", "", "A1·2", "M7")
    assert ["A1·2"] == keys("A1", "A1", "A1·2")


def test_a_line_that_tells_the_same_people_changes_nothing_whatever_their_order() -> None:
    """Groups may be recorded in any order; a sheet tells them in that of its columns, and 0 of those not there."""
    record = checked(held(audience=[*people(pupils=20), *people(officials=3)], people=0))
    row = import_rows.row_of(record, {})
    row.cleared.extend(name for name in audience.GROUPS if not getattr(row, name))
    assert record == import_rows.import_row(None, row, record)  # type: ignore[arg-type]
