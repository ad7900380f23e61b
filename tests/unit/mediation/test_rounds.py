"""Screening rounds are monthly, warnings end one way, reception days count at least what is linked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.mediation.v1 import reception_day_pb2, screening_pb2, warning_pb2
from google.type.date_pb2 import Date

from services.chassis.domain import limits
from services.chassis.domain.dates import from_date
from services.chassis.domain.errors import (
    AlreadyRecorded,
    BadReference,
    DateOrder,
    FutureDate,
    ImpossibleTransition,
    InvalidField,
    RuleError,
)
from services.mediation import register_facts
from services.mediation.domain import reception_day, screening, warning
from services.mediation.domain.register_errors import FewerThanLinked, NotFirstOfMonth, RoundExists, TwoEndings
from tests.unit.mediation.district import changed, on, ref, rules

ROUND = screening_pb2.Screening(
    office="north",
    month_date=on(2012, 5, 1),
    reported_date=on(2012, 6, 5),
    disputes_found=2,
    disputes=[ref("disputes", 1), ref("disputes", 2)],
)


@pytest.mark.parametrize(
    ("fields", "today", "error"),
    [
        ({"month_date": on(2012, 5, 2)}, date(2012, 6, 15), NotFirstOfMonth),
        ({"month_date": on(2012, 7, 1)}, date(2012, 6, 30), FutureDate),
        ({"reported_date": on(2012, 4, 30)}, date(2012, 6, 15), DateOrder),
        ({"disputes_found": 1}, date(2012, 6, 15), FewerThanLinked),
        ({"disputes": [ref("sessions")]}, date(2012, 6, 15), BadReference),
        ({"disputes": [ref("disputes"), ref("disputes")]}, date(2012, 6, 15), InvalidField),
    ],
)
def test_a_round_that_contradicts_itself_is_refused(fields: Any, today: date, error: type[RuleError]) -> None:
    """A round is of a month that has begun, reported after that, and found at least what is linked."""
    with pytest.raises(error):
        screening.check(changed(ROUND, **fields), None, rules(today))


def test_the_round_of_the_running_month_may_be_reported() -> None:
    """A round need not wait for the end of its month."""
    record = changed(ROUND, month_date=on(2012, 6, 1))
    screening.check(record, None, rules(date(2012, 6, 15)))
    assert on(2012, 6, 1) == record.month_date


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (date(2012, 5, 1), on(2012, 6, 5)),
        (date(2011, 12, 1), on(2012, 1, 5)),
        (date(2012, 6, 1), on(2012, 7, 4)),
    ],
)
def test_a_round_is_due_as_the_profile_says(month: date, expected: Date) -> None:
    """The rule in force at the end of the month says until when its round is reported: on the 5th, later in 3 days."""
    record = changed(ROUND, month_date=from_date(month), reported_date=None)
    screening.check(record, None, rules(date(2012, 6, 30)))
    assert [expected] == [limit.due for limit in record.limits]
    assert expected == register_facts.screening(record).report_due


def test_a_round_once_due_stays_due_on_its_day() -> None:
    """A report met its limit on its day; another month has another limit."""
    record = changed(ROUND)
    screening.check(record, None, rules())
    assert ([on(2012, 6, 5)], False) == ([limit.met_date for limit in record.limits], record.limits[0].void)
    moved = changed(record, month_date=on(2012, 4, 1))
    screening.check(moved, record, rules())
    assert [on(2012, 5, 5)] == [limit.due for limit in moved.limits]


def test_months_without_a_round_are_owed() -> None:
    """Every office owes the rounds of the months that have ended, for a year back; reported ones are not owed."""
    reported = {("north", month) for month in screening.months_owed(date(2012, 6, 15))}
    owed = screening.owed(reported, rules())
    assert [("south", date(2011, 6, 1)), ("south", date(2012, 5, 1))] == [owed[0][:2], owed[-1][:2]]
    assert (12, on(2012, 6, 5)) == (len(owed), owed[-1][2].due)
    assert date(2012, 6, 1) == screening.months_owed(date(2012, 6, 30))[-1]


def test_a_month_has_one_round_and_any_number_in_key_periods() -> None:
    """A second monthly round is refused; rounds of key periods stand beside it."""
    key = changed(ROUND, key_period=True)
    screening.check_only(ROUND, [key, key])
    screening.check_only(key, [ROUND, key])
    with pytest.raises(RoundExists):
        screening.check_only(ROUND, [changed(ROUND)])
    screening.check_only(ROUND, [changed(ROUND, month_date=on(2012, 4, 1))])


WARNING = warning_pb2.Warning(
    office="north", level=warning_pb2.WARNING_LEVEL_YELLOW, raised_date=on(2012, 5, 1), description="示例"
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, warning.OPEN),
        ({"feedback_date": on(2012, 5, 3)}, warning.OPEN),
        ({"settled_date": on(2012, 5, 3)}, warning.SETTLED),
        ({"closed_date": on(2012, 5, 3)}, warning.CLOSED),
    ],
)
def test_the_state_of_a_warning_follows_from_its_dates(fields: Any, expected: int) -> None:
    """A warning is open until a day of settling or closing is set; who raised it is another unless said."""
    record = changed(WARNING, **fields)
    warning.check(record, None, rules())
    assert (expected, warning_pb2.WARNING_SOURCE_OTHER) == (record.state, record.source)
    assert (expected != warning.OPEN) == warning.is_closed(record)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"feedback_date": on(2012, 4, 30)}, DateOrder),
        ({"settled_date": on(2012, 4, 30)}, DateOrder),
        ({"closed_date": on(2012, 4, 30)}, DateOrder),
        ({"settled_date": on(2012, 5, 2), "closed_date": on(2012, 5, 2)}, TwoEndings),
        ({"disputes": ["disputes/1"]}, BadReference),
    ],
)
def test_a_warning_that_contradicts_itself_is_refused(fields: Any, error: type[RuleError]) -> None:
    """Nothing happens to a warning before it was raised, and it ends one way only."""
    with pytest.raises(error):
        warning.check(changed(WARNING, **fields), None, rules())


@pytest.mark.parametrize(("raised", "due"), [(on(2012, 6, 1), on(2012, 7, 1)), (on(2012, 6, 2), on(2012, 6, 12))])
def test_a_warning_is_to_be_settled_as_the_profile_says(raised: Date, due: Date) -> None:
    """The rule in force on the day it was raised says until when a warning is settled."""
    record = changed(WARNING, raised_date=raised)
    warning.check(record, None, rules())
    assert ([due], due) == ([limit.due for limit in record.limits], register_facts.warning(record).settle_due)


def test_the_limit_of_a_warning_ends_with_it() -> None:
    """Settling meets the limit, closing voids it; a day taken back lets it run again."""
    settled, closed = changed(WARNING), changed(WARNING)
    for record in (settled, closed):
        warning.check(record, None, rules())
    warning.settle(settled, date(2012, 5, 9), "")
    warning.close(closed, date(2012, 5, 9))
    assert (on(2012, 5, 9), True) == (settled.limits[0].met_date, closed.limits[0].void)
    for record in (settled, closed):
        opened = changed(record, settled_date=None, closed_date=None)
        warning.check(opened, record, rules())
        assert limits.is_open(opened.limits[0])


STATES = (warning.OPEN, warning.SETTLED, warning.CLOSED)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("settle", lambda record: warning.settle(record, date(2012, 5, 9), "已和解")),
        ("close", lambda record: warning.close(record, date(2012, 5, 9))),
        ("report", lambda record: warning.report_feedback(record, date(2012, 5, 9), "已答复")),
    ],
)
def test_warnings_move_as_the_table_says(state: int, name: str, step: Any) -> None:
    """A step is possible in exactly the states that the table names for it."""
    record = changed(WARNING, state=state)
    if state in warning.TRANSITIONS[name].permitted:
        step(record)
        return
    with pytest.raises(ImpossibleTransition) as refusal:
        step(record)
    assert warning.TRANSITIONS[name].zh == refusal.value.facts["action"]


def test_steps_of_a_warning_leave_their_day_and_words() -> None:
    """Settling, closing and answering write their day and what was said."""
    settled, closed = changed(WARNING, state=warning.OPEN), changed(WARNING, state=warning.OPEN)
    warning.settle(settled, date(2012, 5, 9), "已和解")
    warning.report_feedback(settled, date(2012, 5, 10), "已答复")
    warning.close(closed, date(2012, 5, 11))
    assert (warning.SETTLED, on(2012, 5, 9), "已和解") == (settled.state, settled.settled_date, settled.settlement)
    assert (on(2012, 5, 10), "已答复") == (settled.feedback_date, settled.feedback)
    assert (warning.CLOSED, on(2012, 5, 11)) == (closed.state, closed.closed_date)


def test_a_warning_is_answered_once() -> None:
    """A second answer is refused."""
    record = changed(WARNING, state=warning.OPEN, feedback_date=on(2012, 5, 2))
    with pytest.raises(AlreadyRecorded):
        warning.report_feedback(record, date(2012, 5, 9), "再次答复")


RECEPTION = reception_day_pb2.ReceptionDay(
    office="north",
    held_date=on(2012, 5, 8),
    lawyers=[ref("practitioners")],
    visitors=9,
    disputes_taken_in=1,
    disputes=[ref("disputes")],
)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"lawyers": [ref("mediators")]}, BadReference),
        ({"lawyers": [ref("practitioners"), ref("practitioners")]}, InvalidField),
        ({"disputes_taken_in": None}, FewerThanLinked),
    ],
)
def test_a_reception_day_that_contradicts_itself_is_refused(fields: Any, error: type[RuleError]) -> None:
    """Lawyers are practitioners, each named once, and linked disputes are counted."""
    reception_day.check(RECEPTION, None, rules())
    with pytest.raises(error):
        reception_day.check(changed(RECEPTION, **fields), None, rules())
