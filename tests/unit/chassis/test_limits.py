"""Time limits: due dates, pauses, extensions, states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from geju.common.v1 import limit_pb2
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.domain import limits
from services.chassis.domain.calendar import add_working_days, is_workday
from services.chassis.domain.dates import add_months, month_of, to_date
from services.chassis.domain.errors import DateOrder, LimitNotRunning, LimitNotSuspended
from services.chassis.domain.limits import LimitRule

DAYS = LimitRule("close", "办结", "accepted", 15, "days", "某法第一条", date(2008, 1, 1))
WORKING = replace(DAYS, length=30, unit="working_days", suspendable=True)
MONTHS = replace(DAYS, length=1, unit="months", extendable=True)
DAY = timedelta(days=1)
days = st.dates(date(2008, 1, 1), date(2024, 12, 31))


def begin(rule: LimitRule, on: date) -> limit_pb2.Limit:
    """Start a limit of one rule."""
    limit = limits.start([rule], rule.id, on)
    assert limit is not None
    return limit


def due_of(limit: limit_pb2.Limit) -> date | None:
    """Return the stored due date."""
    return to_date(limit.due)


@pytest.mark.parametrize(
    ("rule", "start", "due"),
    [
        pytest.param(DAYS, date(2012, 3, 1), date(2012, 3, 16), id="the first day counted is the next one"),
        pytest.param(DAYS, date(2012, 2, 20), date(2012, 3, 6), id="a leap day counts"),
        pytest.param(MONTHS, date(2012, 1, 31), date(2012, 2, 29), id="a month ends with a shorter month"),
        pytest.param(MONTHS, date(2011, 12, 15), date(2012, 1, 15), id="a month crosses the year"),
        pytest.param(replace(WORKING, length=5), date(2009, 1, 22), date(2009, 2, 3), id="Spring Festival of 2009"),
        pytest.param(replace(WORKING, length=3), date(2012, 1, 20), date(2012, 1, 30), id="Spring Festival of 2012"),
        pytest.param(replace(WORKING, length=5), date(2012, 9, 27), date(2012, 10, 10), id="National Day of 2012"),
        pytest.param(replace(WORKING, length=1), date(2012, 3, 2), date(2012, 3, 5), id="a weekend does not count"),
        pytest.param(
            replace(WORKING, length=5), date(2041, 1, 4), date(2041, 1, 11), id="unknown years: Monday-Friday"
        ),
    ],
)
def test_due_date(rule: LimitRule, start: date, due: date) -> None:
    """The due date is the last day in time, by the unit of the rule."""
    assert due == due_of(begin(rule, start))


def test_the_rule_in_force_at_the_start_applies() -> None:
    """When the law changes, a clock runs by the rule of the day it started; before the first rule there is none."""
    old = replace(DAYS, length=60, valid_to=date(2010, 12, 31))
    new = replace(DAYS, length=30, valid_from=date(2011, 1, 1))
    assert date(2011, 3, 1) == due_of(limits.start([old, new], "close", date(2010, 12, 31)) or limit_pb2.Limit())
    assert date(2011, 1, 31) == due_of(limits.start([old, new], "close", date(2011, 1, 1)) or limit_pb2.Limit())
    assert limits.start([old, new], "close", date(2007, 12, 31)) is None
    assert limits.start([old, new], "other", date(2011, 1, 1)) is None


@given(start=days, before=st.integers(1, 40), pause=st.integers(0, 90), unit=st.sampled_from(["days", "working_days"]))
def test_a_pause_counts_no_day(start: date, before: int, pause: int, unit: limits.Unit) -> None:
    """After a pause the due date is the one found by counting, day by day, only days outside of it."""
    rule = replace(WORKING, unit=unit)
    limit = begin(rule, start)
    first = start + before * DAY
    if first > rule.end(start):
        return
    limits.suspend(limit, first, "鉴定", rule)
    limits.resume(limit, first + pause * DAY, rule)
    day, left = start, rule.length
    while left:
        day += DAY
        paused = first <= day < first + pause * DAY
        left -= not paused and (unit == "days" or is_workday(day))
    assert day == due_of(limit)


def test_while_suspended_due_is_as_if_resumed_today() -> None:
    """The answer of a stopped clock moves with the day it is asked on; the stored date does not."""
    limit = begin(DAYS, date(2012, 3, 1))
    limits.suspend(limit, date(2012, 3, 5), "鉴定", DAYS)
    assert date(2012, 3, 26) == limits.due(limit, DAYS, date(2012, 3, 15))
    assert date(2012, 3, 16) == due_of(limit)
    assert limits.state(limit, date(2012, 5, 1)) == limit_pb2.LIMIT_STATE_SUSPENDED
    assert limits.next_due([limit], date(2012, 3, 15)) is None


def test_two_pauses_add_up() -> None:
    """Pauses add up, and the limit says by how many days."""
    limit = begin(DAYS, date(2012, 3, 1))
    for first, end in ((3, 5), (10, 13)):
        limits.suspend(limit, date(2012, 3, first), "鉴定", DAYS)
        limits.resume(limit, date(2012, 3, end), DAYS)
    assert (date(2012, 3, 21), 5) == (due_of(limit), limit.suspended_days)


def test_what_cannot_be_suspended() -> None:
    """A clock that is overdue, stopped, met or void cannot be stopped, nor before it started or last resumed."""
    limit = begin(DAYS, date(2012, 3, 1))
    with pytest.raises(LimitNotRunning):
        limits.suspend(limit, date(2012, 3, 17), "鉴定", DAYS)
    with pytest.raises(DateOrder):
        limits.suspend(limit, date(2012, 3, 1), "鉴定", DAYS)
    with pytest.raises(LimitNotSuspended):
        limits.resume(limit, date(2012, 3, 9), DAYS)
    limits.suspend(limit, date(2012, 3, 5), "鉴定", DAYS)
    with pytest.raises(LimitNotRunning):
        limits.suspend(limit, date(2012, 3, 6), "鉴定", DAYS)
    with pytest.raises(DateOrder):
        limits.resume(limit, date(2012, 3, 4), DAYS)
    limits.resume(limit, date(2012, 3, 8), DAYS)
    with pytest.raises(DateOrder):
        limits.suspend(limit, date(2012, 3, 7), "鉴定", DAYS)
    limits.meet(limit, date(2012, 3, 9))
    with pytest.raises(LimitNotRunning):
        limits.suspend(limit, date(2012, 3, 10), "鉴定", DAYS)


def test_an_extension_moves_the_due_date() -> None:
    """A later day agreed on becomes the due date, and a pause moves it on; an earlier one is refused."""
    limit = begin(MONTHS, date(2012, 3, 1))
    limits.extend(limit, date(2012, 5, 1), MONTHS)
    limits.suspend(limit, date(2012, 4, 1), "鉴定", MONTHS)
    limits.resume(limit, date(2012, 4, 11), MONTHS)
    assert date(2012, 5, 11) == due_of(limit)
    with pytest.raises(DateOrder):
        limits.extend(limit, date(2012, 5, 11), MONTHS)


def test_a_corrected_start_counts_anew() -> None:
    """Moving the start counts the limit anew and keeps pauses and an agreed extension that is later."""
    limit = begin(DAYS, date(2012, 3, 1))
    limits.suspend(limit, date(2012, 3, 5), "鉴定", DAYS)
    limits.resume(limit, date(2012, 3, 8), DAYS)
    limits.restart(limit, date(2012, 2, 28), [DAYS])
    assert (date(2012, 2, 28), date(2012, 3, 17)) == (to_date(limit.start), due_of(limit))
    limits.extend(limit, date(2012, 6, 1), DAYS)
    limits.restart(limit, date(2012, 3, 1), [DAYS])
    assert date(2012, 6, 1) == due_of(limit)
    limits.restart(limit, date(2007, 3, 1), [DAYS])
    assert limits.state(limit, date(2012, 3, 1)) == limit_pb2.LIMIT_STATE_VOID


@pytest.mark.parametrize(
    ("met", "today", "state"),
    [
        (None, date(2012, 3, 16), limit_pb2.LIMIT_STATE_RUNNING),
        (None, date(2012, 3, 17), limit_pb2.LIMIT_STATE_OVERDUE),
        (date(2012, 3, 16), date(2012, 4, 1), limit_pb2.LIMIT_STATE_MET),
        (date(2012, 3, 17), date(2012, 4, 1), limit_pb2.LIMIT_STATE_LATE),
    ],
)
def test_state(met: date | None, today: date, state: int) -> None:
    """A limit runs up to its due date, is overdue after it, and what is done is in time or late for good."""
    limit = begin(DAYS, date(2012, 3, 1))
    if met:
        limits.meet(limit, met)
    assert state == limits.state(limit, today)


def test_next_due_is_the_earliest_outstanding() -> None:
    """What is met, void or suspended is not due; of the rest the earliest is next, overdue or not."""
    met, void, late, next_one = (begin(DAYS, date(2012, 3, day)) for day in (1, 2, 3, 4))
    limits.meet(met, date(2012, 3, 5))
    limits.void(void)
    assert (date(2012, 3, 18), "close") == limits.next_due([met, void, next_one, late], date(2012, 4, 1))
    assert limits.next_due([], date(2012, 4, 1)) is None


def test_what_is_done_stays_done() -> None:
    """Neither a later act nor voiding changes an act already recorded; reopening takes it back."""
    limit = begin(DAYS, date(2012, 3, 1))
    limits.meet(limit, date(2012, 3, 5))
    limits.meet(limit, date(2012, 3, 9))
    limits.void(limit)
    assert limits.state(limit, date(2012, 4, 1)) == limit_pb2.LIMIT_STATE_MET
    assert date(2012, 3, 5) == to_date(limit.met_date)
    limits.unmeet(limit)
    assert limits.state(limit, date(2012, 4, 1)) == limit_pb2.LIMIT_STATE_OVERDUE


@given(start=days, count=st.integers(0, 60))
def test_working_days_land_on_working_days(start: date, count: int) -> None:
    """So many working days later is a working day with exactly that many in between."""
    end = add_working_days(start, count)
    span = [start + n * DAY for n in range(1, (end - start).days + 1)]
    assert count == sum(map(is_workday, span))
    assert count == 0 or is_workday(end)


def test_months() -> None:
    """Months go both ways and keep to the month's end."""
    assert date(2011, 11, 30) == add_months(date(2012, 1, 30), -2)
    assert month_of(date(2012, 3, 9)) == "2012-03"
