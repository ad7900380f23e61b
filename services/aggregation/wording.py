"""Figures as people read them, in Chinese: a rate never without the n and N it is made of."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from services.aggregation.indicator import Form, Indicator
from services.chassis.domain.percentages import percent

#: With fewer in the denominator, one record moves a rate by more than five points.
SMALL = 20
_RATES = {Form.RATIO, Form.SHARE, Form.QUOTA}
_DIGITS = Decimal("0.000001")


def is_small(indicator: Indicator, total: int) -> bool:
    """Tell whether a rate rests on so few that its percentage says little."""
    return indicator.form in _RATES and indicator.total_scale == 1 and 0 < total < SMALL


def decimal(value: Fraction) -> str:
    """Return a value with at most six digits after the point, without trailing zeros: "0.973451", "12"."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{exact.quantize(_DIGITS, ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_text(indicator: Indicator, value: Fraction) -> str:
    """Return a value with its unit: "97.35%", "8.00 人/百人", "+12.50%", "1,234.50 元", "12 件"."""
    if indicator.form in _RATES and indicator.unit == "%":
        return percent(value, 2)
    if indicator.form is Form.GROWTH:
        return f"{'+' if value > 0 else ''}{_rounded(value * 100, 2)}%"
    if indicator.form in {Form.MEAN, *_RATES}:
        return f"{_rounded(value, 2)} {indicator.unit}"
    return f"{_amount(value)} {indicator.unit}"


def difference(indicator: Indicator, value: Fraction) -> str:
    """Return how far one value is from another: "+1.25 个百分点", "-3 件", "持平"."""
    if not value:
        return "持平"
    percentage = indicator.form is Form.GROWTH or (indicator.form in _RATES and indicator.unit == "%")
    shown = f"{_rounded(value * 100, 2)} 个百分点" if percentage else as_text(indicator, value)
    return f"+{shown}" if value > 0 else shown


def full_text(indicator: Indicator, value: Fraction | None, n: int, total: int) -> str:
    """Return a figure with what it is made of: "97.35%(110/113)"; the counts first where they are few."""
    if not indicator.form.has_total:
        return as_text(indicator, value if value is not None else Fraction(0))
    if indicator.form is Form.GROWTH:
        before, now = (_amount(Fraction(x, indicator.scale)) for x in (total, total + n))
        return "无上年同期数" if value is None else f"{as_text(indicator, value)}({before} → {now})"
    made_of = f"{_amount(Fraction(n, indicator.scale))}/{_amount(Fraction(total, indicator.total_scale))}"
    if value is None:
        return f"无({made_of})"
    if is_small(indicator, total):
        return f"{made_of}({as_text(indicator, value)})"
    return f"{as_text(indicator, value)}({made_of})"


#: What stands for a cell of a sensitive breakdown wherever nothing of it is shown.
CLOSED = "不公开(敏感分项只在全年首次公布时列出)"


def withheld(threshold: int, *, part: bool) -> str:
    """Return what stands for a figure that is not shown, whether it is small itself or would give a small one away."""
    return f"不公开({'分项中' if part else '各单位中'}有不足 {threshold} 的数)"


def _amount(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{_rounded(value, 2):,}"


def _rounded(value: Fraction, digits: int) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
