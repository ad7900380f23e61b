"""Who is licensed when and where, from the first day to the last."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.legalservices.v1 import firm_pb2, practitioner_pb2
from google.type.date_pb2 import Date

from services.chassis.domain.errors import AlreadyRecorded, DateOrder, FutureDate, InvalidField, RuleError
from services.legalservices.domain.registers import firm, licence, practitioner
from services.legalservices.domain.registers.errors import (
    FirmInUse,
    FirmKindMismatch,
    NotLicensed,
    OtherFirm,
    OutsideLicence,
    SameFirm,
)
from tests.support.legalservices import a_firm, a_practitioner, rules
from tests.support.records import on, ref

HERE, THERE = ref("firms", 1), ref("firms", 2)
ENDED: dict[str, Any] = {"licensed_to_date": on(2012, 3, 31), "end_ground": 3}


@pytest.mark.parametrize(
    ("day", "licensed"),
    [(date(2007, 12, 31), False), (date(2008, 1, 1), True), (date(2012, 3, 31), True), (date(2012, 4, 1), False)],
)
def test_first_and_last_day_are_licensed(day: date, licensed: bool) -> None:  # noqa: FBT001 (a case of the table)
    """The days before and after are not."""
    assert licensed == licence.licensed_on(a_practitioner(**ENDED), day)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ((date(2012, 1, 1), date(2012, 12, 31)), True),
        ((date(2011, 12, 31), date(2012, 12, 31)), False),
        ((date(2012, 1, 1), date(2013, 1, 1)), False),
        ((date(2012, 1, 1), None), False),
    ],
)
def test_an_open_span_lies_in_an_open_licence_only(span: licence.Span, expected: bool) -> None:  # noqa: FBT001 (the same)
    """Every day of the span is one of the licence."""
    assert expected == licence.within(span, (date(2012, 1, 1), date(2012, 12, 31)))
    assert licence.within(span, (date(2000, 1, 1), None))


@pytest.mark.parametrize("year", [2007, 2013])
def test_a_year_without_a_licensed_day_is_not_assessed(year: int) -> None:
    """One day of the year is enough."""
    with pytest.raises(RuleError, match=str(year)):
        licence.check_licensed_in(a_practitioner(**ENDED), year)
    for known in (2008, 2012):
        licence.check_licensed_in(a_practitioner(**ENDED), known)


def transferred() -> practitioner_pb2.Practitioner:
    """Return a lawyer who moved on 1 May 2012."""
    lawyer = a_practitioner(firm=HERE)
    practitioner.transfer(lawyer, a_firm(name=THERE, office="south"), on(2012, 5, 1), rules())
    return lawyer


def test_the_firm_of_a_day_is_the_one_of_that_stay() -> None:
    """Before the transfer the former, from its day on the new one, none without a licence."""
    lawyer = transferred()
    days = [date(2007, 12, 31), date(2008, 1, 1), date(2012, 4, 30), date(2012, 5, 1)]
    assert ["", HERE, HERE, THERE] == [practitioner.firm_on(lawyer, day) for day in days]
    practitioner.check_firm_on(lawyer, HERE, "practitioner", date(2012, 4, 30))
    with pytest.raises(OtherFirm):
        practitioner.check_firm_on(lawyer, HERE, "practitioner", date(2012, 5, 1))
    with pytest.raises(NotLicensed):
        practitioner.check_firm_on(lawyer, HERE, "practitioner", date(2007, 1, 1))


def test_a_stay_begins_the_day_after_the_last_one_ended() -> None:
    """A firm needs to be licensed for its own stay, not for the former ones."""
    lawyer = transferred()
    assert (date(2012, 5, 1), None) == firm.term_of(lawyer)
    practitioner.check_firm(lawyer, a_firm(name=THERE, office="south", licensed_from_date=on(2012, 5, 1)))
    firm.check_members(a_firm(licensed_from_date=on(2012, 5, 1)), [lawyer], [])
    with pytest.raises(FirmInUse):
        firm.check_members(a_firm(licensed_from_date=on(2012, 5, 2)), [lawyer], [])


def test_a_return_to_a_former_firm_is_a_stay_of_its_own() -> None:
    """Only a correction makes a transfer undone."""
    lawyer = transferred()
    practitioner.transfer(lawyer, a_firm(name=HERE), on(2012, 6, 1), rules())
    practitioner.check(lawyer, None, rules())
    assert [HERE, THERE] == [term.firm for term in lawyer.former_terms]
    lawyer.firm = THERE
    practitioner.check(lawyer, None, rules())
    assert [HERE] == [term.firm for term in lawyer.former_terms]


@pytest.mark.parametrize(
    ("target", "day", "error"),
    [
        ({"name": HERE}, on(2012, 5, 1), SameFirm),
        ({"kind": firm_pb2.FIRM_KIND_NOTARY_OFFICE}, on(2012, 5, 1), FirmKindMismatch),
        ({"licensed_to_date": on(2012, 12, 31)}, on(2012, 5, 1), OutsideLicence),
        ({}, on(2008, 1, 1), DateOrder),
        ({}, on(2012, 6, 3), FutureDate),
        ({}, on(2007, 1, 1), NotLicensed),
    ],
)
def test_a_transfer_is_refused_where_it_cannot_be(target: dict[str, Any], day: Any, error: Any) -> None:
    """The firm is another, fits, and is licensed as long as the practitioner is."""
    with pytest.raises(error):
        practitioner.transfer(a_practitioner(firm=HERE), a_firm(**{"name": THERE} | target), day, rules())


def test_a_licence_ends_once_and_within_the_last_stay() -> None:
    """With its ground; today when no day is given."""
    lawyer = transferred()
    with pytest.raises(DateOrder):
        practitioner.end(lawyer, on(2012, 4, 30), practitioner_pb2.LICENCE_END_GROUND_DIED, rules())
    assert date(2012, 6, 1) == practitioner.end(lawyer, Date(), practitioner_pb2.LICENCE_END_GROUND_DIED, rules())
    assert practitioner_pb2.LICENCE_END_GROUND_DIED == lawyer.end_ground
    with pytest.raises(AlreadyRecorded):
        practitioner.end(lawyer, on(2012, 6, 1), practitioner_pb2.LICENCE_END_GROUND_DIED, rules())


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"licensed_to_date": on(2012, 3, 31)}, InvalidField),
        ({"end_ground": 1}, InvalidField),
        (ENDED | {"licensed_to_date": on(2007, 1, 1)}, DateOrder),
        ({"first_practised_date": on(2008, 1, 2)}, DateOrder),
    ],
)
def test_the_days_of_a_licence_fit_together(fields: dict[str, Any], error: Any) -> None:
    """An end has its ground, a beginning lies after the first practice."""
    with pytest.raises(error):
        practitioner.check(a_practitioner(**fields), None, rules())


def test_only_a_branch_has_a_head_office_elsewhere() -> None:
    """The column stays empty for any other firm."""
    firm.check(a_firm(kind=firm_pb2.FIRM_KIND_OUTSIDE_BRANCH, home_city="示例市"), None, rules())
    with pytest.raises(InvalidField):
        firm.check(a_firm(home_city="示例市"), None, rules())
