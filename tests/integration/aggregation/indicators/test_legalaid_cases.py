"""Cases of legal aid: accepted, compared, for whom, about what, with what result."""

from __future__ import annotations

import pytest
from geju.legalaid.v1 import aid_case_pb2 as ap
from geju.legalaid.v1.facts_pb2 import AidCaseFacts

from services.aggregation import catalogue
from services.aggregation.attainment import value_of
from services.aggregation.wording import full_text
from tests.support.counting import Counting, on

CIVIL, CRIMINAL = ap.AID_KIND_CIVIL, ap.AID_KIND_CRIMINAL


async def test_applications_granted_and_cases_taken_on_by_notice_are_accepted(counting: Counting) -> None:
    """legalaid.accepted: by the day of the grant, an overturned refusal by that of its correction."""
    await counting.put(
        AidCaseFacts(kind=CIVIL, matter=ap.AID_MATTER_UNPAID_WAGES, granted_date=on(2012, 2, 29)),
        AidCaseFacts(office="03", kind=CRIMINAL, path=ap.AID_PATH_NOTIFIED_DEFENCE, granted_date=on(2012, 3, 1)),
        AidCaseFacts(kind=CIVIL, decided_date=on(2012, 2, 1), granted_date=on(2012, 3, 20)),
        AidCaseFacts(kind=CIVIL, received_date=on(2012, 3, 1), decided_date=on(2012, 3, 2)),
        AidCaseFacts(kind=CIVIL, granted_date=on(2012, 3, 21)),
        AidCaseFacts(kind=CIVIL, granted_date=on(2012, 3, 2), deleted=True),
    )
    code = "legalaid.accepted"
    assert [(1, 0), (2, 0), (3, 0)] == [await counting.figure(code, p) for p in ("2012-02", "2012-03", "2012")]
    assert (1, 0) == await counting.figure(code, "2012-Q1", "03", "kind", "criminal")
    assert (1, 0) == await counting.figure(code, "2012", "", "matter", "unpaid_wages")
    assert ["counted", "counted", "deleted", "not_yet"] == await counting.reasons(code, "2012-03")


async def test_growth_compares_with_the_same_period_of_the_year_before(counting: Counting) -> None:
    """legalaid.accepted_growth: the change over last year's cases; without any there is none."""
    await counting.put(
        *(AidCaseFacts(kind=CIVIL, granted_date=on(2011, 2, day)) for day in (1, 28)),
        *(AidCaseFacts(kind=CIVIL, granted_date=on(2012, 2, day)) for day in (1, 2, 29)),
        AidCaseFacts(kind=CIVIL, granted_date=on(2011, 3, 5)),
        AidCaseFacts(kind=CRIMINAL, granted_date=on(2012, 1, 5)),
    )
    code = "legalaid.accepted_growth"
    assert (1, 2) == await counting.figure(code, "2012-02")
    assert (-1, 1) == await counting.figure(code, "2012-03", "01")
    assert (1, 3) == await counting.figure(code, "2012")
    assert (0, 3) == await counting.figure(code, "2012", "", "kind", "civil")
    assert (0, 0) == await counting.figure(code, "2012-01")
    assert (1, 2) == await counting.adds(code, "2012-02")
    assert ["nothing_before"] == await counting.reasons(code, "2012-01")


async def test_applications_through_the_green_channel_count_as_received(counting: Counting) -> None:
    """legalaid.green_channel_cases: whatever becomes of them."""
    await counting.put(
        AidCaseFacts(received_date=on(2012, 3, 1), through_green_channel=True),
        AidCaseFacts(received_date=on(2012, 3, 20), through_green_channel=True, withdrawn_date=on(2012, 3, 20)),
        AidCaseFacts(received_date=on(2012, 3, 1)),
    )
    assert (2, 0) == await counting.figure("legalaid.green_channel_cases", "2012-03")
    assert ["counted", "counted", "no_green_channel"] == await counting.reasons(
        "legalaid.green_channel_cases", "2012-03"
    )


async def test_a_case_counts_once_in_each_of_its_groups(counting: Counting) -> None:
    """legalaid.key_group_cases: once in all, and the groups that are no key ones do not show."""
    military, farmer, woman = ap.AID_GROUP_MILITARY_FAMILY, ap.AID_GROUP_FARMER, ap.AID_GROUP_WOMAN
    await counting.put(
        AidCaseFacts(granted_date=on(2012, 3, 1), groups=[farmer, woman, military]),
        AidCaseFacts(office="03", granted_date=on(2012, 3, 2), groups=[woman]),
        AidCaseFacts(granted_date=on(2012, 3, 3), groups=[military, ap.AID_GROUP_OTHER]),
        AidCaseFacts(granted_date=on(2012, 3, 4)),
        AidCaseFacts(received_date=on(2012, 3, 4), groups=[farmer]),
    )
    code = "legalaid.key_group_cases"
    assert (2, 0) == await counting.figure(code, "2012-03")
    by = {key: (await counting.figure(code, "2012", "", "group", key))[0] for key in ("farmer", "woman", "minor")}
    assert {"farmer": 1, "woman": 2, "minor": 0} == by
    assert (1, 0) == await counting.figure(code, "2012", "01", "group", "woman")
    for key in ("military_family", "other", "unspecified"):
        assert (0, 0) == await counting.figure(code, "2012", "", "group", key)
    assert ["counted", "counted", "no_key_group", "no_key_group"] == await counting.reasons(code, "2012-03")


def test_key_groups_say_something_of_persons() -> None:
    """legalaid.key_group_cases: the one disabled recipient of an office would be known; labels are the contract's."""
    indicator = catalogue.BY_CODE["legalaid.key_group_cases"]
    assert {"group"} == indicator.sensitive
    assert "新居民" == catalogue.key_label(indicator, "group", "migrant_resident")


async def test_work_injury_and_unpaid_wages_are_the_key_matters(counting: Counting) -> None:
    """legalaid.key_matter_cases: those two, each by itself."""
    await counting.put(
        AidCaseFacts(granted_date=on(2012, 3, 1), matter=ap.AID_MATTER_WORK_INJURY),
        AidCaseFacts(granted_date=on(2012, 3, 1), matter=ap.AID_MATTER_UNPAID_WAGES),
        AidCaseFacts(granted_date=on(2012, 3, 1), matter=ap.AID_MATTER_TRAFFIC),
    )
    code = "legalaid.key_matter_cases"
    assert (2, 0) == await counting.figure(code, "2012-03")
    assert (1, 0) == await counting.figure(code, "2012-03", "01", "matter", "work_injury")
    assert ["counted", "counted", "no_key_matter"] == await counting.reasons(code, "2012-03")


async def test_civil_cases_are_settled_before_litigation_or_not(counting: Counting) -> None:
    """legalaid.pre_litigation_settlement_rate: of civil cases as they are closed; those ended are not."""
    await counting.put(
        AidCaseFacts(kind=CIVIL, closed_date=on(2012, 3, 1), settled_before_litigation=True),
        AidCaseFacts(kind=CIVIL, closed_date=on(2012, 3, 20)),
        AidCaseFacts(kind=ap.AID_KIND_NON_LITIGATION, closed_date=on(2012, 3, 2), settled_before_litigation=True),
        AidCaseFacts(kind=CIVIL, ended_date=on(2012, 3, 2)),
        AidCaseFacts(kind=CIVIL, closed_date=on(2012, 3, 21), settled_before_litigation=True),
    )
    code = "legalaid.pre_litigation_settlement_rate"
    assert (1, 2) == await counting.figure(code, "2012-03")
    assert ["counted", "not_civil", "not_settled", "not_yet"] == await counting.reasons(code, "2012-03")


async def test_what_was_recovered_is_money(counting: Counting) -> None:
    """legalaid.recovered_amount: fen by the day of closing, read as yuan."""
    await counting.put(
        AidCaseFacts(closed_date=on(2012, 3, 1), recovered_fen=1_234_550),
        AidCaseFacts(office="03", closed_date=on(2012, 2, 1), recovered_fen=100),
        AidCaseFacts(granted_date=on(2012, 3, 1), recovered_fen=7),
    )
    code = "legalaid.recovered_amount"
    assert (1_234_550, 0) == await counting.figure(code, "2012-03")
    assert (1_234_650, 0) == await counting.figure(code, "2012-Q1")
    indicator = catalogue.BY_CODE[code]
    text = full_text(indicator, value_of(indicator, 1_234_550, 0), 1_234_550, 0)
    assert "12345.50 元" == text.replace(",", "")


@pytest.mark.parametrize(
    ("grade", "n"),
    [
        (ap.FILE_GRADE_EXCELLENT, 1),
        (ap.FILE_GRADE_GOOD, 1),
        (ap.FILE_GRADE_PASS, 1),
        (ap.FILE_GRADE_FAIL, 0),
    ],
)
async def test_a_file_passes_with_every_grade_but_the_last(counting: Counting, grade: ap.FileGrade, n: int) -> None:
    """legalaid.quality_pass_rate: by the day on which the grade was final; without one it is in neither."""
    await counting.put(
        AidCaseFacts(rated_date=on(2012, 3, 20), grade=grade),
        AidCaseFacts(rated_date=on(2012, 3, 1)),
        AidCaseFacts(file_returned_date=on(2012, 3, 1)),
    )
    assert (n, 1) == await counting.figure("legalaid.quality_pass_rate", "2012-03")
    reasons = await counting.reasons("legalaid.quality_pass_rate", "2012-03")
    assert sorted(["counted" if n else "failed", "no_grade"]) == reasons
