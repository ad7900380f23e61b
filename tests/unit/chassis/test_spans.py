"""Records are in force from a day to a day, one at a time where there can be only one."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from google.type.date_pb2 import Date

from services.chassis.domain.dates import from_date
from services.chassis.domain.errors import DateOrder, InvalidField, RuleError, SpanTaken
from services.chassis.domain.spans import check_only_span, check_span, in_force, overlap


def span(first: date | None = None, last: date | None = None) -> Any:
    """Return a record in force from a day to a day; None: not begun, or still in force."""
    first_date, last_date = (Date() if day is None else from_date(day) for day in (first, last))
    return SimpleNamespace(from_date=first_date, to_date=last_date)


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (span(date(2012, 1, 2), date(2012, 1, 1)), DateOrder),
        (span(None, date(2012, 1, 1)), InvalidField),
    ],
)
def test_a_span_ends_after_it_begins(record: Any, error: type[RuleError]) -> None:
    """Nothing ends before it begins, or without having begun."""
    with pytest.raises(error):
        check_span(record)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2009, 12, 31), False),
        (date(2010, 1, 1), True),
        (date(2011, 6, 30), True),
        (date(2011, 7, 1), False),
    ],
)
def test_first_and_last_day_belong_to_the_span(day: date, expected: bool) -> None:  # noqa: FBT001
    """A record is in force from its first to its last day, both included."""
    assert expected == in_force(span(date(2010, 1, 1), date(2011, 6, 30)), day)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((date(2010, 1, 1), None), (date(2012, 1, 1), None), True),
        ((date(2010, 1, 1), date(2011, 12, 31)), (date(2012, 1, 1), None), False),
        ((date(2010, 1, 1), date(2012, 1, 1)), (date(2012, 1, 1), None), True),
        ((date(2012, 1, 1), None), (date(2010, 1, 1), date(2011, 12, 31)), False),
    ],
)
def test_spans_overlap_when_they_share_a_day(first: Any, second: Any, expected: bool) -> None:  # noqa: FBT001
    """Two spans overlap when there is a day in both."""
    assert expected == overlap(*first, *second)


def test_an_office_has_one_record_in_force_at_a_time() -> None:
    """A record is refused for days on which another is in force, and follows one that has ended."""
    ended = span(date(2010, 1, 1), date(2011, 12, 31))
    new = span(date(2012, 1, 1))
    check_only_span(new, [ended])
    with pytest.raises(SpanTaken):
        check_only_span(new, [span(date(2010, 1, 1))])


def test_a_record_that_has_not_begun_takes_no_days() -> None:
    """A record without its first day overlaps with nothing."""
    planned, reached = span(), span(date(2012, 1, 1))
    check_only_span(planned, [reached])
    check_only_span(reached, [planned])
    with pytest.raises(SpanTaken):
        check_only_span(span(date(2012, 1, 1)), [reached])
