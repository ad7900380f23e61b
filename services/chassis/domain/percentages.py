"""Shares of one as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def percent(share: Fraction | float, digits: int = 1) -> str:
    """Return a share of one as a percentage; 100 only when nothing is missing, and 0 only when there is nothing."""
    exact, least = Fraction(share) * 100, Decimal(1).scaleb(-digits)
    shown = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(least, ROUND_HALF_UP)
    return f"{min(max(shown, least), 100 - least) if 0 < share < 1 else shown}%"
