"""A person under correction: what holds on every change, and the steps through correction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from geju.correction.v1 import supervised_person_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.errors import (
    AlreadyRecorded,
    DateOrder,
    FutureDate,
    ImpossibleTransition,
    InvalidField,
    UnknownOffice,
)
from services.chassis.domain.step_errors import StateMismatch, StepFact
from services.chassis.domain.steps import check_steps
from services.correction.domain.supervision import lifecycle, person, steps
from services.correction.domain.supervision.errors import (
    NoTransfer,
    OutsideTerm,
    SameOffice,
    TimeNotOver,
    TransferPending,
)
from services.correction.supervision import facts
from tests.support.records import on
from tests.unit.correction.supervision.people import person as notified
from tests.unit.correction.supervision.people import rules, taken_over

NOWHEN = Date()
PARDONED, DIED = pb.END_GROUND_PARDONED, pb.END_GROUND_DIED
STRICT = pb.SUPERVISION_LEVEL_STRICT


def handover(day: Date = NOWHEN) -> steps.Handover:
    """Return what taking a person over brings."""
    return steps.Handover(day, NOWHEN, pb.SUPERVISION_LEVEL_UNSPECIFIED, "")


def step(found: pb.SupervisedPerson, take: Callable[[pb.SupervisedPerson], Any]) -> pb.SupervisedPerson:
    """Take a step as the service does: the rules of the record hold after it."""
    before = pb.SupervisedPerson()
    before.CopyFrom(found)
    take(found)
    person.check(found, before, rules())
    return found


STATES: dict[Any, Callable[[], pb.SupervisedPerson]] = {
    lifecycle.NOTIFIED: notified,
    lifecycle.NEVER_REPORTED: lambda: notified(never_reported_date=on(2012, 5, 1)),
    lifecycle.TAKEN_OVER: taken_over,
    lifecycle.UNDER_CORRECTION: lambda: taken_over(declared_date=on(2012, 3, 6)),
    lifecycle.ENDED: lambda: taken_over(ended_date=on(2012, 6, 1), end_ground=PARDONED),
    lifecycle.TERMINATED: lambda: taken_over(ended_date=on(2012, 6, 1), end_ground=DIED),
}


@pytest.mark.parametrize("state", STATES)
def test_the_state_follows_from_the_days(state: Any) -> None:
    """Each day recorded is a state; how correction ended decides between the two ends."""
    assert state == STATES[state]().state


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        ({"taken_over_date": on(2012, 2, 1)}, DateOrder),
        ({"term_to_date": on(2012, 2, 1)}, DateOrder),
        ({"declared_date": on(2012, 3, 9)}, StateMismatch),
        ({"level": STRICT}, StateMismatch),
        ({"ended_date": on(2012, 3, 9)}, StateMismatch),
        ({"end_ground": DIED}, StateMismatch),
        ({"ended_date": on(2012, 3, 9), "end_ground": pb.END_GROUND_TERM_SERVED}, StateMismatch),
        ({"key_ground": pb.KEY_GROUND_DRUGS}, StateMismatch),
        ({"ended_date": on(2014, 3, 1), "end_ground": DIED}, OutsideTerm),
    ],
)
def test_what_contradicts_itself_is_refused(fields: dict[str, Any], broken: type[Exception]) -> None:
    """A record whose days and grounds do not fit each other is refused."""
    with pytest.raises(broken):
        notified(**fields)


def test_a_minor_s_file_is_sealed() -> None:
    """The seal follows from the age at the offence, and goes with it when that is corrected."""
    found = notified(minor=True)
    assert found.sealed
    step(found, lambda p: p.ClearField("minor"))
    assert not found.sealed


def test_the_limits_run_from_the_judgment() -> None:
    """Reporting and papers are due 10 days after the judgment; reporting on another day when one was ordered."""
    report, papers = notified(report_due_date=on(2012, 3, 20), papers_date=on(2012, 3, 12)).limits
    assert (on(2012, 3, 20), on(2012, 3, 11), on(2012, 3, 12)) == (report.due, papers.due, papers.met_date)


def test_an_end_voids_what_is_open() -> None:
    """Papers that never came are not called for any more once correction is over."""
    ended = STATES[lifecycle.TERMINATED]()
    assert [("correction.report", False), ("correction.papers", True)] == [(one.rule, one.void) for one in ended.limits]


def test_who_never_reported_was_due_to() -> None:
    """An end that voids the limit leaves the day by which somebody should have reported: it is counted."""
    found = step(notified(), lambda p: steps.end(p, on(2012, 5, 2), DIED, rules()))
    assert (True, on(2012, 3, 11)) == (found.limits[0].void, facts.supervised_person(found).report_due)


def test_taking_over_starts_at_the_first_level() -> None:
    """Whoever reports is taken over at the level of the profile, from that day on."""
    found = step(notified(), lambda p: steps.take_over(p, handover(on(2012, 3, 5)), rules()))
    expected = (lifecycle.TAKEN_OVER, pb.SUPERVISION_LEVEL_ORDINARY, on(2012, 3, 5))
    assert expected == (found.state, found.level, found.level_date)


def test_the_first_level_begins_with_the_day_of_taking_over() -> None:
    """A corrected day of taking over takes the level of the beginning with it, and leaves a later one alone."""
    found = step(taken_over(), lambda p: p.taken_over_date.CopyFrom(on(2012, 3, 8)))
    assert on(2012, 3, 8) == found.level_date
    step(found, lambda p: steps.change_level(p, STRICT, on(2012, 5, 1), rules()))
    step(found, lambda p: p.taken_over_date.CopyFrom(on(2012, 3, 6)))
    assert on(2012, 5, 1) == found.level_date


def test_never_reported_waits_for_the_time_to_pass() -> None:
    """Until 30 days after the last day to report nobody is established as never taken over."""
    with pytest.raises(TimeNotOver):
        steps.record_never_reported(notified(), on(2012, 4, 10), rules())
    assert date(2012, 4, 11) == steps.record_never_reported(notified(), on(2012, 4, 11), rules())


STEPS: dict[str, Callable[[pb.SupervisedPerson], Any]] = {
    "take_over": lambda p: steps.take_over(p, handover(), rules()),
    "never_reported": lambda p: steps.record_never_reported(p, NOWHEN, rules()),
    "declare": lambda p: steps.declare(p, NOWHEN, "", rules()),
    "level": lambda p: steps.change_level(p, STRICT, NOWHEN, rules()),
    "key": lambda p: steps.change_key(p, pb.KEY_GROUND_DRUGS, NOWHEN, rules()),
    "term": lambda p: steps.change_term(p, on(2014, 1, 31), NOWHEN, rules()),
    "transfer": lambda p: steps.ask_transfer(p, "nanmen", NOWHEN, rules()),
    "end": lambda p: steps.end(p, NOWHEN, PARDONED, rules()),
    "terminate": lambda p: steps.end(p, NOWHEN, DIED, rules()),
}


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("state", STATES)
def test_the_table_decides(name: str, state: Any) -> None:
    """A step is taken in the states that the table permits, and refused in all others."""
    found, transition = STATES[state](), lifecycle.TRANSITIONS[name]
    if state in transition.permitted:
        step(found, STEPS[name])
        assert found.state == (state if transition.target is None else transition.target)
    else:
        with pytest.raises(ImpossibleTransition):
            STEPS[name](found)


def test_a_key_person_is_one_from_a_day_to_a_day() -> None:
    """The status ends on the day before it is said to be over; begun and ended on one day it never was."""
    found = step(taken_over(), lambda p: steps.change_key(p, pb.KEY_GROUND_DRUGS, on(2012, 4, 1), rules()))
    none = pb.KEY_GROUND_UNSPECIFIED
    step(found, lambda p: steps.change_key(p, none, on(2012, 5, 1), rules()))
    assert (on(2012, 4, 1), on(2012, 4, 30)) == (found.key_from_date, found.key_to_date)
    with pytest.raises(StateMismatch):
        steps.change_key(found, none, on(2012, 5, 2), rules())
    step(found, lambda p: steps.change_key(p, pb.KEY_GROUND_MENTAL, on(2012, 6, 1), rules()))
    step(found, lambda p: steps.change_key(p, none, on(2012, 6, 1), rules()))
    assert (False, none) == (found.HasField("key_from_date"), found.key_ground)


def test_a_level_is_another_one_and_does_not_begin_before_the_one_before() -> None:
    """Levels follow each other in time and differ."""
    found = step(taken_over(), lambda p: steps.change_level(p, STRICT, on(2012, 5, 1), rules()))
    with pytest.raises(DateOrder):
        steps.change_level(found, pb.SUPERVISION_LEVEL_LENIENT, on(2012, 4, 1), rules())
    with pytest.raises(AlreadyRecorded):
        steps.change_level(found, STRICT, NOWHEN, rules())


@pytest.mark.parametrize(
    ("office", "broken"), [("nowhere", UnknownOffice), ("lucheng", UnknownOffice), ("wuma", SameOffice)]
)
def test_a_transfer_names_another_office(office: str, broken: type[Exception]) -> None:
    """A transfer goes to another judicial office of the district."""
    with pytest.raises(broken):
        steps.ask_transfer(taken_over(), office, NOWHEN, rules())


def test_a_transfer_waits_for_its_answer() -> None:
    """One office at a time is asked."""
    found = taken_over()
    steps.ask_transfer(found, "nanmen", on(2012, 6, 1), rules())
    with pytest.raises(TransferPending):
        steps.ask_transfer(found, "jiangbin", NOWHEN, rules())


def test_a_person_has_an_office_all_the_time() -> None:
    """Until the other office accepts the person stays; from then on it is that office's."""
    found = taken_over(place="wuma-c01")
    steps.ask_transfer(found, "nanmen", on(2012, 6, 1), rules())
    assert "wuma" == found.office
    with pytest.raises(DateOrder):
        steps.accept_transfer(found, on(2012, 5, 31), rules())
    steps.accept_transfer(found, on(2012, 6, 5), rules())
    moved = (found.office, found.place, found.transfer_to_office, found.transferred_date)
    assert ("nanmen", "", "", on(2012, 6, 5)) == moved
    with pytest.raises(NoTransfer):
        steps.refuse_transfer(found, NOWHEN, rules())


def test_a_term_is_served_when_it_is_over() -> None:
    """An end by the term is on its last day, whenever it is entered, and not before."""
    found = taken_over(term_to_date=on(2012, 6, 10))
    with pytest.raises(TimeNotOver):
        steps.end(found, on(2012, 6, 9), pb.END_GROUND_TERM_SERVED, rules())
    with pytest.raises(InvalidField):
        steps.end(found, NOWHEN, pb.END_GROUND_UNSPECIFIED, rules())
    assert date(2012, 6, 10) == steps.end(found, NOWHEN, pb.END_GROUND_TERM_SERVED, rules())


def test_steps_lie_in_the_past() -> None:
    """What has not happened yet is no step; clocks may differ by a day."""
    with pytest.raises(FutureDate):
        steps.declare(taken_over(), on(2012, 6, 17), "", rules())


def test_an_import_adds_to_what_steps_recorded_and_changes_nothing_of_it() -> None:
    """A clerk's line may be further than the record, and not otherwise."""
    old = taken_over()
    person.check_kept(taken_over(declared_date=on(2012, 3, 6)), old)
    with pytest.raises(StepFact):
        person.check_kept(taken_over(taken_over_date=on(2012, 3, 6)), old)


def test_an_update_leaves_steps_alone() -> None:
    """What steps record is neither registered nor updated by hand."""
    with pytest.raises(StepFact):
        check_steps(taken_over(), None, person.STEP_FIELDS)
    with pytest.raises(StepFact):
        check_steps(taken_over(declared_date=on(2012, 3, 6)), taken_over(), person.STEP_FIELDS)


def test_the_office_is_changed_by_a_transfer_only() -> None:
    """No change of a record takes a person from one office to another."""
    with pytest.raises(InvalidField):
        person.check_office(notified(office="nanmen"), notified())
