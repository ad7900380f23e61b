"""Months, quarters and years."""

from __future__ import annotations

from datetime import date

import pytest

from services.aggregation.periods import Level, months_in, parse, periods_of, previous_year, since


def test_a_day_lies_in_a_month_a_quarter_and_a_year() -> None:
    """The three periods of a day have the codes that people use."""
    assert ["2012-02", "2012-Q1", "2012"] == [period.code for period in periods_of(date(2012, 2, 29))]


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2012-Q4", date(2012, 10, 1), date(2012, 12, 31)),
        ("2012", date(2012, 1, 1), date(2012, 12, 31)),
    ],
)
def test_a_code_is_read_back(code: str, start: date, end: date) -> None:
    """A period of a code begins and ends where the calendar says."""
    period = parse(code)
    assert (code, start, end) == (period.code, period.start, period.end)


@pytest.mark.parametrize(
    "code", ["", "12", "2012-13", "2012-00", "2012-Q5", "2012-Q0", "2012-3", "2012-", "2012-ab", "0000"]
)
def test_what_is_no_period_is_refused(code: str) -> None:
    """Codes of no period raise ValueError and name the three forms."""
    with pytest.raises(ValueError, match="2012-Q1"):
        parse(code)


def test_the_running_period_is_counted_now() -> None:
    """What is in force is counted on the last day, or today while the period runs."""
    assert (date(2012, 3, 5), date(2012, 2, 29)) == (
        parse("2012-03").at(date(2012, 3, 5)),
        parse("2012-02").at(date(2012, 3, 5)),
    )


def test_every_period_is_given_from_first_to_last() -> None:
    """From November 2011 to March 2012 there are five months, two quarters more than none, and two years."""
    found = list(since(date(2011, 11, 30), date(2012, 3, 1)))
    assert [5, 2, 2] == [sum(period.level is level for period in found) for level in Level]


def test_the_same_period_of_another_year_keeps_its_form() -> None:
    """Growth compares like with like."""
    assert ["2011-Q1", "2013"] == [previous_year("2012-Q1"), previous_year("2012", -1)]


def test_a_quarter_has_three_months() -> None:
    """Months are given by their first day."""
    assert [date(2012, 4, 1), date(2012, 5, 1), date(2012, 6, 1)] == list(months_in(parse("2012-Q2")))
