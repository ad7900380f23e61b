"""Pace holds what is done against the share of the year that has passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from services.aggregation import catalogue
from services.aggregation.figures import Figures
from services.aggregation.pace import of_quotas, of_the_district, passed, words
from services.aggregation.rollup import Stored
from services.chassis.domain.profile import Target
from tests.support import histories

DUTY, MEETINGS = catalogue.BY_CODE["legalaid.practitioner_duty_rate"], "correction.member_unit_meetings"
HALF = date(2011, 7, 2)
TARGETS = (Target(DUTY.code, Decimal("0.9"), 2008), Target(MEETINGS, Decimal(4), 2008, per="year"))
FIGURES = Figures(replace(histories.profile(), targets=TARGETS), HALF)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2011, 1, 1), Fraction(1, 365)),
        (date(2012, 2, 29), Fraction(60, 366)),
        (date(2012, 12, 31), Fraction(1)),
    ],
)
def test_a_day_has_passed_at_its_end(day: date, expected: Fraction) -> None:
    """The last day of a year ends it, in leap years too."""
    assert expected == passed(day)


def test_a_quota_is_held_against_the_target_of_the_district() -> None:
    """Each office by what it owes, in the order of the profile, after all together; whole ones are needed."""
    done = {"03": (5, 11), "01": (4, 10)}
    found = of_quotas([(DUTY, done)], "", FIGURES, all_seen=True)
    assert [("", "全区", 9, 9, 19, False), ("01", "测试一所", 4, 4, 9, False), ("03", "测试三所", 5, 5, 10, False)] == [
        (p.unit, p.unit_label, p.done, p.needed_now, p.needed, p.behind) for p in found
    ]
    assert ["01"] == [p.unit for p in of_quotas([(DUTY, {"01": (4, 10)})], "01", FIGURES, all_seen=False)]
    assert "所辖各单位" == of_quotas([(DUTY, done)], "", FIGURES, all_seen=False)[0].unit_label
    assert "人" == found[0].measure


def test_without_a_target_there_is_no_pace() -> None:
    """Nothing says what would be owed by now."""
    assert [] == of_quotas([(DUTY, {"01": (4, 10)})], "", Figures(histories.profile(), HALF), all_seen=True)


@pytest.mark.parametrize(("n", "behind"), [(0, True), (1, True), (2, False), (5, False)])
def test_a_count_for_the_year_is_of_the_district(n: int, behind: bool) -> None:  # noqa: FBT001
    """At half of the year half of the number is needed, also of what never happened."""
    rows = [Stored("2011", "", MEETINGS, "", "", n, 0)] if n else []
    [one] = of_the_district(rows, FIGURES, ["correction"])
    assert (MEETINGS, n, 2, 4, behind) == (one.indicator, one.done, one.needed_now, one.needed, one.behind)
    assert [] == of_the_district(rows, FIGURES, ["mediation"])


def test_pace_is_told_in_words() -> None:
    """How much is done, would be by now and in the year, and what is lacking."""
    assert "已完成 1 次,按时间进度应完成 2 次(全年 4 次),落后 1 次" == words(1, 2, 4, "次")
    assert "已完成 2 次,按时间进度应完成 2 次(全年 4 次),未落后" == words(2, 2, 4, "次")
    assert "已完成 4 次,已达到全年应完成的 4 次" == words(4, 2, 4, "次")
