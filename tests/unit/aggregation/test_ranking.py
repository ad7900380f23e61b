"""Places of units by a value."""

from __future__ import annotations

from fractions import Fraction

from services.aggregation.ranking import ranked


def test_equal_values_share_a_place_and_leave_room() -> None:
    """Two second places are followed by a fourth; who has no value has no place."""
    values = {"a": Fraction(1, 2), "b": Fraction(2, 3), "c": Fraction(1, 3), "d": Fraction(1, 2), "e": None}
    assert {"b": 1, "a": 2, "d": 2, "c": 4} == ranked(values)
    assert {"c": 1, "a": 2, "d": 2, "b": 4} == ranked(values, lowest_first=True)


def test_values_are_not_rounded_before_they_are_compared() -> None:
    """What looks the same with two decimals may still be in two places."""
    assert {"a": 2, "b": 1} == ranked({"a": Fraction(9999, 10000), "b": Fraction(1)})
