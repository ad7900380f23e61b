"""A released person is announced, linked up with, registered and closed, by the table and in the order of days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from geju.common.v1 import limit_pb2
from geju.correction.v1 import released_person_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain import limits
from services.chassis.domain.errors import (
    AlreadyRecorded,
    DateOrder,
    FutureDate,
    ImpossibleTransition,
    InvalidField,
    RuleError,
)
from services.correction.domain.resettlement import lifecycle, released_person
from services.correction.domain.resettlement.errors import FiveYearsNotOver, LinkStillDue, NotSeparated
from tests.unit.correction.resettlement.people import APART, KEY, LINKED, REGISTERED, changed, on, released, rules

FIVE, DIED = pb.CLOSE_GROUND_FIVE_YEARS, pb.CLOSE_GROUND_DIED
NOW: Date = Date()
STATES: dict[Any, dict[str, Any]] = {
    lifecycle.ANNOUNCED: {},
    lifecycle.NOT_LINKED: {"not_linked_date": on(2012, 3, 1)},
    lifecycle.LINKED: LINKED,
    lifecycle.REGISTERED: REGISTERED,
    lifecycle.CLOSED: REGISTERED | {"closed_date": on(2012, 5, 1), "close_ground": DIED},
}
STEPS: dict[str, Callable[[pb.ReleasedPerson], object]] = {
    "link": lambda person: released_person.link(person, NOW, rules()),
    "not_linked": lambda person: released_person.record_not_linked(person, NOW, rules()),
    "register": lambda person: released_person.register(person, NOW, rules()),
    "list": lambda person: released_person.accept_listing(person, NOW, rules()),
    "close": lambda person: released_person.close(person, NOW, DIED, rules()),
    "close_after_five_years": lambda person: released_person.close(
        person, on(2017, 2, 9), FIVE, rules(date(2017, 2, 9))
    ),
}


def checked(**fields: Any) -> pb.ReleasedPerson:
    """Return a person whose file passed the check."""
    person = released(**fields)
    released_person.check(person, None, rules(date(2018, 1, 1)))
    return person


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_the_table_alone_decides_which_step_is_permitted(step: str, state: Any) -> None:
    """A step that the table permits leads where it says; any other is refused and changes nothing."""
    person = checked(**STATES[state], **APART)
    assert state == person.state
    before = changed(person)
    transition = lifecycle.TRANSITIONS[step]
    if state in transition.permitted:
        STEPS[step](person)
        assert person.state == (state if transition.target is None else transition.target)
        assert person.state == lifecycle.state_of(person)
    else:
        with pytest.raises(ImpossibleTransition):
            STEPS[step](person)
        assert before == person


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"linked_date": on(2012, 2, 9)}, DateOrder),
        ({"not_linked_date": on(2012, 2, 9)}, DateOrder),
        ({"registered_date": on(2012, 2, 20)}, InvalidField),
        (LINKED | {"registered_date": on(2012, 2, 14)}, DateOrder),
        (REGISTERED | {"closed_date": on(2012, 2, 19), "close_ground": DIED}, DateOrder),
        (REGISTERED | {"closed_date": on(2012, 5, 1)}, InvalidField),
        (REGISTERED | {"close_ground": DIED}, InvalidField),
        (REGISTERED | {"closed_date": on(2017, 2, 8), "close_ground": FIVE}, FiveYearsNotOver),
        (LINKED | {"closed_date": on(2017, 2, 9), "close_ground": FIVE}, InvalidField),
        ({"birth_year": 2013}, InvalidField),
        ({"released_date": on(1999, 12, 31), "announced_date": None}, InvalidField),
        ({"released_date": on(2019, 1, 2)}, InvalidField),
        ({"released_date": on(2200, 12, 31)}, InvalidField),
        ({"key_ground": 1}, InvalidField),
        ({"key_from_date": on(2012, 3, 1)}, InvalidField),
        (KEY | {"key_to_date": on(2012, 2, 1)}, DateOrder),
        ({"residence_office": "north", "separated": True}, InvalidField),
        ({"residence_office": "south"}, InvalidField),
        ({"listed_date": on(2012, 3, 1)}, NotSeparated),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(fields: dict[str, Any], error: type[RuleError]) -> None:
    """Days stand in order, a closing has its ground, a second office is another one of somebody who lives apart."""
    with pytest.raises(error):
        checked(**fields)


def test_the_last_day_of_the_five_years_is_the_one_before_the_anniversary() -> None:
    """Somebody released on 10 February 2012 is looked after until 9 February 2017."""
    assert on(2017, 2, 9) == checked().five_years_due_date


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({}, None), (REGISTERED, on(2012, 5, 20)), (REGISTERED | KEY, on(2012, 5, 20))],
)
def test_the_first_visit_is_due_by_the_class_on_the_day_of_registration(fields: Any, expected: Date | None) -> None:
    """Without registration nothing is due; who becomes a key person later was an ordinary one on that day."""
    person = checked(**fields)
    assert expected == (person.first_visit_due_date if person.HasField("first_visit_due_date") else None)


def test_a_key_person_is_first_visited_within_a_month() -> None:
    """The interval of key persons applies to who is one on the day of registration."""
    person = checked(**REGISTERED | KEY | {"key_from_date": on(2012, 2, 20)})
    assert on(2012, 3, 20) == person.first_visit_due_date


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, limit_pb2.LIMIT_STATE_OVERDUE),
        ({"linked_date": on(2012, 2, 20)}, limit_pb2.LIMIT_STATE_MET),
        ({"linked_date": on(2012, 2, 21)}, limit_pb2.LIMIT_STATE_LATE),
        ({"closed_date": on(2012, 2, 15), "close_ground": DIED}, limit_pb2.LIMIT_STATE_VOID),
    ],
)
def test_ten_days_to_link_up_run_from_the_release(fields: Any, expected: Any) -> None:
    """The limit starts on the day of release, is met by linking up and void for whom there is nothing to link with."""
    limit = limits.find(checked(**fields).limits, released_person.LINK)
    assert limit is not None
    assert (on(2012, 2, 20), expected) == (limit.due, limits.state(limit, date(2012, 6, 1)))


def test_correcting_the_release_moves_what_follows_from_it() -> None:
    """Limit, five years and state follow the corrected days."""
    person = checked(**LINKED)
    person.released_date.CopyFrom(on(2012, 2, 12))
    released_person.check(person, checked(**LINKED), rules())
    assert on(2017, 2, 11) == person.five_years_due_date
    assert on(2012, 2, 22) == limits.find(person.limits, released_person.LINK).due  # type: ignore[union-attr]


def test_nobody_is_called_not_linked_before_the_time_is_over() -> None:
    """On the last day in time the person may still be found; on the next one not."""
    with pytest.raises(LinkStillDue):
        released_person.record_not_linked(checked(), on(2012, 2, 20), rules())
    person = checked()
    assert date(2012, 2, 21) == released_person.record_not_linked(person, on(2012, 2, 21), rules())


def test_a_step_lies_neither_before_the_release_nor_ahead() -> None:
    """Linking up before the release or after tomorrow is refused."""
    with pytest.raises(DateOrder):
        released_person.link(checked(), on(2012, 2, 9), rules())
    with pytest.raises(FutureDate):
        released_person.link(checked(), on(2012, 6, 3), rules())
    with pytest.raises(DateOrder):
        released_person.link(checked(released_date=on(2012, 7, 1)), NOW, rules())


def test_five_years_are_over_on_their_last_day() -> None:
    """Closing for that reason is refused the day before."""
    with pytest.raises(FiveYearsNotOver):
        released_person.close(checked(**REGISTERED), on(2017, 2, 8), FIVE, rules(date(2017, 2, 9)))


def test_a_listing_is_confirmed_once_and_by_another_end() -> None:
    """Who lives at the household has one office; what was confirmed is corrected, not confirmed again."""
    with pytest.raises(NotSeparated):
        released_person.accept_listing(checked(), NOW, rules())
    person = checked(**APART)
    released_person.accept_listing(person, on(2012, 3, 1), rules())
    with pytest.raises(AlreadyRecorded):
        released_person.accept_listing(person, NOW, rules())


@pytest.mark.parametrize("fields", [{"residence_office": "west"}, {"separated": None, "residence_office": None}])
def test_another_residence_needs_another_confirmation(fields: dict[str, Any]) -> None:
    """A confirmation says nothing of an office that did not give it."""
    old = checked(**APART, listed_date=on(2012, 3, 1))
    new = changed(old, **fields)
    released_person.check(new, old, rules())
    assert not new.HasField("listed_date")


@pytest.mark.parametrize("minor", [True, False])
def test_the_file_of_a_minor_is_sealed(minor: bool) -> None:  # noqa: FBT001
    """The seal follows from the age at the time, whatever was sent."""
    assert minor == checked(minor=minor, sealed=not minor).sealed
