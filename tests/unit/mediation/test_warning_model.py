"""Warnings are proposed for waves, and rarely for chance."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from geju.mediation.v1 import warning_pb2

from services.mediation.domain.warning_model import (
    FALSE_ALARM_BOUND,
    LEVELS,
    MIN_COUNT,
    WINDOW_DAYS,
    YEARS,
    judge,
    tail,
    windows,
)

SEED = 20120615
#: Mean intake of a type in an office over 28 days, from rare to as much as an office has.
MEANS = (0.3, 1, 2, 3, 5, 8, 13, 21, 34)
CHECKS = 2000
#: What docs/warnings.md promises where the rate itself is restless.
RESTLESS_BOUND = 0.025


@pytest.mark.parametrize(("least", "trials", "years"), [(0, 5, 2), (1, 1, 1), (5, 5, 2), (9, 20, 5), (40, 130, 4)])
def test_the_tail_is_that_of_the_binomial_distribution(least: int, trials: int, years: int) -> None:
    """The tail equals the sum of exact probabilities."""
    chance = Fraction(1, years + 1)
    exact = sum(math.comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(least, trials + 1))
    assert float(exact) == pytest.approx(tail(least, trials, float(chance)), rel=1e-9)


@pytest.mark.parametrize(
    ("observed", "earlier", "expected"),
    [
        (4, [0, 0, 0], None),  # too few for a wave
        (30, [2], None),  # one earlier year tells nothing
        (8, [4, 5, 3], None),  # may well be chance
        (300, [220, 230, 225, 215], None),  # growth
        (12, [4, 3, 5, 4], warning_pb2.WARNING_LEVEL_BLUE),
        (14, [4, 3, 5, 4], warning_pb2.WARNING_LEVEL_YELLOW),
        (17, [4, 3, 5, 4], warning_pb2.WARNING_LEVEL_ORANGE),
        (25, [4, 3, 5, 4], warning_pb2.WARNING_LEVEL_RED),
        (5, [0, 0, 0, 0, 0], warning_pb2.WARNING_LEVEL_YELLOW),
    ],
)
def test_the_level_follows_from_how_improbable_a_rise_is(
    observed: int, earlier: list[int], expected: int | None
) -> None:
    """A rise is proposed at the level of its probability, and not at all when it is small or explicable."""
    rise = judge(observed, earlier)
    assert expected == (rise and rise.level)


def test_a_rise_says_what_was_expected() -> None:
    """The expected number is the mean of the earlier windows."""
    rise = judge(25, [4, 3, 5, 4])
    assert rise is not None
    assert (rise.observed, rise.expected) == (25, 4.0)
    assert rise.probability <= LEVELS[0][0]


def test_windows_are_the_same_days_of_earlier_years() -> None:
    """Each window has 28 days and ends on the same day of its year, the last of February in place of the 29th."""
    found = windows(date(2012, 2, 29), date(2000, 1, 1))
    assert [(w.last.year, w.last.month, w.last.day) for w in found[:3]] == [(2012, 2, 29), (2011, 2, 28), (2010, 2, 28)]
    assert {WINDOW_DAYS - 1} == {(w.last - w.first).days for w in found}
    assert len(found) == YEARS + 1
    assert found[0].holds(date(2012, 2, 2))
    assert not found[0].holds(date(2012, 2, 1))


@pytest.mark.parametrize(
    ("since", "expected"),
    [(date(2011, 5, 19), 1), (date(2010, 5, 19), 2), (date(2010, 5, 20), 1), (date(2012, 6, 1), 0)],
)
def test_years_before_the_records_are_no_quiet_years(since: date, expected: int) -> None:
    """Only windows that the records reach back to are compared with."""
    assert expected == len(windows(date(2012, 6, 15), since)) - 1


def poisson(rng: random.Random, mean: float) -> int:
    """Draw a number of independent events (Knuth)."""
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def restless(rng: random.Random, mean: float) -> int:
    """Draw from a rate that itself changes from year to year by a quarter: variance above the mean."""
    return poisson(rng, mean * rng.gammavariate(16, 1 / 16))


def alarms(draw: Callable[[random.Random, float], int], years: int) -> float:
    """Return the share of simulated checks that propose a warning though nothing is unusual."""
    rng = random.Random(SEED + years)
    found = [
        judge(draw(rng, mean), [draw(rng, mean) for _ in range(years)]) is not None
        for mean in MEANS
        for _ in range(CHECKS)
    ]
    return sum(found) / len(found)


@pytest.mark.parametrize("years", [2, 3, 5])
def test_false_alarms_stay_within_their_bound(years: int) -> None:
    """Where nothing is unusual, fewer than five checks in a thousand propose a warning."""
    assert alarms(poisson, years) <= FALSE_ALARM_BOUND


@pytest.mark.parametrize("years", [2, 3, 5])
def test_restless_years_stay_within_their_bound(years: int) -> None:
    """Where the rate itself moves by a quarter from year to year, at most one check in forty proposes a warning."""
    assert alarms(restless, years) <= RESTLESS_BOUND


def test_waves_are_seen() -> None:
    """Where intake trebles, nine in ten checks of types with eight or more a window propose a warning."""
    rng = random.Random(SEED)
    seen = [
        judge(poisson(rng, 3 * mean), [poisson(rng, mean) for _ in range(4)]) is not None
        for mean in MEANS
        if mean >= 8
        for _ in range(500)
    ]
    assert sum(seen) / len(seen) >= 0.9


def test_the_page_on_warnings_says_what_the_code_does() -> None:
    """Levels, days, years and numbers on the page are those of the module."""
    page = (Path(__file__).parents[3] / "docs" / "warnings.md").read_text(encoding="utf-8")
    names = {
        value.number: value.name.rpartition("_")[2].lower() for value in warning_pb2.WarningLevel.DESCRIPTOR.values
    }
    fractions = [(names[level], Fraction(str(bound)).limit_denominator(100_000)) for bound, level in LEVELS]
    printed = {
        name: Fraction(int(cells[0]), int(cells[1].replace(" ", "")))
        for line in page.splitlines()
        if (name := line.removeprefix("| ").partition(" ")[0]) in names.values() and line.startswith("| ")
        for cells in [line.rsplit("|", 2)[1].split(" in ")]
    }
    assert printed == dict(fractions)
    assert f"last {WINDOW_DAYS} days" in page
    assert f"at least {MIN_COUNT} disputes" in page
