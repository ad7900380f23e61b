"""A case a year for every practitioner, joined from two services; fees reduced or waived."""

from __future__ import annotations

from datetime import date

import pytest
from geju.legalaid.v1.facts_pb2 import AidCaseFacts, FeeReliefFacts
from geju.legalservices.v1 import practitioner_pb2 as pp
from geju.legalservices.v1.facts_pb2 import PractitionerFacts

from services.aggregation.measure import advance_date
from tests.support import histories
from tests.support.counting import Counting, on

LAWYER, WORKER, NOTARY = (
    pp.PRACTITIONER_KIND_LAWYER,
    pp.PRACTITIONER_KIND_GRASSROOTS,
    pp.PRACTITIONER_KIND_NOTARY,
)
BEGIN = on(2010, 6, 1)
CODE = "legalaid.practitioner_duty_rate"


def person(number: int) -> str:
    """Return the id of a practitioner that is put in as the record of a number."""
    return str(histories.record_id("practitioner", number))


async def change(counting: Counting, number: int, case: AidCaseFacts, revision: int = 2) -> None:
    """Take in a later revision of a case of office 01."""
    case.office = case.office or "01"
    event = histories.event("aid_case", number, revision, case, sequence=100 + revision, source="geju/legalaid")
    await counting.projection.apply(counting.conn, [event], counting.today)


async def test_every_practitioner_owes_a_case_a_year(counting: Counting) -> None:
    """legalaid.practitioner_duty_rate: licensed on any day of the year; notaries owe none; who has none is listed."""
    await counting.put(
        PractitionerFacts(kind=LAWYER, licensed_from_date=BEGIN),
        PractitionerFacts(kind=WORKER, licensed_from_date=BEGIN, licensed_to_date=on(2011, 1, 1)),
        PractitionerFacts(kind=LAWYER, licensed_from_date=on(2011, 12, 31)),
        PractitionerFacts(kind=LAWYER, licensed_from_date=BEGIN, licensed_to_date=on(2010, 12, 31)),
        PractitionerFacts(kind=NOTARY, licensed_from_date=BEGIN),
    )
    await counting.put(
        AidCaseFacts(practitioner=person(1), granted_date=on(2011, 5, 4), first_assigned_date=on(2011, 5, 5)),
        source="geju/legalaid",
    )
    assert (1, 3) == await counting.figure(CODE, "2011")
    assert (0, 3) == await counting.figure(CODE, "2010")
    assert ["counted", "no_case", "no_case", "not_in_period", "owes_none"] == await counting.reasons(CODE, "2011")
    assert (0, 0) == await counting.figure(CODE, "2011-05")
    assert (1, 3) == await counting.adds(CODE, "2011")


async def test_a_year_that_runs_is_of_everyone_in_practice(counting: Counting) -> None:
    """legalaid.practitioner_duty_rate: who has none yet counts against it from the start, and is told so."""
    await counting.put(
        PractitionerFacts(kind=LAWYER, licensed_from_date=BEGIN),
        PractitionerFacts(kind=LAWYER, licensed_from_date=BEGIN),
        PractitionerFacts(kind=LAWYER, licensed_from_date=BEGIN, licensed_to_date=on(2012, 3, 19)),
        PractitionerFacts(kind=LAWYER, licensed_from_date=BEGIN, licensed_to_date=on(2012, 3, 20)),
        AidCaseFacts(practitioner=person(1), granted_date=on(2012, 2, 1), first_assigned_date=on(2012, 2, 1)),
    )
    assert (1, 4) == await counting.figure(CODE, "2012")
    assert ["counted", "no_case", "no_case_yet", "no_case_yet"] == await counting.reasons(CODE, "2012")
    assert "年度未结束,尚未承办援助案件" == (await counting.words(CODE, "2012"))["no_case_yet"]
    assert (1, 4) == await counting.adds(CODE, "2012")
    counting.today = date(2013, 1, 1)
    await advance_date(counting.conn, counting.projection, counting.today)
    assert ["counted", "no_case", "no_case", "no_case"] == await counting.reasons(CODE, "2012")
    assert (1, 4) == await counting.figure(CODE, "2012")


@pytest.mark.parametrize(
    ("fields", "years"),
    [
        ({"first_assigned_date": on(2010, 12, 31), "closed_date": on(2011, 1, 1)}, "2010 2011"),
        ({"first_assigned_date": on(2011, 1, 1), "ended_date": on(2011, 12, 31)}, "2011"),
        ({"first_assigned_date": on(2011, 12, 31)}, "2011 2012"),
        # Begun before the grant: the days before it count as well, known from the grant on.
        ({"provided_date": on(2010, 12, 30), "first_assigned_date": on(2011, 1, 4)}, "2010 2011 2012"),
        # Nobody's before the first day, whatever was granted.
        ({}, ""),
    ],
)
async def test_a_case_counts_in_every_year_in_which_it_was_the_practitioners(
    counting: Counting, fields: dict[str, object], years: str
) -> None:
    """legalaid.practitioner_duty_rate: from the first day to the last, each included, over the end of a year too."""
    await counting.put(
        PractitionerFacts(kind=LAWYER, licensed_from_date=BEGIN),
        AidCaseFacts(practitioner=person(1), granted_date=on(2011, 1, 4), **fields),  # type: ignore[arg-type]
    )
    found = [year for year in ("2010", "2011", "2012") if (await counting.figure(CODE, year))[0]]
    assert years == " ".join(found)


async def test_aid_begun_before_the_grant_is_not_known_before_it(counting: Counting) -> None:
    """legalaid.practitioner_duty_rate: refused in the end, it would never have been a case."""
    await counting.put(
        PractitionerFacts(kind=LAWYER, licensed_from_date=BEGIN),
        AidCaseFacts(practitioner=person(1), provided_date=on(2011, 12, 20), granted_date=on(2012, 1, 5)),
        AidCaseFacts(practitioner=person(1), provided_date=on(2010, 12, 20), decided_date=on(2010, 12, 22)),
    )
    assert (0, 1) == await counting.as_of(date(2012, 1, 4), CODE, "2011")
    assert (1, 1) == await counting.as_of(date(2012, 1, 5), CODE, "2011")
    assert (0, 1) == await counting.figure(CODE, "2010")


async def test_a_change_of_handler_moves_the_figures_of_other_offices(counting: Counting) -> None:
    """legalaid.practitioner_duty_rate: the case is of office 01, the handlers, of another service, of 03 and 02."""
    await counting.put(
        PractitionerFacts(office="03", kind=LAWYER, licensed_from_date=BEGIN),
        PractitionerFacts(office="02", kind=WORKER, licensed_from_date=BEGIN),
        source="geju/legalservices",
    )
    case = AidCaseFacts(
        practitioner=person(1),
        granted_date=on(2011, 5, 4),
        first_assigned_date=on(2011, 5, 5),
        assigned_date=on(2011, 5, 5),
    )
    await counting.put(case, source="geju/legalaid")
    by_office = [await counting.figure(CODE, year, unit) for year in ("2011", "2012") for unit in ("03", "02")]
    assert [(1, 1), (0, 1), (1, 1), (0, 1)] == by_office
    taken = AidCaseFacts(
        practitioner=person(2),
        former_practitioner=[person(1)],
        former_from_date=[on(2011, 5, 5)],
        former_until_date=[on(2012, 1, 10)],
        granted_date=on(2011, 5, 4),
        first_assigned_date=on(2011, 5, 5),
        assigned_date=on(2012, 1, 10),
    )
    await change(counting, 3, taken)
    # The first one had it until the second got it; what was counted of the year before stays.
    by_office = [await counting.figure(CODE, year, unit) for year in ("2011", "2012") for unit in ("03", "02")]
    assert [(1, 1), (0, 1), (1, 1), (1, 1)] == by_office
    assert (1, 2) == await counting.figure(CODE, "2011")
    taken.deleted = True
    await change(counting, 3, taken, revision=3)
    assert [(0, 1), (0, 1)] == [await counting.figure(CODE, "2011", unit) for unit in ("03", "02")]


async def test_each_of_several_handlers_has_days_of_the_own(counting: Counting) -> None:
    """legalaid.practitioner_duty_rate: one at a time; who had it twice, before and after another, had it twice."""
    await counting.put(*(PractitionerFacts(kind=LAWYER, licensed_from_date=BEGIN) for _ in range(3)))
    case = AidCaseFacts(
        practitioner=person(3),
        former_practitioner=[person(1), person(2), person(1)],
        former_from_date=[on(2010, 7, 1), on(2010, 8, 1), on(2012, 1, 10)],
        former_until_date=[on(2010, 8, 1), on(2012, 1, 10), on(2012, 2, 1)],
        granted_date=on(2010, 7, 1),
        first_assigned_date=on(2010, 7, 1),
        assigned_date=on(2012, 2, 1),
    )
    await counting.put(case, source="geju/legalaid")
    found = {year: await counting.reasons(CODE, year) for year in ("2010", "2011", "2012")}
    assert ["counted", "counted", "no_case"] == found["2010"]
    assert ["counted", "no_case", "no_case"] == found["2011"]
    assert ["counted", "counted", "counted"] == found["2012"]
    assert [(2, 3), (1, 3), (3, 3)] == [await counting.figure(CODE, year) for year in found]


async def test_a_practitioner_may_be_known_after_the_case(counting: Counting) -> None:
    """legalaid.practitioner_duty_rate: services tell of their records in an order of their own."""
    await counting.put(
        AidCaseFacts(practitioner=person(2), granted_date=on(2011, 5, 4), first_assigned_date=on(2011, 5, 5))
    )
    assert (0, 0) == await counting.figure(CODE, "2011")
    await counting.put(PractitionerFacts(office="03", kind=LAWYER, licensed_from_date=BEGIN))
    assert (1, 1) == await counting.figure(CODE, "2011", "03")


async def test_fees_reduced_or_waived_count_by_their_day(counting: Counting) -> None:
    """legalaid.fee_relief_cases: each relief once."""
    await counting.put(
        FeeReliefFacts(granted_date=on(2012, 3, 20)),
        FeeReliefFacts(office="03", granted_date=on(2012, 1, 1)),
        FeeReliefFacts(granted_date=on(2012, 3, 21)),
    )
    assert (1, 0) == await counting.figure("legalaid.fee_relief_cases", "2012-03")
    assert (2, 0) == await counting.figure("legalaid.fee_relief_cases", "2012")
