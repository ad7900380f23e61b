"""Mediators belong to a committee in force; a dismissal ends the appointment and its correction undoes that."""

from __future__ import annotations

from typing import Any

import pytest
from geju.mediation.v1 import breach_pb2, committee_pb2, mediator_pb2

from services.chassis.domain.errors import BadReference, DateOrder, InvalidField, NotInForce, RuleError
from services.mediation.domain import breach, mediator
from services.mediation.domain.errors import NotInOffice
from tests.unit.mediation.district import changed, on, ref, rules

MEDIATOR = mediator_pb2.Mediator(
    name=ref("mediators"),
    office="north",
    place="north-1",
    full_name="测试甲",
    committee=ref("committees"),
    from_date=on(2011, 1, 1),
)
DISMISSAL = breach_pb2.Breach(
    mediator=ref("mediators"),
    office="north",
    kind=breach_pb2.BREACH_KIND_GRAFT,
    measure=breach_pb2.BREACH_MEASURE_DISMISSAL,
    found_date=on(2012, 3, 1),
)
CRITICISM = changed(DISMISSAL, measure=breach_pb2.BREACH_MEASURE_CRITICISM)


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (changed(MEDIATOR, to_date=on(2010, 1, 1)), DateOrder),
        (changed(MEDIATOR, committee="C-1"), BadReference),
        (changed(MEDIATOR, committee=ref("centres")), BadReference),
        (changed(MEDIATOR, ending=mediator_pb2.MEDIATOR_ENDING_RESIGNED), InvalidField),
    ],
)
def test_a_mediator_that_contradicts_itself_is_refused(record: Any, error: type[RuleError]) -> None:
    """A mediator refers to a committee, ends after beginning, and left on a day if there is a reason for leaving."""
    with pytest.raises(error):
        mediator.check(record, None, rules())


def test_trainings_are_ordered_and_added_up() -> None:
    """Trainings stand in order of their day and their hours add up."""
    trainings = [
        mediator_pb2.Training(held_date=on(2012, 3, 1), hours=8),
        mediator_pb2.Training(held_date=on(2011, 3, 1), hours=4),
    ]
    record = changed(MEDIATOR, trainings=trainings)
    mediator.check(record, None, rules())
    assert [training.hours for training in record.trainings] == [4, 8]
    assert record.training_hours == 12


@pytest.mark.parametrize(("begins", "ends"), [((2011, 1, 2), None), ((2010, 1, 1), (2010, 12, 31))])
def test_an_appointment_begins_under_a_committee_in_force(begins: Any, ends: Any) -> None:
    """A committee not in force on the first day of the appointment is refused."""
    committee = committee_pb2.Committee(from_date=on(*begins), to_date=ends and on(*ends))
    with pytest.raises(NotInForce):
        mediator.check_committee(MEDIATOR, committee)
    mediator.check_committee(MEDIATOR, committee_pb2.Committee(from_date=on(2011, 1, 1)))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({"phone": "000"}, False), ({"committee": ref("committees", 2)}, True), ({"from_date": on(2010, 1, 1)}, True)],
)
def test_the_committee_is_looked_at_when_the_appointment_changes(fields: Any, expected: bool) -> None:  # noqa: FBT001
    """A change beside the appointment leaves it alone, whatever became of the committee."""
    assert expected == mediator.needs_committee(changed(MEDIATOR, **fields), MEDIATOR)


def test_a_dismissal_ends_the_appointment() -> None:
    """The last day in office is the day the breach was found."""
    record = changed(MEDIATOR)
    breach.apply(record, DISMISSAL)
    assert (on(2012, 3, 1), mediator_pb2.MEDIATOR_ENDING_DISMISSED) == (record.to_date, record.ending)


def test_a_lesser_measure_leaves_the_appointment() -> None:
    """Criticism ends no appointment."""
    record = changed(MEDIATOR)
    breach.apply(record, CRITICISM)
    assert record == MEDIATOR


def test_taking_back_a_dismissal_opens_the_appointment_again() -> None:
    """What a corrected or deleted dismissal did to the mediator is undone."""
    record = changed(MEDIATOR)
    breach.apply(record, DISMISSAL)
    breach.take_back(record, DISMISSAL)
    assert record == MEDIATOR


@pytest.mark.parametrize(
    "ended",
    [
        {"to_date": on(2012, 3, 1), "ending": mediator_pb2.MEDIATOR_ENDING_RESIGNED},
        {"to_date": on(2012, 2, 1), "ending": mediator_pb2.MEDIATOR_ENDING_DISMISSED},
    ],
)
def test_taking_back_a_dismissal_leaves_other_endings(ended: Any) -> None:
    """An appointment that ended otherwise, or by another breach, stays ended."""
    record = changed(MEDIATOR, **ended)
    breach.take_back(record, DISMISSAL)
    assert changed(MEDIATOR, **ended) == record


@pytest.mark.parametrize(
    ("person", "found", "error"),
    [
        (MEDIATOR, changed(CRITICISM, found_date=on(2010, 12, 31)), NotInOffice),
        (changed(MEDIATOR, to_date=on(2012, 2, 1)), CRITICISM, NotInOffice),
        (MEDIATOR, changed(CRITICISM, office="south"), InvalidField),
    ],
)
def test_a_breach_is_of_a_mediator_in_office(person: Any, found: Any, error: type[RuleError]) -> None:
    """A breach is found while its mediator is in office, in the mediator's own office."""
    with pytest.raises(error):
        breach.apply(changed(person), found)


def test_a_breach_recorded_on_a_mediator_takes_office_and_place() -> None:
    """The mediator tells whose breach it is and where it counts."""
    made = breach.of(MEDIATOR, breach_pb2.Breach(kind=breach_pb2.BREACH_KIND_INSULT, office="south"))
    assert (ref("mediators"), "north", "north-1") == (made.mediator, made.office, made.place)
    assert made.kind == breach_pb2.BREACH_KIND_INSULT


def test_a_breach_refers_to_a_mediator() -> None:
    """A breach of anything but a mediator is refused."""
    with pytest.raises(BadReference):
        breach.check(changed(CRITICISM, mediator=ref("committees")), None, rules())
