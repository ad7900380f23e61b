"""Reports, hours and assessments that are owed by a day, and the stricter schedule of key persons."""

from __future__ import annotations

from datetime import date

import pytest
from geju.correction.v1 import duty_pb2 as pb
from geju.correction.v1.facts_pb2 import DutyFacts, SupervisedPersonFacts

from services.aggregation.measure import advance_date
from tests.support import histories
from tests.support.counting import Counting, on

DUE = on(2012, 3, 10)
CONTROL = "correction.key_person_control_rate"
BY_DUE_DATE = {
    "correction.reporting_rate": (pb.DUTY_KIND_REPORT, "no_report"),
    "correction.assessment_rate": (pb.DUTY_KIND_ASSESSMENT, "no_assessment"),
}
BY_MONTH = {
    "correction.education_rate": (pb.DUTY_KIND_EDUCATION, "no_education"),
    "correction.community_work_rate": (pb.DUTY_KIND_COMMUNITY_WORK, "no_community_work"),
}


@pytest.mark.parametrize("code", BY_DUE_DATE)
async def test_what_is_owed_by_a_day_is_judged_by_that_day(counting: Counting, code: str) -> None:
    """Reports and assessments: in time by the day due, overdue with no event, excused and other duties left out."""
    kind, other = BY_DUE_DATE[code]
    await counting.put(
        DutyFacts(kind=kind, met_due=DUE, met_date=on(2012, 3, 9)),
        DutyFacts(kind=kind, met_due=DUE, met_date=on(2012, 3, 11)),
        DutyFacts(office="03", kind=kind, met_due=on(2012, 3, 19)),
        DutyFacts(kind=kind, met_due=on(2012, 3, 20)),
        DutyFacts(kind=kind, met_due=DUE, excuse=pb.DUTY_EXCUSE_LEAVE),
        DutyFacts(kind=pb.DUTY_KIND_THOUGHT_REPORT, met_due=DUE),
        DutyFacts(kind=kind, met_due=DUE, deleted=True),
    )
    assert (1, 3) == await counting.figure(code, "2012-03")
    assert (0, 1) == await counting.figure(code, "2012-Q1", "03")
    assert (1, 1) == await counting.as_of(date(2012, 3, 10), code, "2012-03")
    expected = ["counted", "deleted", "duty_not_met", "duty_not_met", "excused", other, "pending"]
    assert sorted(expected) == await counting.reasons(code, "2012-03")
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (1, 4) == await counting.figure(code, "2012-03")


@pytest.mark.parametrize("code", BY_MONTH)
async def test_hours_are_judged_in_their_month(counting: Counting, code: str) -> None:
    """Education and work: person-months, met as soon as the hours are done, missed once the month is over."""
    kind, other = BY_MONTH[code]
    february, march = on(2012, 2, 1), on(2012, 3, 1)
    await counting.put(
        DutyFacts(kind=kind, month_date=february, met_due=on(2012, 2, 29), met_date=on(2012, 2, 29)),
        DutyFacts(kind=kind, month_date=february, met_due=on(2012, 2, 29), met_date=on(2012, 3, 2)),
        DutyFacts(office="03", kind=kind, month_date=february, met_due=on(2012, 2, 29), hours=3),
        DutyFacts(kind=kind, month_date=february, met_due=on(2012, 2, 29), excuse=pb.DUTY_EXCUSE_ILLNESS),
        DutyFacts(kind=pb.DUTY_KIND_REPORT, month_date=february, met_due=on(2012, 2, 29)),
        DutyFacts(kind=kind, month_date=march, met_due=on(2012, 3, 31), met_date=on(2012, 3, 12)),
        DutyFacts(kind=kind, month_date=march, met_due=on(2012, 3, 31), hours=2),
    )
    assert (1, 3) == await counting.figure(code, "2012-02")
    assert (0, 1) == await counting.figure(code, "2012-02", "03")
    assert (1, 1) == await counting.figure(code, "2012-03")
    assert (2, 4) == await counting.figure(code, "2012")
    assert (1, 1) == await counting.as_of(date(2012, 2, 29), code, "2012-02")
    assert sorted(["counted", "duty_not_met", "duty_not_met", "excused", other]) == await counting.reasons(
        code, "2012-02"
    )


async def test_a_key_person_is_under_control_while_no_contact_is_missing(counting: Counting) -> None:
    """correction.key_person_control_rate: a missed contact counts until it is made up for, for 30 days at most."""
    strict = {"kind": pb.DUTY_KIND_HOME_VISIT, "stricter": True}
    key = {"taken_over_date": on(2011, 6, 1), "key_from_date": on(2012, 1, 1)}
    person = [str(histories.record_id("supervised_person", number)) for number in range(7)]
    await counting.put(
        SupervisedPersonFacts(**key),
        SupervisedPersonFacts(**key),
        SupervisedPersonFacts(office="03", **key),
        SupervisedPersonFacts(**key, key_to_date=on(2012, 3, 1)),
        SupervisedPersonFacts(taken_over_date=on(2011, 6, 1)),
        SupervisedPersonFacts(**key, ended_date=on(2012, 3, 1)),
    )
    await counting.put(
        DutyFacts(person=person[1], met_due=on(2012, 2, 25), met_date=on(2012, 3, 1), **strict),
        DutyFacts(person=person[1], met_due=on(2012, 3, 20), **strict),
        DutyFacts(person=person[2], met_due=on(2012, 2, 18), **strict),
        DutyFacts(person=person[3], met_due=on(2012, 3, 19), kind=pb.DUTY_KIND_REPORT, stricter=True),
        DutyFacts(person=person[3], met_due=on(2012, 2, 20), excuse=pb.DUTY_EXCUSE_CUSTODY, **strict),
        DutyFacts(person=person[2], met_due=on(2012, 3, 10), kind=pb.DUTY_KIND_REPORT),
        DutyFacts(person=person[4], met_due=on(2012, 3, 10), **strict),
    )
    # In February two had a contact missing that has been made, or forgotten, since.
    assert (3, 5) == await counting.figure(CONTROL, "2012-02")
    assert (2, 3) == await counting.figure(CONTROL, "2012-03")
    assert (0, 1) == await counting.figure(CONTROL, "2012-03", "03")
    assert (2, 3) == await counting.as_of(date(2012, 3, 19), CONTROL, "2012-03")
    assert sorted(["contact_missing", "counted", "counted", "ended", "no_key_person", "no_key_person"]) == (
        await counting.reasons(CONTROL, "2012-03")
    )
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (1, 3) == await counting.figure(CONTROL, "2012-03")
