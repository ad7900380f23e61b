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
        (Fraction(1, 100000), "0.1%"),
        (0.0, "0.0%"),
        (Fraction(5, 4), "125.0%"),
    ],
)
def test_only_what_misses_nothing_is_said_to_be_whole(share: Fraction | float, text: str) -> None:
    """Halves are rounded up, but never to all; and what there is does not vanish."""
    assert text == percent(share)


@pytest.mark.parametrize(
    ("n", "total", "text"),
    [(99996, 100000, "99.99%"), (1, 100000, "0.01%"), (97345, 100000, "97.35%"), (3, 3, "100.00%")],
)
def test_rates_have_two_decimals(n: int, total: int, text: str) -> None:
    """A rate beside a target of everything or nothing does not look met when it is not."""
    assert text == percent(Fraction(n, total), 2)
