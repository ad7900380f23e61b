"""How far a figure is from its target: from 0 to 1, in words, and as a light. Nothing is rounded before it is text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import floor

from services.aggregation.indicator import Better, Form, Indicator
from services.aggregation.periods import Level, Period, parse
from services.aggregation.rollup import DISTRICT, Stored
from services.aggregation.wording import as_text
from services.chassis.domain.percentages import percent
from services.chassis.domain.profile import Target

#: From this share of the way on a figure is near its target.
NEAR = Fraction(9, 10)
#: The most that a figure gets which equals a target that it had to exceed.
EQUAL_IS_NOT_MORE = Fraction(99, 100)


class Light(StrEnum):
    """The attainment at a glance."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Bound:
    """A target as it binds one figure: `due` is what of it is due by now, less than its value within a running year."""

    target: Target
    due: Fraction

    @property
    def value(self) -> Fraction:
        """The value as the district profile states it."""
        return Fraction(self.target.value)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one figure; `share` is its attainment, None when it is not judged."""

    words: str
    share: Fraction | None = None
    bound: Bound | None = None

    @property
    def light(self) -> Light:
        """The attainment at a glance."""
        if self.share is None:
            return Light.NONE
        return Light.GREEN if self.share == 1 else Light.AMBER if self.share >= NEAR else Light.RED


def value_of(indicator: Indicator, n: int, total: int) -> Fraction | None:
    """Return the figure that n and N make, in the unit people read; None when there is nothing to divide by."""
    if not indicator.form.has_total:
        return Fraction(n, indicator.scale)
    if not total:
        return None
    return Fraction(n, total * (indicator.scale if indicator.form is Form.MEAN else 1))


def judge(stored: Stored, indicator: Indicator, target: Target | None, as_of: date) -> Judgement:
    """Compare a figure as measured for a day with the target of its period's year; parts of a figure have none."""
    if stored.breakdown:
        return Judgement("分项不评")
    period, value = parse(stored.period), value_of(indicator, stored.n, stored.total)
    reason = _not_judged(indicator, target, period, office=stored.unit != DISTRICT)
    if reason or target is None:
        return Judgement(reason)
    bound = Bound(target, _due(indicator, target, period, as_of))
    if value is None:
        return Judgement("尚无应计入的记录,不评", None, bound)
    if bound.due != bound.value and not bound.due and value < bound.value:
        return Judgement(f"全年目标 {as_text(indicator, bound.value)},按时间进度尚未到考核时点", None, bound)
    return _compare(indicator, value, bound)


def _not_judged(indicator: Indicator, target: Target | None, period: Period, *, office: bool) -> str:
    """Return why no target binds; empty when one does."""
    if indicator.better is Better.NONE:
        return "仅监测,不设目标"
    if target is None:
        return "未设目标"
    if target.per == "year" and period.level is not Level.YEAR:
        return "全年目标,只按年度评"
    if office and indicator.better is Better.UP and not indicator.form.has_total:
        # Six offices up to standard are six in the district: no share of it binds any one office.
        return "全区目标,不对单个司法所评"
    return ""


def _due(indicator: Indicator, target: Target, period: Period, as_of: date) -> Fraction:
    """Return what of a target is due on a day: of one for a whole year, the share of the year that has passed."""
    value = Fraction(target.value)
    if target.per != "year" or as_of >= period.end:
        return value
    due = value * Fraction((as_of - period.start).days + 1, (period.end - period.start).days + 1)
    return due if indicator.form.has_total else Fraction(floor(due))


def _compare(indicator: Indicator, value: Fraction, bound: Bound) -> Judgement:
    due, up, strict = bound.due, indicator.better is Better.UP, bound.target.strict
    shown, wanted = as_text(indicator, value), as_text(indicator, due)
    if bound.target.per == "year" and due != bound.value:
        wanted = f"{wanted}(全年 {as_text(indicator, bound.value)},按时间进度)"
    met = (value > due or (not strict and value == due)) if up else (value < due or (not strict and value == due))
    if met:
        verb = "超过" if strict and up else "低于" if strict else "达到"
        return Judgement(f"{shown},{verb}目标 {wanted}", Fraction(1), bound)
    share, how = (_share_up if up else _share_down)(indicator, value, due)
    share = max(Fraction(0), min(share, EQUAL_IS_NOT_MORE if strict else Fraction(1)))
    words = f"{shown},{'须超过' if strict and up else '须低于' if strict else '目标'} {wanted},达成度 {percent(share)}"
    return Judgement(f"{words}({how})", share, bound)


def _share_up(indicator: Indicator, value: Fraction, due: Fraction) -> tuple[Fraction, str]:
    if indicator.form is Form.GROWTH and due > -1:
        return (1 + value) / (1 + due), "按与上年同期之比计"
    if due > 0:
        return value / due, "按值与目标之比计"
    return 1 - (due - value), "按 1 减差距计"


def _share_down(indicator: Indicator, value: Fraction, due: Fraction) -> tuple[Fraction, str]:
    if due > 0:
        return due / value, "按目标与值之比计"
    if indicator.form.has_total and indicator.form is not Form.MEAN:
        return 1 - value, "目标为零,按 1 减比率计"
    return 1 / (1 + value), "目标为零,按 1/(1+值) 计"


@dataclass(frozen=True, slots=True)
class Composite:
    """The attainment of a pattern, or of the board: the weighted mean of what is judged; None when nothing is."""

    share: Fraction | None
    words: str


Parts = Sequence[tuple[str, int, Fraction | None]]  # label, weight, attainment


def compose(parts: list[tuple[str, int, Judgement]]) -> Composite:
    """Return the composite of the indicators of a pattern, as (label, weight, judgement)."""
    if not parts:
        return Composite(None, "尚无纳入考核的指标")
    return _mean([(label, weight, judgement.share) for label, weight, judgement in parts], "项指标", "项")


def overall(parts: Parts) -> Composite:
    """Return the composite of patterns."""
    return _mean(parts, "个格局", "个")


def _mean(parts: Parts, things: str, counter: str) -> Composite:
    """Return the weighted mean of what has an attainment and a weight."""
    judged = [(label, weight, share) for label, weight, share in parts if share is not None and weight]
    left_out = len(parts) - len(judged)
    if not judged:
        return Composite(None, f"{len(parts)} {things}均不评")
    weights = sum(weight for _, weight, _ in judged)
    mean = sum((weight * share for _, weight, share in judged), Fraction(0)) / weights
    unmet = sorted(((weight * (1 - share), label) for label, weight, share in judged if share < 1), reverse=True)
    words = f"{len(judged)} {things}按权重(合计 {weights})平均"
    if unmet:
        words += ";失分最多:" + "、".join(f"{label}(-{float(lost / weights):.1%})" for lost, label in unmet[:3])
    if left_out:
        words += f";{left_out} {counter}不评,不计权重"
    return Composite(mean, words)
