"""Who sees to it that the law is learnt: studies of cadres, exams, enterprises, schools."""

from __future__ import annotations

from datetime import date

import pytest
from geju.publicity.v1 import exam_pb2 as xp
from geju.publicity.v1 import study_session_pb2 as sp
from geju.publicity.v1.facts_pb2 import (
    EducationSessionFacts,
    EnterpriseFacts,
    ExamFacts,
    SchoolFacts,
    SchoolYearFacts,
    StudySessionFacts,
)

from services.aggregation.measure import advance_date
from services.aggregation.members import Question, members
from tests.support import histories
from tests.support.counting import Counting, on

STREET, VILLAGE, COMMUNITY = (
    sp.STUDY_ORGANISATION_STREET,
    sp.STUDY_ORGANISATION_VILLAGE,
    sp.STUDY_ORGANISATION_COMMUNITY,
)
BEGIN = on(2010, 11, 1)
STUDIES = "publicity.cadre_study_rate"


async def told(counting: Counting, period: str, unit: str) -> dict[str, tuple[str, str]]:
    """Return the reason of each organisation of an office, and what more is said of it."""
    found = await members(counting.conn, counting.projection, Question(STUDIES, unit, period), counting.today)
    return {member.id: (member.reason, member.detail) for member in found}


async def test_an_organisation_reaches_four_studies_of_its_own(counting: Counting) -> None:
    """publicity.cadre_study_rate: a street's, a village's and a community's own, within the year, are counted apart."""
    await counting.put(
        *(StudySessionFacts(organisation=STREET, held_date=on(2011, month, 1)) for month in (1, 4, 7, 12)),
        # Of four with the first and the last day of the year; of a village that has three of its own.
        *(
            StudySessionFacts(organisation=VILLAGE, place="011", held_date=on(2011, month, day))
            for month, day in ((1, 1), (5, 1), (5, 1), (12, 31))
        ),
        *(StudySessionFacts(organisation=VILLAGE, place="013", held_date=on(2011, month, 1)) for month in (1, 2, 3)),
        StudySessionFacts(organisation=COMMUNITY, place="013", held_date=on(2011, 4, 1)),
        StudySessionFacts(organisation=STREET, place="013", held_date=on(2010, 12, 31)),
        StudySessionFacts(organisation=VILLAGE, place="013", held_date=on(2010, 12, 31)),
        StudySessionFacts(organisation=VILLAGE, place="013", held_date=on(2012, 1, 1)),
        StudySessionFacts(organisation=VILLAGE, place="013", held_date=on(2011, 6, 1), deleted=True),
        *(StudySessionFacts(organisation=COMMUNITY, place="012", held_date=on(2011, 6, 1)) for _ in range(5)),
    )
    # Three offices with three places each: 02 was closed in August 2011, and was there in the year.
    assert (3, 4) == await counting.figure(STUDIES, "2011", "01")
    assert (3, 12) == await counting.figure(STUDIES, "2011")
    assert (3, 12) == await counting.adds(STUDIES, "2011")
    reasons = await told(counting, "2011", "01")
    assert ("too_few", "共学 3 次,全年应满 4 次") == reasons["013"]
    assert {"counted"} == {reasons[code][0] for code in ("01", "011", "012")}
    assert (0, 0) == await counting.figure(STUDIES, "2011-12")


async def test_a_year_that_runs_tells_who_is_behind(counting: Counting) -> None:
    """publicity.cadre_study_rate: who has not studied four times yet is held against the share of the year passed."""
    street = [StudySessionFacts(organisation=STREET, held_date=on(2012, 1, day)) for day in (4, 5, 6, 9)]
    await counting.put(
        *street, StudySessionFacts(organisation=VILLAGE, place="011", held_date=on(2012, 2, 1)),
    )  # fmt: skip
    # Nothing is needed on 20 March: less than a fourth of the year has passed.
    assert (1, 4) == await counting.figure(STUDIES, "2012", "01")
    assert (1, 11) == await counting.figure(STUDIES, "2012") == await counting.adds(STUDIES, "2012")
    nothing = ("on_pace", "已学 0 次,按进度应满 0 次,全年 4 次")
    once = ("on_pace", "已学 1 次,按进度应满 0 次,全年 4 次")
    assert {"01": ("counted", ""), "011": once, "012": nothing, "013": nothing} == await told(counting, "2012", "01")

    async def on_day(day: date) -> dict[str, tuple[str, str]]:
        counting.today = day
        await advance_date(counting.conn, counting.projection, day)
        return await told(counting, "2012", "01")

    # 2012 has 366 days: half of it has passed with 1 July.
    assert once[0] == (await on_day(date(2012, 6, 30)))["011"][0]
    found = await on_day(date(2012, 7, 1))
    assert ("behind_pace", "已学 1 次,按进度应满 2 次,全年 4 次") == found["011"]
    assert ("behind_pace", "已学 0 次,按进度应满 2 次,全年 4 次") == found["012"]
    assert "年度未结束,已落后于时间进度" == (await counting.words(STUDIES, "2012"))["behind_pace"]
    assert ("behind_pace", "已学 1 次,按进度应满 3 次,全年 4 次") == (await on_day(date(2012, 12, 30)))["011"]
    for day in (date(2012, 12, 31), date(2013, 1, 1)):
        assert ("too_few", "共学 1 次,全年应满 4 次") == (await on_day(day))["011"]
    assert (1, 4) == await counting.figure(STUDIES, "2012", "01")


async def test_an_organisation_that_is_gone_is_not_behind(counting: Counting) -> None:
    """publicity.cadre_study_rate: nothing can be added to its studies, though the year still runs."""
    assert (0, 4) == await counting.figure(STUDIES, "2011", "02")
    reasons = []
    for counting.today in (date(2011, 8, 15), date(2011, 8, 16)):
        assert (0, 4) == await counting.as_of(counting.today, STUDIES, "2011", "02")
        reasons.append({code: reason for code, (reason, _) in (await told(counting, "2011", "02")).items()})
    behind = dict.fromkeys(("02", "021", "022", "023"), "behind_pace")
    assert [behind, {**behind, "02": "too_few"}] == reasons
    counting.today = date(2012, 3, 20)
    # Its places are still there in the next year.
    assert (0, 3) == await counting.figure(STUDIES, "2012", "02")
    assert "not_in_period" in await counting.reasons(STUDIES, "2012", "02")


async def test_enterprises_take_part_while_they_are_large(counting: Counting) -> None:
    """publicity.integrity_enterprise_rate: registered, above size and in the programme, each on the day."""
    await counting.put(
        EnterpriseFacts(from_date=BEGIN, sized_from_date=BEGIN, programme_from_date=on(2012, 3, 1)),
        EnterpriseFacts(
            from_date=BEGIN, sized_from_date=on(2012, 2, 1), sized_to_date=on(2012, 2, 29), programme_from_date=BEGIN
        ),
        EnterpriseFacts(
            from_date=BEGIN, sized_from_date=BEGIN, programme_from_date=BEGIN, programme_to_date=on(2012, 2, 28)
        ),
        EnterpriseFacts(from_date=BEGIN, sized_from_date=BEGIN, to_date=on(2012, 1, 31), programme_from_date=BEGIN),
        EnterpriseFacts(from_date=BEGIN, programme_from_date=BEGIN),
    )
    code = "publicity.integrity_enterprise_rate"
    found = [await counting.figure(code, period) for period in ("2012-01", "2012-02", "2012-03")]
    assert [(2, 3), (1, 3), (1, 2)] == found
    reasons = await counting.reasons(code, "2012-03")
    assert ["below_size", "below_size", "counted", "ended", "not_in_programme"] == reasons


async def test_an_enterprise_educates_its_staff_once_a_year(counting: Counting) -> None:
    """publicity.enterprise_education_rate: registered on any day of a year, so far, whether or not it did yet."""
    numbers = [str(histories.record_id("enterprise", number)) for number in range(1, 5)]
    await counting.put(
        EnterpriseFacts(from_date=BEGIN),
        EnterpriseFacts(from_date=BEGIN, to_date=on(2011, 1, 1)),
        EnterpriseFacts(from_date=BEGIN, to_date=on(2012, 3, 19)),
        EnterpriseFacts(from_date=on(2012, 1, 1)),
        EducationSessionFacts(enterprise=numbers[0], held_date=on(2011, 12, 31), staff=40),
        EducationSessionFacts(enterprise=numbers[0], held_date=on(2011, 12, 31), staff=40),
        EducationSessionFacts(office="03", enterprise=numbers[3], held_date=on(2012, 3, 20)),
        EducationSessionFacts(enterprise=numbers[2], held_date=on(2012, 3, 1), deleted=True),
    )
    code = "publicity.enterprise_education_rate"
    assert [(0, 3), (1, 3), (1, 3)] == [await counting.figure(code, period) for period in ("2010", "2011", "2012")]
    assert ["counted", "no_session", "no_session"] == await counting.reasons(code, "2011")
    assert ["counted", "no_session", "no_session_yet", "not_in_period"] == await counting.reasons(code, "2012")
    assert (0, 3) == await counting.as_of(date(2012, 3, 19), code, "2012")
    await advance_date(counting.conn, counting.projection, date(2013, 1, 1))
    assert (1, 3) == await counting.figure(code, "2012")


def school_year(year: int, **days: object) -> SchoolYearFacts:
    """Return what the first school has in place for a school year, its plan since June."""
    return SchoolYearFacts(
        school=str(histories.record_id("school", 1)),
        year=year,
        begins_date=on(year, 9, 1),
        ends_date=on(year + 1, 8, 31),
        **{"plan_date": on(year, 6, 1), **days},
    )


async def test_a_school_has_all_four_in_the_school_year_that_runs(counting: Counting) -> None:
    """publicity.school_four_in_place_rate: from the day of the last of the four, from September to August."""
    july = on(2011, 7, 1)
    await counting.put(
        SchoolFacts(from_date=BEGIN),
        school_year(2010, hours_date=july, textbooks_date=july, teachers_date=july),
        school_year(2011, hours_date=july, textbooks_date=july, teachers_date=on(2011, 10, 1)),
        SchoolFacts(office="03", from_date=BEGIN, to_date=on(2011, 8, 31)),
    )
    code = "publicity.school_four_in_place_rate"
    months = ("2011-06", "2011-07", "2011-08", "2011-09", "2011-10", "2011-Q3", "2011", "2012-03")
    found = [await counting.figure(code, month) for month in months]
    assert [(0, 2), (1, 2), (1, 2), (0, 1), (1, 1), (0, 1), (1, 1), (1, 1)] == found
    assert ["ended", "not_in_place"] == await counting.reasons(code, "2011-09")
    days = (date(2011, 8, 31), date(2011, 9, 1), date(2011, 9, 30), date(2011, 10, 1))
    by_day = [await counting.as_of(day, code, f"{day:%Y-%m}", "01") for day in days]
    assert [(1, 1), (0, 1), (0, 1), (1, 1)] == by_day


@pytest.mark.parametrize(
    ("in_place", "missing"),
    [
        ({}, "缺课时、教材、师资"),
        ({"hours_date": on(2011, 9, 1), "teachers_date": on(2012, 3, 20)}, "缺教材"),
        ({"hours_date": on(2011, 9, 1), "textbooks_date": on(2012, 3, 21)}, "缺教材、师资"),
        ({"deleted": True}, "缺规划、课时、教材、师资"),
    ],
)
async def test_what_a_school_lacks_is_said(counting: Counting, in_place: dict[str, object], missing: str) -> None:
    """publicity.school_four_in_place_rate: what is not in place by the day, by name."""
    await counting.put(SchoolFacts(from_date=BEGIN), school_year(2011, **in_place))
    question = Question("publicity.school_four_in_place_rate", "01", "2012-03")
    [member] = await members(counting.conn, counting.projection, question, counting.today)
    assert ("not_in_place", "本学年四落实不全", missing) == (member.reason, member.zh, member.detail)


async def test_an_exam_is_of_those_who_had_to_sit_it(counting: Counting) -> None:
    """publicity.exam_participation_rate, publicity.exam_pass_rate: of persons, not of exams."""
    await counting.put(
        ExamFacts(grade=xp.EXAM_GRADE_OFFICIALS, held_date=on(2012, 3, 1), had_to_sit=100, sat=95, passed=90),
        ExamFacts(grade=xp.EXAM_GRADE_VILLAGE_CADRES, held_date=on(2012, 3, 20), had_to_sit=10),
        ExamFacts(grade=xp.EXAM_GRADE_OFFICIALS, held_date=on(2012, 3, 21), had_to_sit=10, sat=10, passed=10),
        ExamFacts(grade=xp.EXAM_GRADE_OFFICIALS, held_date=on(2012, 2, 1)),
        ExamFacts(grade=xp.EXAM_GRADE_OFFICIALS, held_date=on(2012, 3, 1), had_to_sit=10, sat=10, deleted=True),
    )
    sat, passed = "publicity.exam_participation_rate", "publicity.exam_pass_rate"
    assert (95, 110) == await counting.figure(sat, "2012-03") == await counting.adds(sat, "2012-03")
    assert (90, 95) == await counting.figure(passed, "2012-03") == await counting.adds(passed, "2012-03")
    assert (0, 10) == await counting.figure(sat, "2012", "", "grade", "village_cadres")
    assert (90, 95) == await counting.figure(passed, "2012", "01", "grade", "officials")
    assert ["counted", "deleted", "nobody_sat", "not_yet"] == await counting.reasons(sat, "2012-03")
    assert ["nobody_had_to"] == await counting.reasons(sat, "2012-02")
    assert ["counted", "deleted", "nobody_sat", "not_yet"] == await counting.reasons(passed, "2012-03")
