"""Figures as people read them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from services.aggregation.attainment import value_of
from services.aggregation.indicator import Better, Form, Indicator
from services.aggregation.wording import decimal, full_text, is_small


@pytest.mark.parametrize(
    ("form", "unit", "scale", "n", "total", "text"),
    [
        (Form.RATIO, "%", 1, 110, 113, "97.35%(110/113)"),
        (Form.RATIO, "%", 1, 5, 6, "5/6(83.33%)"),
        (Form.RATIO, "%", 1, 0, 0, "无(0/0)"),
        (Form.RATIO, "%", 100, 1250050, 2000000, "62.50%(12,500.50/20,000)"),
        (Form.SHARE, "%", 1, 18, 20, "90.00%(18/20)"),
        (Form.COUNT, "件", 1, 1234, 0, "1,234 件"),
        (Form.SUM, "元", 100, 123450, 0, "1,234.50 元"),
        (Form.MEAN, "天", 1, 125, 10, "12.50 天(125/10)"),
        (Form.GROWTH, "%", 1, 5, 40, "+12.50%(40 → 45)"),
        (Form.GROWTH, "%", 1, -5, 40, "-12.50%(40 → 35)"),
        (Form.GROWTH, "%", 1, 0, 0, "无上年同期数"),
    ],
)
def test_a_rate_never_comes_without_its_counts(
    form: Form, unit: str, scale: int, n: int, total: int, text: str
) -> None:
    """Percentages carry n and N, the counts first where they are few."""
    chosen = Indicator("test.figure", "测试", form, "test", Better.UP, unit=unit, scale=scale)
    assert text == full_text(chosen, value_of(chosen, n, total), n, total)


def test_a_small_sample_is_marked() -> None:
    """Below twenty one record moves a rate by more than five points."""
    chosen = Indicator("test.figure", "测试", Form.RATIO, "test", Better.UP, unit="%")
    assert [False, True, True, False] == [is_small(chosen, total) for total in (0, 1, 19, 20)]


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(1, 3), "0.333333"), (Fraction(2, 3), "0.666667"), (Fraction(12), "12"), (Fraction(-1, 8), "-0.125"),
     (Fraction(0), "0"), (Fraction(100), "100")],
)  # fmt: skip
def test_decimals_have_at_most_six_digits(value: Fraction, text: str) -> None:
    """Values are decimal text, so that no client's floating point changes them."""
    assert text == decimal(value)
