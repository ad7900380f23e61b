"""Firms and practitioners in force, and what they owe every year; each figure has a population of its own."""

from __future__ import annotations

from datetime import date

import pytest
from geju.legalservices.v1 import firm_pb2 as fp
from geju.legalservices.v1 import firm_status_pb2 as sp
from geju.legalservices.v1 import practitioner_pb2 as pp
from geju.legalservices.v1.facts_pb2 import (
    FirmFacts,
    FirmStatusFacts,
    InternshipFacts,
    PractitionerFacts,
    TrainingFacts,
    YearlyAssessmentFacts,
)

from services.aggregation import catalogue
from services.aggregation.measure import advance_date
from services.aggregation.members import Question, members
from tests.support import histories
from tests.support.counting import Counting, on

BEGIN = on(2010, 12, 1)
LAWYER = pp.PRACTITIONER_KIND_LAWYER


def firm(number: int) -> str:
    """Return the id of a firm that is put in as the record of a number."""
    return str(histories.record_id("firm", number))


def person(number: int) -> str:
    """Return the id of a practitioner that is put in as the record of a number."""
    return str(histories.record_id("practitioner", number))


async def test_practitioners_are_those_licensed_on_the_last_day(counting: Counting) -> None:
    """legalservices.practitioners: from the first day licensed to the last, each included."""
    await counting.put(
        PractitionerFacts(kind=LAWYER, licensed_from_date=BEGIN, licensed_to_date=on(2011, 12, 31)),
        PractitionerFacts(kind=pp.PRACTITIONER_KIND_NOTARY, licensed_from_date=on(2012, 3, 20)),
        PractitionerFacts(kind=LAWYER, licensed_from_date=on(2012, 3, 21)),
    )
    code = "legalservices.practitioners"
    found = [await counting.figure(code, p) for p in ("2010", "2011", "2012-01", "2012-03")]
    assert [(1, 0), (1, 0), (0, 0), (1, 0)] == found
    assert (1, 0) == await counting.figure(code, "2012", "01", "kind", "notary")
    assert ["counted", "ended"] == await counting.reasons(code, "2012-03")


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        ("legalservices.scale_firms", sp.FIRM_STATUS_KIND_SCALE, "no_scale"),
        ("legalservices.brand_firms", sp.FIRM_STATUS_KIND_BRAND, "no_brand"),
        ("legalservices.specialised_firms", sp.FIRM_STATUS_KIND_SPECIALISED, "not_specialised"),
    ],
)
async def test_a_firm_has_a_status_from_day_to_day(counting: Counting, code: str, kind: int, reason: str) -> None:
    """Firms are counted, at the office of the firm, however many times the status was given; licensed ones only."""
    await counting.put(
        FirmFacts(licensed_from_date=BEGIN),
        FirmFacts(licensed_from_date=BEGIN, licensed_to_date=on(2012, 2, 10)),
        FirmFacts(licensed_from_date=BEGIN),
        FirmStatusFacts(office="03", firm=firm(1), kind=kind, from_date=on(2011, 6, 1), to_date=on(2012, 1, 31)),
        FirmStatusFacts(office="03", firm=firm(1), kind=kind, from_date=on(2012, 3, 1)),
        FirmStatusFacts(firm=firm(2), kind=kind, from_date=on(2012, 1, 1)),
        FirmStatusFacts(firm=firm(3), kind=kind, from_date=on(2012, 1, 1), deleted=True),
        FirmStatusFacts(firm=firm(3), kind=kind % 3 + 1, from_date=on(2012, 1, 1)),
    )
    found = [await counting.figure(code, f"{p}", "01") for p in ("2011-05", "2011-06", "2012-01", "2012-02", "2012-03")]
    assert [(0, 0), (1, 0), (2, 0), (0, 0), (1, 0)] == found
    assert (0, 0) == await counting.figure(code, "2012-03", "03")
    assert ["counted", "ended", reason] == await counting.reasons(code, "2012-03")


async def test_branches_are_firms_of_their_own_kind(counting: Counting) -> None:
    """legalservices.outside_branches: branches of firms from elsewhere, while they are licensed."""
    await counting.put(
        FirmFacts(kind=fp.FIRM_KIND_OUTSIDE_BRANCH, licensed_from_date=BEGIN),
        FirmFacts(kind=fp.FIRM_KIND_OUTSIDE_BRANCH, licensed_from_date=BEGIN, licensed_to_date=on(2012, 2, 29)),
        FirmFacts(kind=fp.FIRM_KIND_PARTNERSHIP, licensed_from_date=BEGIN),
    )
    assert (2, 0) == await counting.figure("legalservices.outside_branches", "2012-02")
    assert (1, 0) == await counting.figure("legalservices.outside_branches", "2012-03")
    reasons = await counting.reasons("legalservices.outside_branches", "2012-03")
    assert ["counted", "ended", "no_outside_branch"] == reasons


async def test_interns_are_those_in_progress(counting: Counting) -> None:
    """legalservices.interns: from day to day."""
    await counting.put(
        InternshipFacts(from_date=on(2012, 1, 1)),
        InternshipFacts(from_date=on(2011, 1, 1), to_date=on(2012, 3, 19)),
        InternshipFacts(from_date=on(2012, 4, 1)),
    )
    assert (2, 0) == await counting.figure("legalservices.interns", "2012-02")
    assert (1, 0) == await counting.figure("legalservices.interns", "2012-03")
    assert ["counted", "ended"] == await counting.reasons("legalservices.interns", "2012-03")


async def test_a_year_is_assessed_after_its_end(counting: Counting) -> None:
    """legalservices.assessment_rate: whoever is licensed at the end of the year, by the day asked for."""
    await counting.put(
        FirmFacts(kind=fp.FIRM_KIND_GRASSROOTS, licensed_from_date=BEGIN),
        FirmFacts(kind=fp.FIRM_KIND_PARTNERSHIP, licensed_from_date=on(2011, 12, 31)),
        PractitionerFacts(kind=pp.PRACTITIONER_KIND_GRASSROOTS, licensed_from_date=BEGIN),
        # Left on the day before the last; licensed since.
        PractitionerFacts(kind=LAWYER, licensed_from_date=BEGIN, licensed_to_date=on(2011, 12, 30)),
        PractitionerFacts(kind=LAWYER, licensed_from_date=on(2012, 1, 1)),
        YearlyAssessmentFacts(office="03", firm=firm(1), year=2011, assessed_date=on(2012, 2, 1)),
        YearlyAssessmentFacts(practitioner=person(3), year=2011, assessed_date=on(2012, 3, 20)),
        YearlyAssessmentFacts(practitioner=person(4), year=2011, assessed_date=on(2012, 2, 1)),
        YearlyAssessmentFacts(firm=firm(2), year=2010, assessed_date=on(2012, 2, 1)),
        YearlyAssessmentFacts(firm=firm(2), year=2011, assessed_date=on(2012, 2, 1), deleted=True),
    )
    code = "legalservices.assessment_rate"
    assert (2, 3) == await counting.figure(code, "2011", "01")
    keys = ("grassroots_office", "partnership", "grassroots_worker", "lawyer")
    assert [(1, 1), (0, 1), (1, 1), (0, 0)] == [await counting.figure(code, "2011", "", "kind", key) for key in keys]
    assert "基层法律服务工作者" == catalogue.key_label(catalogue.BY_CODE[code], "kind", "grassroots_worker")
    reasons = await counting.reasons(code, "2011")
    assert ["counted", "counted", "not_assessed", "not_at_end"] == reasons
    # Asked for an earlier day, what came later has not happened; on the last day the year is not over.
    assert (1, 3) == await counting.as_of(date(2012, 3, 19), code, "2011")
    assert (0, 3) == await counting.as_of(date(2012, 1, 1), code, "2011")
    assert (0, 0) == await counting.as_of(date(2011, 12, 31), code, "2011")
    # Nobody can be held to a year that still runs.
    assert (0, 0) == await counting.figure(code, "2012")
    assert {"pending", "not_in_period"} == set(await counting.reasons(code, "2012"))
    assert (0, 0) == await counting.figure(code, "2011-12")


async def test_an_assessment_told_later_changes_the_year_it_is_of(counting: Counting) -> None:
    """Entered, moved to another year and dated ahead: the figure of the past year follows, without a rebuild."""
    code = "legalservices.assessment_rate"
    await counting.put(FirmFacts(licensed_from_date=BEGIN))
    assessment = YearlyAssessmentFacts(office="01", firm=firm(1), year=2011, assessed_date=on(2012, 3, 1))

    async def years(revision: int) -> list[tuple[int, int]]:
        event = histories.event("yearly_assessment", 1, revision, assessment, sequence=revision)
        await counting.projection.apply(counting.conn, [event], counting.today)
        return [await counting.figure(code, year) for year in ("2010", "2011", "2012")]

    assert [(0, 1), (1, 1), (0, 0)] == await years(1)
    assessment.year = 2010
    assert [(1, 1), (0, 1), (0, 0)] == await years(2)
    assessment.year, assessment.assessed_date.day = 2011, 22
    assert [(0, 1), (0, 1), (0, 0)] == await years(3)
    await advance_date(counting.conn, counting.projection, date(2012, 3, 22))
    assert (1, 1) == await counting.figure(code, "2011")


async def test_hours_of_a_year_add_up_for_whoever_was_licensed_all_of_it(counting: Counting) -> None:
    """legalservices.training_rate: forty hours within the year; who came or left during it is not held to them."""
    await counting.put(
        PractitionerFacts(licensed_from_date=on(2011, 1, 1), licensed_to_date=on(2011, 12, 31)),
        PractitionerFacts(licensed_from_date=BEGIN),
        PractitionerFacts(licensed_from_date=on(2011, 1, 2)),
        PractitionerFacts(licensed_from_date=BEGIN, licensed_to_date=on(2011, 12, 30)),
        TrainingFacts(practitioner=person(1), held_date=on(2011, 1, 1), hours=25),
        TrainingFacts(office="03", practitioner=person(1), held_date=on(2011, 12, 31), hours=15),
        TrainingFacts(practitioner=person(2), held_date=on(2011, 5, 1), hours=39),
        TrainingFacts(practitioner=person(2), held_date=on(2010, 12, 31), hours=8),
        TrainingFacts(practitioner=person(2), held_date=on(2012, 1, 1), hours=40),
        TrainingFacts(practitioner=person(2), held_date=on(2011, 6, 1), hours=8, deleted=True),
        TrainingFacts(practitioner=person(3), held_date=on(2011, 6, 1), hours=80),
        TrainingFacts(practitioner=person(4), held_date=on(2011, 6, 1), hours=80),
    )
    code = "legalservices.training_rate"
    assert (1, 2) == await counting.figure(code, "2011", "01")
    reasons = await counting.reasons(code, "2011")
    assert ["counted", "part_of_year", "part_of_year", "too_few_hours"] == reasons
    # A running year is of everyone licensed since its beginning, so far.
    assert (1, 2) == await counting.figure(code, "2012") == await counting.adds(code, "2012")
    assert ["counted", "not_in_period", "not_in_period", "too_few_hours"] == await counting.reasons(code, "2012")
    told = {
        (member.zh, member.detail)
        for year in ("2011", "2012")
        for member in await members(counting.conn, counting.projection, Question(code, "", year), counting.today)
        if member.reason == "too_few_hours"
    }
    hours = {("当年培训未满40学时", f"已培训 {given} 学时,全年应满 40 学时") for given in (39, 0)}
    assert hours == told
    assert (0, 3) == await counting.as_of(date(2011, 5, 31), code, "2011")
    assert (1, 2) == await counting.as_of(date(2011, 12, 31), code, "2011")
    assert (1, 2) == await counting.as_of(date(2012, 1, 1), code, "2011")
    # The missing hour, entered late, counts in the year it was given in.
    await counting.put(TrainingFacts(practitioner=person(2), held_date=on(2011, 9, 1), hours=1))
    assert (2, 2) == await counting.figure(code, "2011")
