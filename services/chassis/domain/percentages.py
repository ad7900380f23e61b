"""Shares of one as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_TENTHS = Decimal("0.1")
_ALMOST = Decimal("99.9")


def percent(share: Fraction | float) -> str:
    """Return a share of one as a percentage with one decimal; 100.0% only when nothing is missing."""
    exact = Fraction(share) * 100
    shown = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_TENTHS, ROUND_HALF_UP)
    return f"{_ALMOST if share < 1 and shown > _ALMOST else shown}%"
