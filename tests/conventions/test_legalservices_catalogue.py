"""Legal services show every figure that the pattern is made of, each as it was agreed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from services.aggregation import catalogue
from services.aggregation.indicator import Indicator
from services.chassis.profile_file import load

PROFILE = load(Path(__file__).parents[2] / "deploy" / "districts" / "lucheng")
OWN = [indicator for indicator in catalogue.INDICATORS if indicator.area == "legalservices"]
EVERY = pytest.mark.parametrize("indicator", OWN, ids=lambda indicator: str(indicator.code))


class Row(NamedTuple):
    """Label, form, direction, breakdowns with a space between, and target: value, first year, of the plan, per."""

    zh: str
    form: str
    better: str
    by: str = ""
    target: tuple[str, int, bool, str | None] | None = None


AGREED = {
    "complaints": Row("投诉受理数", "count", "none", "respondent_kind channel ground"),
    "complaint_accept_on_time_rate": Row("投诉按期受理率", "ratio", "up", "", ("1.00", 2008, False, None)),
    "complaint_reply_on_time_rate": Row("投诉按期答复率", "ratio", "up", "", ("1.00", 2008, False, None)),
    "complaint_mean_days": Row("投诉平均办理天数", "mean", "down"),
    "complaint_substantiated_rate": Row("投诉属实率", "ratio", "none"),
    "complaint_satisfaction_rate": Row("投诉人满意率", "ratio", "up"),
    "complaints_per_100_lawyers": Row("百名律师投诉数", "ratio", "down"),
    "penalty_proposals": Row("处罚建议数", "count", "none", "outcome"),
    "sanctions": Row("责令改正及处分数", "count", "none", "kind"),
    "assessment_rate": Row("年度考核率", "quota", "up", "kind", ("1.00", 2008, False, None)),
    "practitioners": Row("执业人员数", "stock", "none", "kind"),
    "scale_firms": Row("规模所数", "stock", "up"),
    "brand_firms": Row("品牌所数", "stock", "up"),
    "specialised_firms": Row("专业特色所数", "stock", "up", "", ("1", 2012, True, None)),
    "outside_branches": Row("引进分所数", "stock", "up"),
    "village_counsel_coverage": Row("一村一法律顾问覆盖率", "share", "up", "", ("1.00", 2012, True, None)),
    "village_counsel_services": Row("村法律顾问服务数", "count", "up", "kind"),
    "rural_pairings": Row("结对帮扶数", "stock", "up"),
    "office_pairing_rate": Row("司法所结对率", "share", "up", "", ("1.00", 2012, False, None)),
    "tracked_projects": Row("跟踪重点工程数", "stock", "up"),
    "government_matters": Row("政府法律顾问事项数", "count", "up", "group"),
    "leader_visit_rate": Row("下访律师随同率", "ratio", "up", "", ("1.00", 2008, True, None)),
    "service_events": Row("法律服务活动数", "count", "up", "kind"),
    "persons_served": Row("法律服务人次", "sum", "up"),
    "contact_cards": Row("联系卡发放数", "sum", "up", "kind group"),
    "symposia": Row("代表委员座谈会数", "count", "up", "", ("1", 2008, True, "year")),
    "proposals": Row("建议提案数", "count", "up"),
    "liaison_meetings": Row("律协联络组会议数", "count", "none"),
    "training_rate": Row("培训达标率", "quota", "up", "", ("1.00", 2008, False, None)),
    "interns": Row("实习人员数", "stock", "none"),
}
#: Clauses of the plan that no figure of legal services may be without.
CLAUSES = {
    "teams-weeks", "project-tracking", "government-counsel", "leader-visits", "symposium", "village-counsel", "pairing",
    "contact-cards", "complaints", "firms", "specialised", "assessment", "association", "office-pairing", "training",
    "branches", "interns",
}  # fmt: skip


def agreed(indicator: Indicator) -> Row:
    """Return what was agreed on an indicator."""
    return AGREED[indicator.code.partition(".")[2]]


def test_all_figures_of_the_pattern_are_there() -> None:
    """No figure is missing, and none was added without being agreed."""
    assert {f"legalservices.{name}" for name in AGREED} == {indicator.code for indicator in OWN}


@EVERY
def test_a_figure_is_what_was_agreed(indicator: Indicator) -> None:
    """Label, form, direction and breakdowns are those of the list; the department answers for it."""
    declared = (indicator.zh, indicator.form, indicator.better, " ".join(indicator.by))
    assert agreed(indicator)[:4] == declared
    assert "legalservices" == indicator.department


@EVERY
def test_a_figure_has_the_target_that_was_agreed(indicator: Indicator) -> None:
    """Value, first year, whether the plan states it and for what length; a target has a weight."""
    targets = [(t.value, t.from_year, t.plan, t.per) for t in PROFILE.targets if t.indicator == indicator.code]
    target = agreed(indicator).target
    assert ([] if target is None else [(Decimal(target[0]), *target[1:])]) == targets
    assert (target is not None) == (indicator.code in PROFILE.weights)


@EVERY
def test_the_keys_of_a_breakdown_are_known(indicator: Indicator) -> None:
    """Each has a closed list of keys with a Chinese label."""
    for breakdown in indicator.by:
        keys = catalogue.closed_keys(indicator, breakdown)
        assert len(keys) > 1
        assert all(catalogue.key_label(indicator, breakdown, key) != key for key in keys)


def test_every_clause_has_a_figure() -> None:
    """What the plan says of legal services is shown, and complaints about the bureau are the same figure."""
    shown = {clause for indicator in OWN for clause in indicator.clauses}
    assert {*(f"legalservices.{clause}" for clause in CLAUSES), "work.public-complaints"} == shown


def test_whom_complaints_are_about_cannot_point_at_one() -> None:
    """Small cells of it are withheld; of what else there is, respondents cannot be told."""
    sensitive = {indicator.code: indicator.sensitive for indicator in OWN if indicator.sensitive}
    assert {"legalservices.complaints": frozenset({"respondent_kind"})} == sensitive
