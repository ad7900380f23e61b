"""How far a figure is from its target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from services.aggregation import attainment, catalogue
from services.aggregation.attainment import Judgement, Light, compose, judge, overall
from services.aggregation.indicator import Better, Form, Indicator
from services.aggregation.rollup import Stored
from services.chassis.domain.profile import Target

AS_OF = date(2012, 6, 1)


def indicator(form: Form, better: Better = Better.UP, unit: str = "%", scale: int = 1) -> Indicator:
    """Return an indicator that counts nothing."""
    return Indicator("test.figure", "测试指标", form, "test", better, unit=unit, scale=scale)


def target(value: str, **options: Any) -> Target:
    """Return a target from 2008 on."""
    return Target("test.figure", Decimal(value), 2008, **options)


def judged(
    chosen: Indicator, n: int, total: int, goal: Target | None, *, period: str = "2011", unit: str = ""
) -> Judgement:
    """Judge n of N."""
    return judge(Stored(period, unit, chosen.code, "", "", n, total), chosen, goal, AS_OF)


RATIO, LOWER = indicator(Form.RATIO), indicator(Form.RATIO, Better.DOWN)
COUNT, ZERO = indicator(Form.COUNT, unit="件"), indicator(Form.COUNT, Better.DOWN, "件")
GROWTH, STOCK = indicator(Form.GROWTH), indicator(Form.STOCK, unit="个")


@pytest.mark.parametrize(
    ("chosen", "n", "total", "goal", "share"),
    [
        (RATIO, 97, 100, target("0.97"), Fraction(1)),
        (RATIO, 100, 100, target("0.97"), Fraction(1)),
        (RATIO, 485, 1000, target("0.97"), Fraction(1, 2)),
        (RATIO, 0, 10, target("0.97"), Fraction(0)),
        (RATIO, 50, 100, target("0.5", strict=True), Fraction(99, 100)),
        (RATIO, 51, 100, target("0.5", strict=True), Fraction(1)),
        (LOWER, 0, 100, target("0"), Fraction(1)),
        (LOWER, 5, 100, target("0"), Fraction(95, 100)),
        (LOWER, 4, 100, target("0.02"), Fraction(1, 2)),
        (LOWER, 2, 100, target("0.02"), Fraction(1)),
        (ZERO, 0, 0, target("0"), Fraction(1)),
        (ZERO, 1, 0, target("0"), Fraction(1, 2)),
        (ZERO, 3, 0, target("0"), Fraction(1, 4)),
        (STOCK, 3, 0, target("6"), Fraction(1, 2)),
        (STOCK, 9, 0, target("6"), Fraction(1)),
        (GROWTH, 1, 10, target("0", strict=True), Fraction(1)),
        (GROWTH, 0, 10, target("0", strict=True), Fraction(99, 100)),
        (GROWTH, -5, 10, target("0", strict=True), Fraction(1, 2)),
        (GROWTH, -10, 10, target("-1", strict=True), Fraction(99, 100)),
        (GROWTH, -10, 10, target("-1"), Fraction(1)),
    ],
)
def test_attainment_lies_between_nothing_and_all(
    chosen: Indicator, n: int, total: int, goal: Target, share: Fraction
) -> None:
    """Met is 1, less is a share of the way, a zero target is defined, a strict one is not met by equality."""
    found = judged(chosen, n, total, goal)
    assert share == found.share
    assert found.words


@pytest.mark.parametrize(
    ("n", "light"), [(100, Light.GREEN), (97, Light.GREEN), (90, Light.AMBER), (88, Light.AMBER), (87, Light.RED)]
)
def test_the_light_follows_the_attainment(n: int, light: Light) -> None:
    """Green is met, amber at least nine tenths of the way, red further off."""
    assert light is judged(RATIO, n, 100, target("0.97")).light


def test_what_misses_little_is_not_said_to_be_whole() -> None:
    """A figure that is near its target is not told to have attained all of it beside a light that says otherwise."""
    near = judged(RATIO, 9698, 10000, target("0.97"))
    assert (Light.AMBER, True, False) == (near.light, "达成度 99.9%" in near.words, "100.0%" in near.words)


def test_what_cannot_be_judged_says_why() -> None:
    """No target, nothing to divide by, watched only, a part, an office under a district's number: no attainment."""
    watched = indicator(Form.COUNT, Better.NONE, "件")
    found = [
        judged(RATIO, 1, 2, None),
        judged(RATIO, 0, 0, target("1")),
        judged(watched, 5, 0, target("1")),
        judged(STOCK, 1, 0, target("6"), unit="wuma"),
        judge(Stored("2011", "", "test.figure", "type", "wages", 1, 2), RATIO, target("1"), AS_OF),
    ]
    assert [None] * 5 == [j.share for j in found]
    assert [Light.NONE] * 5 == [j.light for j in found]
    assert len({j.words for j in found}) == 5


def test_a_zero_target_binds_every_office() -> None:
    """Nobody may have an escalation, the single office no more than the district."""
    assert Fraction(1, 2) == judged(ZERO, 1, 0, target("0"), unit="wuma").share


def test_a_target_for_a_year_is_due_by_the_share_of_the_year() -> None:
    """Four a year: on 1 June 2012 one is due; a past year is measured against all four; months against none."""
    goal = target("4", per="year")
    running = judged(COUNT, 1, 0, goal, period="2012")
    assert running.bound is not None
    assert (Fraction(1), Fraction(1)) == (running.share, running.bound.due)
    assert Fraction(0) == judged(COUNT, 0, 0, goal, period="2012").share
    assert Fraction(1, 4) == judged(COUNT, 1, 0, goal, period="2011").share
    assert judged(COUNT, 1, 0, goal, period="2012-05").share is None
    once = target("1", per="year")
    assert judged(COUNT, 0, 0, once, period="2012").share is None
    assert Fraction(1) == judged(COUNT, 1, 0, once, period="2012").share


def test_a_pattern_is_the_weighted_mean_of_what_is_judged() -> None:
    """Weights count; what is not judged takes no part; the words name what costs most."""
    parts = [
        ("甲", 3, Judgement("", Fraction(1))),
        ("乙", 1, Judgement("", Fraction(1, 2))),
        ("丙", 5, Judgement("不评")),
    ]
    found = compose(parts)
    assert Fraction(7, 8) == found.share
    assert "乙(-12.5%)" in found.words
    assert "1 项不评" in found.words
    assert compose([]).share is None
    assert compose(parts[2:]).share is None


def test_the_board_is_the_weighted_mean_of_its_patterns() -> None:
    """Patterns count by their weight; one without attainment or weight takes no part."""
    parts = [("甲", 3, Fraction(1)), ("乙", 1, Fraction(1, 2)), ("丙", 1, None), ("经费", 0, Fraction(1, 9))]
    found = overall(parts)
    assert (Fraction(7, 8), Fraction(1, 2)) == (found.share, overall(parts[1:]).share)
    assert "2 个格局按权重(合计 4)平均;失分最多:乙(-12.5%);2 个不评,不计权重" == found.words
    assert overall(parts[2:]).share is None


def test_a_better_figure_never_has_a_lower_attainment() -> None:
    """Attainment is monotonic in the figure, in every form and direction."""
    for chosen, goal in ((RATIO, target("0.97")), (GROWTH, target("0", strict=True))):
        shares = [judged(chosen, n, 100, goal).share for n in range(-100 if chosen is GROWTH else 0, 101)]
        assert shares == sorted(shares)  # type: ignore[type-var]
    shares = [judged(LOWER, n, 100, target("0.02")).share for n in range(101)]
    assert shares == sorted(shares, reverse=True)  # type: ignore[type-var]


def test_every_declared_indicator_can_be_judged() -> None:
    """Whatever its form, an indicator's figure has a value or none, and words."""
    for declared in catalogue.INDICATORS:
        for n, total in ((0, 0), (3, 4)):
            assert attainment.value_of(declared, n, total) is not None or not total
            assert judged(declared, n, total, target("1")).words
