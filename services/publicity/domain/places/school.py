"""Schools (学校), markets (市场), and what a school has in place for a school year, from September to August."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from geju.publicity.v1 import school_pb2, school_year_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import InvalidField, NotInForce
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, overlap
from services.publicity.domain.errors import YearTaken
from services.publicity.domain.places.uses import span_of

Year = school_year_pb2.SchoolYear
FOUR = ("plan", "hours", "textbooks", "teachers")


def check(new: Any, _old: Any, _rules: Rules) -> None:
    """Guard a record that is kept from day to day. Raises DateOrder."""
    check_span(new)


def days_of(year: int) -> tuple[date, date]:
    """Return the first and the last day of the school year that begins in a year."""
    return date(year, 9, 1), date(year + 1, 8, 31)


def check_year(new: Year, _old: Year | None, rules: Rules) -> None:
    """Guard what is in place: in time for the school year or in the course of it. Raises BadReference, InvalidField."""
    check_reference("school", new.school, "schools")
    if new.year > rules.today.year:
        raise InvalidField("year", expected="填写学年开始的年份(当年九月至次年八月),不晚于今年")
    _, last = days_of(new.year)
    for name in FOUR:
        on = to_date(getattr(new, name).date)
        if on is not None and not date(new.year, 1, 1) <= on <= last:
            raise InvalidField(f"{name}.date", expected=f"应在{new.year}年1月1日至该学年结束({last})之间")


def check_school(year: Year, school: school_pb2.School) -> None:
    """Refuse a school that was not there on any day of the school year. Raises NotInForce."""
    days = days_of(year.year)
    if not overlap(*span_of(school), *days):
        raise NotInForce("school", date=days[0])


def check_only_year(new: Year, others: Sequence[int]) -> None:
    """Refuse a second record of a school for a school year. Raises YearTaken."""
    if new.year in others:
        raise YearTaken("year", year=new.year)
