"""Scores and places of offices, and the points that they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.aggregation import attainment
from services.aggregation.assessment import (
    FULL,
    OVERALL,
    OfficeScore,
    PatternScore,
    Points,
    Standing,
    Unranked,
    days_within,
    points_of,
    score_office,
    standings,
    total_of,
)
from services.aggregation.assessment_messages import add_up, decimals, office_message, rounded
from services.aggregation.board import BoardMaker, assessed
from services.aggregation.disclosure import EVERYTHING
from services.aggregation.figures import Figures
from services.aggregation.periods import parse
from services.aggregation.rollup import Stored
from services.chassis.domain.profile import Office, Profile
from services.chassis.profile_file import load

PROFILE = load(Path(__file__).parents[3] / "deploy" / "districts" / "lucheng")
AS_OF, YEAR, DAYS = date(2012, 12, 31), parse("2012"), 366
SUCCESS, ON_TIME = "mediation.success_rate", "mediation.on_time_rate"
WEIGHED = sorted(PROFILE.weights)
ONES = replace(PROFILE, patterns=tuple(replace(p, weight=i + 1) for i, p in enumerate(PROFILE.patterns)))
COUNTS = st.dictionaries(st.sampled_from(WEIGHED), st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=30)


def score(
    counts: Mapping[str, tuple[int, int]], unit: str = "wuma", days: int = DAYS, profile: Profile = PROFILE
) -> OfficeScore:
    """Score an office that has these n and N."""
    maker = BoardMaker(Figures(profile, AS_OF, EVERYTHING), unit, YEAR, lambda _: True)
    rows = [Stored("2012", unit, code, "", "", n, total) for code, (n, total) in counts.items()]
    return score_office(maker, replace(PROFILE.office(unit)), days, rows, assessed(profile))


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_points_add_up_to_the_score_which_is_what_the_board_says(counts: dict[str, tuple[int, int]]) -> None:
    """Whatever is counted, gained is a hundred times the attainment exactly, and with what is lost a hundred."""
    one = score(counts, profile=ONES)
    maker = BoardMaker(Figures(ONES, AS_OF, EVERYTHING), "wuma", YEAR, lambda _: True)
    whole = maker.whole([Stored("2012", "wuma", code, "", "", *pair) for code, pair in counts.items()])
    board = maker.overall(whole)
    assert board is not None
    for pattern in one.patterns:
        parts = [(line.indicator.zh, line.weight, line.judgement) for line in pattern.lines]
        share = attainment.compose(parts).share
        held = [line.points for line in pattern.lines if line.points]
        assert pattern.score == (None if share is None else FULL * share)
        assert (FULL if held else 0) == sum(p.gained + p.lost for p in held)
        assert len(pattern.lines) == len(pattern.pattern.weights)
    assert one.score == (None if board.share is None else FULL * board.share)
    assert one.score == total_of(p.points for p in one.patterns)


def test_a_pattern_without_weight_leaves_the_board_its_attainment() -> None:
    """It takes no part in it; only where patterns are left out by whoever asks there is none of the whole."""
    light = replace(PROFILE, patterns=(replace(PROFILE.patterns[0], weight=0), *PROFILE.patterns[1:]))
    maker = BoardMaker(Figures(light, AS_OF, EVERYTHING), "wuma", YEAR, lambda _: True)
    whole = maker.whole([Stored("2012", "wuma", SUCCESS, "", "", 1, 2)])
    found = maker.overall(whole)
    assert found is not None
    assert score({SUCCESS: (1, 2)}, profile=light).score == found.share * FULL  # type: ignore[operator]
    assert maker.overall(whole, [pattern.code for pattern in light.patterns[1:]]) is None
    assert maker.overall(whole, ["funds"]) is None


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_what_is_read_adds_up_too(counts: dict[str, tuple[int, int]]) -> None:
    """Points rounded for people add up to the rounded score, and those lost to what it lacks."""
    one = score(counts)
    message = office_message(one, standings([one], DAYS), None, Figures(PROFILE, AS_OF, EVERYTHING))
    parts = [(pattern.standing, pattern.indicators) for pattern in message.patterns]
    for standing, its in (*parts, (message.standing, message.patterns)):
        gained, lost = ([Decimal(getattr(one, name)) for one in its if one.gained] for name in ("gained", "lost"))
        assert (Decimal(standing.score or 0), len(gained)) == (sum(gained), len(lost))
        assert not gained or sum(gained) + sum(lost) == FULL
        assert all(points >= 0 for points in (*gained, *lost))


@given(st.lists(st.fractions(0, 100), max_size=12))
def test_rounding_moves_no_point_by_a_hundredth(values: list[Fraction]) -> None:
    """Points are rounded up or down, never further, and nothing stays nothing."""
    total = rounded(sum(values, Fraction(0)))
    found = add_up(values, total)
    assert total == sum(found)
    assert all(abs(Fraction(one) - value) < Fraction(1, 100) for one, value in zip(found, values, strict=True))


def test_half_a_hundredth_is_gained_and_not_lost_as_well() -> None:
    """What is gained is rounded up, what is lost then is what the score lacks."""
    assert [("50.01", "49.99")] == decimals(points_of([(1, Fraction(10001, 20000))]))
    assert [("", "")] == decimals([None])


def test_a_weight_of_nothing_and_what_is_not_judged_take_no_part() -> None:
    """Neither for nor against: the points are shared out among the others."""
    found = points_of([(3, Fraction(1)), (1, Fraction(1, 2)), (0, Fraction(0)), (5, None)])
    assert [Points(Fraction(75), Fraction(0)), Points(Fraction(25, 2), Fraction(25, 2)), None, None] == found
    assert [None] == points_of([(0, Fraction(1))])


@pytest.mark.parametrize(
    ("begun", "ended", "days"),
    [
        (date(2000, 1, 1), None, 153),
        (date(2012, 1, 1), date(2012, 12, 31), 153),
        (date(2012, 6, 1), None, 1),
        (date(2012, 6, 2), None, 0),
        (date(2012, 9, 1), None, 0),
        (date(2000, 1, 1), date(2011, 12, 31), 0),
        (date(2000, 1, 1), date(2011, 6, 30), 0),
        (date(2000, 1, 1), date(2012, 1, 31), 31),
        (date(2012, 3, 1), date(2012, 3, 31), 31),
    ],
)
def test_an_office_counts_its_days_of_the_period_so_far(begun: date, ended: date | None, days: int) -> None:
    """Founded, closed or both within the period; what lies ahead does not count."""
    office = Office("x", "某司法所", "某街道", "street", begun, ended)
    assert days == days_within(office, parse("2012"), date(2012, 6, 1))


def placed(*scores: OfficeScore) -> dict[str, Standing]:
    """Rank offices and return how they stand overall."""
    return {unit: standing[OVERALL] for unit, standing in standings(scores, DAYS).items()}


def test_equal_scores_share_a_place_and_others_stand_behind_them() -> None:
    """Exactly equal fractions are equal, however they were counted; the next place leaves room."""
    found = placed(
        score({SUCCESS: (1, 3), ON_TIME: (1, 1)}, "wuma"),
        score({SUCCESS: (2, 6), ON_TIME: (5, 5)}, "guanghua"),
        score({SUCCESS: (1, 1), ON_TIME: (1, 1)}, "nanmen"),
        score({SUCCESS: (0, 1), ON_TIME: (1, 1)}, "jiangbin"),
    )
    assert {"nanmen": (1, False), "wuma": (2, True), "guanghua": (2, True), "jiangbin": (4, False)} == {
        unit: (standing.place, standing.tied) for unit, standing in found.items()
    }
    assert {4} == {standing.of for standing in found.values()}


def test_an_office_of_less_than_half_the_days_has_a_score_and_no_place() -> None:
    """Half of the days are enough; the others move up."""
    counts = {SUCCESS: (1, 1)}
    found = placed(score(counts, "wuma", 182), score(counts, "guanghua", 183), score(counts, "nanmen"))
    assert (0, Unranked.TOO_SHORT) == (found["wuma"].place, found["wuma"].unranked)
    assert found["wuma"].score == found["guanghua"].score
    assert "在册 182 天" in found["wuma"].words
    assert (1, 1, 2) == (found["guanghua"].place, found["nanmen"].place, found["nanmen"].of)


def test_an_office_of_which_little_can_be_judged_has_no_place() -> None:
    """Less than half of the weight that could be judged of the offices: a score, and no place."""
    little, much = {"mediation.feedback_rate": (1, 1)}, dict.fromkeys(WEIGHED, (1, 2))
    found = standings([score(little, "wuma"), score(much, "guanghua")], DAYS)
    wuma = found["wuma"]
    assert Unranked.TOO_LITTLE_JUDGED is wuma[OVERALL].unranked
    assert (Unranked.TOO_LITTLE_JUDGED, 0) == (wuma["mediation"].unranked, wuma["mediation"].place)
    assert wuma["mediation"].score is not None
    assert "不足一半" in wuma["mediation"].words
    assert {1} == {standing.place for standing in found["guanghua"].values()}


def test_half_of_what_can_be_judged_is_enough() -> None:
    """Overall the halves are weighed as the patterns are: all of a heavy one outweighs nothing of a light one."""
    first, second, third = SUCCESS, "legalaid.grant_rate", "publicity.exam_participation_rate"
    homes = {"mediation": ({first: 2, ON_TIME: 2}, 3), "legalaid": ({second: 1}, 2), "publicity": ({third: 9}, 1)}
    patterns = [replace(p, weights=homes[p.code][0], weight=homes[p.code][1]) for p in PROFILE.patterns[:3]]
    profile = replace(PROFILE, patterns=tuple(patterns))
    everything = dict.fromkeys((first, ON_TIME, second, third), (1, 1))
    offices = {"wuma": [first, third], "guanghua": [first, ON_TIME], "nanmen": [first, second], "jiangbin": [third]}
    counts = {unit: {code: everything[code] for code in codes} for unit, codes in offices.items()}
    scored = [score(held, unit, profile=profile) for unit, held in counts.items()]
    found = standings([*scored, score(everything, "shuixin", profile=profile)], DAYS)
    # Of six: one and a half and one; three; one and a half and two; one.
    assert {"wuma": 0, "guanghua": 1, "nanmen": 1, "jiangbin": 0, "shuixin": 1} == {
        unit: standing[OVERALL].place for unit, standing in found.items()
    }
    assert 1 == found["wuma"]["mediation"].place


def test_nothing_to_judge_is_no_score_of_nothing() -> None:
    """A pattern of which nothing could be judged has neither score nor place, and takes no part in the overall one."""
    bare = [replace(p, weights={SUCCESS: 1} if p.code == "mediation" else {}) for p in PROFILE.patterns]
    profile = replace(PROFILE, patterns=tuple(bare))
    one, none = score({SUCCESS: (1, 1)}, profile=profile), score({}, "guanghua", profile=profile)
    found = standings([one, none], DAYS)
    assert (FULL, None) == (one.score, none.score)
    assert Unranked.NOTHING_JUDGED is found["guanghua"][OVERALL].unranked
    assert Unranked.NOTHING_JUDGED is found["wuma"]["legalaid"].unranked
    assert (1, 1) == (found["wuma"][OVERALL].place, found["wuma"][OVERALL].of)


def test_every_line_says_why_it_is_as_it_is() -> None:
    """What is not judged stands there with its reason, what loses points with how many."""
    one = score({SUCCESS: (1, 2), ON_TIME: (1, 1)})
    message = office_message(one, standings([one], DAYS), None, Figures(PROFILE, AS_OF, EVERYTHING))
    [mediation] = (p for p in message.patterns if p.pattern == "mediation")
    lines = {line.figure.indicator: line for line in mediation.indicators}
    assert (1, 2, 5) == (lines[SUCCESS].figure.n, lines[SUCCESS].figure.denominator, lines[SUCCESS].weight)
    assert f"权重 5/{mediation.judged_weight},得 {lines[SUCCESS].gained} 分,失 {lines[SUCCESS].lost} 分" in (
        lines[SUCCESS].text
    )
    assert ("0.00", False) == (lines[ON_TIME].lost, "失" in lines[ON_TIME].text.partition(";权重")[2])
    assert "全区目标,不对单个司法所评;不计权重" == lines["mediation.offices_up_to_standard"].text
    assert ("", "") == (lines["mediation.feedback_rate"].gained, lines["mediation.feedback_rate"].lost)
    assert sum(line.weight for line in lines.values()) == mediation.total_weight


def test_a_district_without_offices_is_not_ranked() -> None:
    """There is nobody to rank."""
    assert {} == standings([], DAYS)
    assert PatternScore(PROFILE.patterns[0], ()).score is None
