"""Legal aid shows every figure that the pattern is made of, each as it was agreed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from services.aggregation import catalogue
from services.aggregation.indicator import Indicator
from services.chassis.profile_file import load

PROFILE = load(Path(__file__).parents[2] / "deploy" / "districts" / "lucheng")
OWN = [indicator for indicator in catalogue.INDICATORS if indicator.area == "legalaid"]
EVERY = pytest.mark.parametrize("indicator", OWN, ids=lambda indicator: str(indicator.code))


class Row(NamedTuple):
    """Label, form, direction, breakdowns with a space between, and target: value, first year, strictly more."""

    zh: str
    form: str
    better: str
    by: str = ""
    target: tuple[str, int, bool] | None = None


# The growth has the breakdowns of what it compares.
AGREED = {
    "legalaid.accepted": Row("法律援助受理数", "count", "up", "kind matter"),
    "legalaid.accepted_growth": Row("办案量同比增长", "growth", "up", "kind matter", ("0.0", 2009, True)),
    "legalaid.grant_rate": Row("应援尽援率", "ratio", "up", "", ("1.00", 2008, False)),
    "legalaid.review_on_time_rate": Row("按期审查率", "ratio", "up", "", ("1.00", 2008, False)),
    "legalaid.mean_review_days": Row("平均审查天数", "mean", "down", "green_channel"),
    "legalaid.assigned_on_time_rate": Row("按期指派率", "ratio", "up", "", ("1.00", 2008, False)),
    "legalaid.green_channel_cases": Row("绿色通道数", "count", "none"),
    "legalaid.key_group_cases": Row("重点人群援助数", "count", "up", "group"),
    "legalaid.key_matter_cases": Row("重点领域援助数", "count", "none", "matter"),
    "legalaid.practitioner_duty_rate": Row("人均一件达标率", "quota", "up", "", ("1.00", 2008, False)),
    "legalaid.fee_relief_cases": Row("减免服务费数", "count", "up"),
    "legalaid.consultations": Row("法律咨询数", "count", "up", "channel"),
    "legalaid.stations": Row("援助站点数", "stock", "up", "kind"),
    "legalaid.one_hour_coverage": Row("一小时援助圈覆盖率", "share", "up", "", ("1.00", 2012, False)),
    "legalaid.volunteers": Row("援助志愿者数", "stock", "up"),
    "legalaid.volunteer_shifts": Row("志愿服务班次", "count", "up"),
    "legalaid.pre_litigation_settlement_rate": Row("诉前和解率", "ratio", "up"),
    "legalaid.recovered_amount": Row("挽回损失额", "sum", "up"),
    "legalaid.satisfaction_rate": Row("受援人满意率", "ratio", "up", "", ("0.95", 2008, False)),
    "legalaid.quality_pass_rate": Row("案件质量合格率", "ratio", "up", "", ("1.00", 2008, False)),
    "legalaid.donations": Row("社会捐助额", "sum", "up"),
}
OF_THE_PLAN = {"legalaid.accepted_growth", "legalaid.grant_rate", "legalaid.practitioner_duty_rate"}


def test_all_figures_of_the_pattern_are_there() -> None:
    """No figure is missing, and none was added without being agreed."""
    assert set(AGREED) == {indicator.code for indicator in OWN}


@EVERY
def test_a_figure_is_what_was_agreed(indicator: Indicator) -> None:
    """Label, form, direction and breakdowns are those of the list; the department answers for it."""
    agreed = AGREED[indicator.code]
    declared = (indicator.zh, indicator.form, indicator.better, " ".join(indicator.by))
    assert (agreed.zh, agreed.form, agreed.better, agreed.by) == declared
    assert "legalaid" == indicator.department


@EVERY
def test_a_figure_has_the_target_that_was_agreed(indicator: Indicator) -> None:
    """The value, the year from which it binds, whether the plan states it; a target has a weight."""
    targets = [t for t in PROFILE.targets if t.indicator == indicator.code]
    agreed = AGREED[indicator.code].target
    expected = [] if agreed is None else [(Decimal(agreed[0]), *agreed[1:])]
    assert expected == [(t.value, t.from_year, t.strict) for t in targets]
    assert all(target.plan is (indicator.code in OF_THE_PLAN) for target in targets)
    assert (agreed is not None) == (indicator.code in PROFILE.weights)


def test_the_weights_are_those_of_one_pattern() -> None:
    """Every figure of the pattern with a target counts in its attainment."""
    assert {code for code, row in AGREED.items() if row.target} == {
        code for code in PROFILE.weights if code.startswith("legalaid.")
    }
