"""Facilities, enterprises, schools, studies, exams and plans: the rules of each record by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.publicity.v1 import facility_pb2, school_year_pb2

from services.chassis.domain.errors import DateOrder, InvalidField, NotInForce, RuleError
from services.publicity.domain.activities import study as studies
from services.publicity.domain.errors import (
    MarketRequired,
    NumbersMismatch,
    PlaceKindMismatch,
    PlaceRequired,
    StillUsed,
)
from services.publicity.domain.places import enterprise as enterprises
from services.publicity.domain.places import facility as facilities
from services.publicity.domain.places import school as schools
from services.publicity.domain.places import uses
from services.publicity.places import facts
from tests.support.publicity import TODAY, enterprise, exam, facility, guide_board, plan, rules, school, study
from tests.support.records import on, ref


def in_place(*day: int) -> Any:
    """Return one of the four, in place from a day on."""
    return school_year_pb2.InPlace(evidence="示例文件", date=on(*day))


def year(**fields: Any) -> school_year_pb2.SchoolYear:
    """Return a record of a school's year 2011/12."""
    return school_year_pb2.SchoolYear(**{"office": "north", "school": ref("schools"), "year": 2011} | fields)


BROKEN: list[tuple[Any, Any, type[RuleError], str]] = [
    (facilities.check, facility(to_date=on(2010, 12, 31)), DateOrder, "to_date"),
    (facilities.check, facility(office="district"), InvalidField, "office"),
    (facilities.check, facility(kind=facility_pb2.FACILITY_KIND_LAW_LIBRARY), PlaceRequired, "place"),
    (facilities.check, facility(market=ref("markets")), MarketRequired, "market"),
    (facilities.check, guide_board(""), MarketRequired, "market"),
    (facilities.check, facility(inspected_date=on(2010, 12, 31)), DateOrder, "inspected_date"),
    (facilities.check, facility(to_date=on(2012, 1, 1), renewed_date=on(2012, 1, 2)), InvalidField, "renewed_date"),
    (enterprises.check, enterprise(sized_from_date=on(2009, 1, 1)), DateOrder, "sized_from_date"),
    (enterprises.check, enterprise(sized_to_date=on(2010, 1, 1)), DateOrder, "sized_to_date"),
    (
        enterprises.check,
        enterprise(sized_from_date=None, sized_to_date=on(2011, 1, 1)),
        InvalidField,
        "sized_from_date",
    ),
    (enterprises.check, enterprise(to_date=on(2010, 12, 31)), InvalidField, "sized_from_date"),
    (enterprises.check, enterprise(programme_from_date=on(2011, 5, 1)), InvalidField, "programme_grade"),
    (enterprises.check, enterprise(programme_grade=1), InvalidField, "programme_grade"),
    (schools.check, school(to_date=on(2009, 1, 1)), DateOrder, "to_date"),
    (schools.check_year, year(year=2013), InvalidField, "year"),
    (schools.check_year, year(plan=in_place(2010, 12, 31)), InvalidField, "plan.date"),
    (schools.check_year, year(teachers=in_place(2012, 9, 1)), InvalidField, "teachers.date"),
    (studies.check_study, study(place=""), PlaceRequired, "place"),
    (studies.check_study, study(place="north-2"), PlaceKindMismatch, "place"),
    (studies.check_study, study(organisation=3), PlaceKindMismatch, "place"),
    (studies.check_study, study(organisation=1), PlaceKindMismatch, "place"),
    (studies.check_study, study(organisation=1, place="", office="district"), InvalidField, "office"),
    (studies.check_exam, exam(sat=41), NumbersMismatch, "sat"),
    (studies.check_exam, exam(passed=39), NumbersMismatch, "passed"),
    (studies.check_plan, plan(year=2014), InvalidField, "year"),
    (studies.check_plan, plan(adopted_date=on(2010, 12, 31)), InvalidField, "adopted_date"),
    (studies.check_plan, plan(year=2011), InvalidField, "adopted_date"),
]


@pytest.mark.parametrize(("check", "record", "broken", "field"), BROKEN)
def test_a_record_that_breaks_a_rule_is_refused(check: Any, record: Any, broken: type[RuleError], field: str) -> None:
    """Every refusal names its field and says in Chinese what is expected."""
    with pytest.raises(broken) as caught:
        check(record, None, rules())
    assert field == caught.value.field
    assert "?" not in caught.value.message


@pytest.mark.parametrize(
    ("check", "record"),
    [
        (facilities.check, facility(inspected_date=on(2011, 1, 1), to_date=on(2011, 1, 1))),
        (facilities.check, facility(kind=facility_pb2.FACILITY_KIND_LAW_PARK, office="district")),
        (facilities.check, guide_board(ref("markets"))),
        (enterprises.check, enterprise(programme_from_date=on(2010, 1, 1), programme_grade=2)),
        (schools.check_year, year(plan=in_place(2011, 1, 1), hours=in_place(2012, 8, 31))),
        (schools.check_year, year(year=2012)),
        (studies.check_study, study()),
        (studies.check_study, study(organisation=3, place="north-2")),
        (studies.check_study, study(organisation=1, place="")),
        (studies.check_exam, exam(sat=40, passed=40)),
        (studies.check_plan, plan(year=2013)),
        (studies.check_plan, plan(adopted_date=on(2011, 12, 1), office="district")),
    ],
)
def test_what_keeps_the_rules_passes(check: Any, record: Any) -> None:
    """The last day, the whole number and the earliest date are within what is permitted."""
    check(record, None, rules())


@pytest.mark.parametrize(
    ("inspected", "renewed", "news"),
    [(None, None, True), (on(2012, 6, 1), on(2012, 6, 1), False), (on(2012, 6, 1), on(2012, 5, 1), True)],
)
def test_a_facility_remembers_the_latest_day(inspected: Any, renewed: Any, news: bool) -> None:  # noqa: FBT001
    """Being somewhere is an inspection, and renews when it is said; what is known already is no news."""
    record = facility(inspected_date=inspected, renewed_date=renewed)
    assert news == facilities.touch(record, TODAY, renewed=True)
    assert (on(2012, 6, 1), on(2012, 6, 1)) == (record.inspected_date, record.renewed_date)


def test_only_what_was_said_is_renewed() -> None:
    """An activity at a facility does not renew its contents by itself."""
    record = facility()
    facilities.touch(record, TODAY, renewed=False)
    assert (True, False) == (record.HasField("inspected_date"), record.HasField("renewed_date"))


def test_a_facility_is_inspected_within_a_year() -> None:
    """A year after it opened or was last inspected; never once its last day is set."""
    assert [(date(2012, 1, 1), facilities.INSPECT)] == facilities.dues(facility())
    assert [(date(2013, 2, 28), facilities.INSPECT)] == facilities.dues(facility(inspected_date=on(2012, 2, 29)))
    assert [] == facilities.dues(facility(to_date=on(2012, 12, 31)))


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [((2011, 3, 2), None, "from_date"), ((2011, 1, 1), (2011, 6, 29), "to_date"), ((2011, 1, 1), None, "")],
)
def test_what_is_used_stays(first: Any, last: Any, field: str) -> None:
    """A span that leaves out a day of a use is refused by the end at which it does; another passes."""
    record = facility(from_date=on(*first), to_date=None if last is None else on(*last))
    days = [(date(2011, 3, 1), date(2011, 6, 30))]
    if not field:
        uses.check_uses(record, days, "普法活动")
        return
    with pytest.raises(StillUsed) as caught:
        uses.check_uses(record, days, "普法活动")
    assert field == caught.value.field


def test_any_day_of_a_school_year_will_do() -> None:
    """Where a part is enough, a school may close in the course of the year, not before its first day."""
    days = [schools.days_of(2011)]
    uses.check_uses(school(to_date=on(2011, 9, 1)), days, "学校四落实", whole=False)
    with pytest.raises(StillUsed):
        uses.check_uses(school(to_date=on(2011, 8, 31)), days, "学校四落实", whole=False)
    with pytest.raises(StillUsed):
        uses.check_uses(school(from_date=on(2012, 9, 1)), days, "学校四落实", whole=False)


@pytest.mark.parametrize(
    ("span", "day"),
    [
        ((date(2010, 12, 31), None), "2010-12-31"),
        ((date(2011, 1, 1), None), "2012-01-01"),
        ((date(2011, 1, 1), date(2012, 1, 2)), "2012-01-01"),
    ],
)
def test_a_span_is_covered_whole(span: Any, day: str) -> None:
    """The refusal names a day at which the other record begins to lack."""
    with pytest.raises(NotInForce, match=day):
        uses.check_covers(facility(to_date=on(2012, 1, 1)), "market", span)


def test_a_school_year_lasts_from_september_to_august() -> None:
    """Facts tell its days, and when each of the four was in place."""
    found = facts.school_year(year(plan=in_place(2011, 8, 20)))
    assert (on(2011, 9, 1), on(2012, 8, 31)) == (found.begins_date, found.ends_date)
    assert (on(2011, 8, 20), False) == (found.plan_date, found.HasField("hours_date"))
