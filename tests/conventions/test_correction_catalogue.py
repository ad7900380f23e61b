"""Correction and resettlement show every figure that the pattern is made of, each as it was agreed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from services.aggregation import catalogue
from services.aggregation.clauses import kinds_of
from services.aggregation.indicator import Indicator
from services.chassis.contract import kind_option
from services.chassis.profile_file import load

PROFILE = load(Path(__file__).parents[2] / "deploy" / "districts" / "lucheng")
AREAS = {"correction", "resettlement"}
OWN = [indicator for indicator in catalogue.INDICATORS if indicator.area in AREAS]
EVERY = pytest.mark.parametrize("indicator", OWN, ids=lambda indicator: str(indicator.code))


class Row(NamedTuple):
    """Label, form, direction, breakdowns with a space between, and target: value, first year, for a whole year."""

    zh: str
    form: str
    better: str
    by: str = ""
    target: tuple[str, int, str | None] | None = None


AGREED = {
    "correction.supervised": Row("在册社区矫正对象数", "stock", "none", "sentence"),
    "correction.received": Row("新接收数", "count", "none", "sentence"),
    "correction.ended": Row("解除终止数", "count", "none", "ground"),
    "correction.handover_on_time_rate": Row("按期报到率", "ratio", "up", "", ("1.00", 2008, None)),
    "correction.missed_handover_rate": Row("漏管率", "ratio", "down", "", ("0.00", 2008, None)),
    "correction.absconding_rate": Row("脱管率", "ratio", "down", "", ("0.00", 2008, None)),
    "correction.out_of_control": Row("失控数", "stock", "down", "", ("0", 2008, None)),
    "correction.reoffending_rate": Row("矫正期间重新犯罪率", "ratio", "down", "", ("0.02", 2008, None)),
    "correction.reporting_rate": Row("定期报告率", "ratio", "up", "", ("1.00", 2008, None)),
    "correction.education_rate": Row("教育学习达标率", "ratio", "up"),
    "correction.community_work_rate": Row("公益劳动达标率", "ratio", "up"),
    "correction.assessment_rate": Row("矫正考核率", "ratio", "up"),
    "correction.violations": Row("违规处理数", "count", "down", "kind"),
    "correction.key_person_control_rate": Row("重点对象管控到位率", "share", "up", "", ("1.00", 2008, None)),
    "correction.help_given": Row("帮困解难数", "count", "up", "kind"),
    "correction.officers_ratio": Row("专职力量配比", "share", "up"),
    "correction.volunteers": Row("矫正志愿者数", "stock", "up"),
    "correction.member_unit_meetings": Row("成员单位会议数", "count", "up", "", ("4", 2008, "year")),
    "correction.emergency_drills": Row("应急演练数", "count", "none"),
    "resettlement.registered": Row("在册归正人员数", "stock", "none", "household"),
    "resettlement.handover_rate": Row("衔接率", "ratio", "up", "", ("1.00", 2008, None)),
    "resettlement.help_rate": Row("帮教率", "share", "up", "", ("0.95", 2008, None)),
    "resettlement.placement_rate": Row("安置率", "share", "up", "", ("0.85", 2008, None)),
    "resettlement.visit_fresh_rate": Row("走访及时率", "share", "up"),
    "resettlement.tracking_rate": Row("动态掌控率", "share", "up", "", ("1.00", 2008, None)),
    "resettlement.lost_rate": Row("归正人员脱管率", "share", "down", "", ("0.00", 2008, None)),
    "resettlement.key_person_control_rate": Row("重点归正人员管控到位率", "share", "up", "", ("1.00", 2008, None)),
    "resettlement.reoffending_rate": Row("归正人员重新犯罪率", "ratio", "down", "", ("0.03", 2008, None)),
    "resettlement.dual_listing_rate": Row("双列管率", "share", "up", "", ("1.00", 2008, None)),
    "resettlement.youth_pairing_rate": Row("归正青少年结对率", "share", "up", "", ("1.00", 2008, None)),
    "resettlement.three_none_placement_rate": Row("三无人员安置率", "share", "up", "", ("1.00", 2008, None)),
    "resettlement.transition_grants": Row("过渡性安置补助额", "sum", "none"),
    "resettlement.employment_rate": Row("就业稳定率", "ratio", "up"),
    "resettlement.survey_coverage": Row("监测调查覆盖率", "ratio", "up"),
    "resettlement.bases": Row("安置及公益劳动基地数", "stock", "up", "kind"),
    "resettlement.base_places": Row("基地容量利用率", "share", "none", "kind"),
}


def test_all_figures_of_the_pattern_are_there() -> None:
    """No figure is missing, and none was added without being agreed."""
    assert set(AGREED) == {indicator.code for indicator in OWN}


@EVERY
def test_a_figure_is_what_was_agreed(indicator: Indicator) -> None:
    """Label, form, direction and breakdowns are those of the list; the department answers for it."""
    agreed = AGREED[indicator.code]
    declared = (indicator.zh, indicator.form, indicator.better, " ".join(indicator.by))
    assert (agreed.zh, agreed.form, agreed.better, agreed.by) == declared
    assert "correction" == indicator.department


@EVERY
def test_a_figure_has_the_target_that_was_agreed(indicator: Indicator) -> None:
    """The value, the year from which it binds, and whether it is for a whole year; a target has a weight."""
    targets = [(t.value, t.from_year, t.per) for t in PROFILE.targets if t.indicator == indicator.code]
    agreed = AGREED[indicator.code].target
    assert ([] if agreed is None else [(Decimal(agreed[0]), *agreed[1:])]) == targets
    assert (agreed is not None) == (indicator.code in PROFILE.weights)


def test_the_departments_money_is_told_apart() -> None:
    """The funds of the department have earmarks of their own, and grants to released persons a purpose."""
    own = {earmark.code: earmark.purposes for earmark in PROFILE.earmarks if earmark.service == "correction"}
    assert {"correction_work", "correction_training", "resettlement"} == set(own)
    assert "transition_grant" in own["resettlement"]


@EVERY
def test_no_breakdown_of_persons_can_point_at_one(indicator: Indicator) -> None:
    """Where a figure is made of what is recorded of persons, small parts of it are withheld, whatever they are by."""
    of_persons = any("sealed" in source.table.c for source in indicator.sources)
    assert (frozenset(indicator.by) if of_persons else frozenset()) == indicator.sensitive


#: Kinds with records of everybody under correction or on the books: how many an office has says nothing of a few.
OF_EVERYBODY = {"placement", "released_person", "released_visit", "supervised_person"}


def test_what_tells_small_figures_of_offices_is_not_counted_by_office() -> None:
    """Limits of the records that such an indicator counts are told of the district alone, as its figures may be."""
    counted = {kind for indicator in OWN if indicator.office_sensitive for kind in kinds_of(indicator)}
    sensitive = {kind.name for kind in counted if kind_option(kind.facts.DESCRIPTOR).office_sensitive}
    assert {kind.name for kind in counted} - OF_EVERYBODY == sensitive
