"""Shares of one as people read them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from services.chassis.domain.percentages import percent


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(1), "100.0%"),
        (1.0, "100.0%"),
        (Fraction(9999, 10000), "99.9%"),
        (0.9996, "99.9%"),
        (Fraction(9985, 10000), "99.9%"),
        (Fraction(5, 8), "62.5%"),
        (Fraction(1, 2000), "0.1%"),
        (0.0, "0.0%"),
    ],
)
def test_only_what_misses_nothing_is_said_to_be_whole(share: Fraction | float, text: str) -> None:
    """Halves are rounded up, but never to all."""
    assert text == percent(share)
