"""Publicity shows every figure that the pattern is made of, each as it was agreed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from services.aggregation import catalogue
from services.aggregation.attainment import Light, judge
from services.aggregation.indicator import Indicator
from services.aggregation.rollup import Stored
from services.chassis.profile_file import load

PROFILE = load(Path(__file__).parents[2] / "deploy" / "districts" / "lucheng")
OWN = [indicator for indicator in catalogue.INDICATORS if indicator.area == "publicity"]
EVERY = pytest.mark.parametrize("indicator", OWN, ids=lambda indicator: str(indicator.code))


class Agreed(NamedTuple):
    """Label, form, direction, breakdowns, and target: value, first year, whether the plan's, whether it is exceeded."""

    zh: str
    form: str
    better: str
    by: tuple[str, ...] = ()
    target: tuple[str, int, bool, bool] | None = None


AGREED = {
    "activities": Agreed("普法活动场次", "count", "up", ("form", "topic", "venue", "channel")),
    "campaign_activities": Agreed("主题普法活动场次", "count", "none", ("campaign",)),
    "audience": Agreed("普法受众人次", "sum", "up", ("group",)),
    "migrant_audience": Agreed("新居民普法人次", "sum", "up"),
    "materials": Agreed("普法资料发放数", "sum", "none", ("kind",)),
    "counselling_station_coverage": Agreed("法制辅导站覆盖率", "share", "up", (), ("1.00", 2010, True, False)),
    "notice_board_coverage": Agreed("法制宣传栏覆盖率", "share", "up", (), ("1.00", 2010, True, False)),
    "law_library_coverage": Agreed("法律图书室覆盖率", "share", "up", (), ("1.00", 2010, True, False)),
    "integrity_enterprise_rate": Agreed("诚信守法企业创建率", "share", "up", (), ("0.50", 2012, True, True)),
    "enterprise_education_rate": Agreed("企业职工法制教育率", "quota", "up"),
    "school_four_in_place_rate": Agreed("学校四落实率", "share", "up", (), ("1.00", 2010, False, False)),
    "cadre_study_rate": Agreed("干部集中学法达标率", "quota", "up", (), ("1.00", 2008, True, False)),
    "exam_participation_rate": Agreed("学法考试参考率", "ratio", "up", ("grade",), ("1.00", 2008, False, False)),
    "exam_pass_rate": Agreed("学法考试合格率", "ratio", "up", ("grade",)),
    "market_guide_coverage": Agreed("市场导引图示覆盖率", "share", "up", (), ("1.00", 2012, False, False)),
    "youth_bases": Agreed("青少年法制基地数", "stock", "up"),
    "news_items": Agreed("宣传报道数", "count", "none", ("medium",)),
}
#: Clauses of the plan and the figures that show them.
SHOWN = {
    "legalaid.awareness": {"activities"},
    "publicity.enterprises": {"integrity_enterprise_rate"},
    "publicity.employers": {"enterprise_education_rate"},
    "publicity.schools": {"school_four_in_place_rate"},
    "publicity.youth-bases": {"youth_bases"},
    "publicity.cadres": {"cadre_study_rate"},
    "publicity.posters": {"materials"},
    "publicity.migrants": {"migrant_audience"},
    "publicity.officials": {"exam_participation_rate", "exam_pass_rate"},
    "publicity.topics": {"activities"},
    "publicity.places": {"activities"},
    "publicity.vulnerable": {"audience"},
    "publicity.media": {"activities"},
    "publicity.days": {"campaign_activities"},
    "publicity.forms": {"activities"},
    "publicity.markets": {"market_guide_coverage"},
    "publicity.stations-boards-libraries": {
        "counselling_station_coverage", "notice_board_coverage", "law_library_coverage",
    },
    "publicity.good-practice": {"news_items"},
}  # fmt: skip


def test_no_figure_is_missing_and_none_too_many() -> None:
    """The pattern has the seventeen figures that were agreed."""
    assert {f"publicity.{name}" for name in AGREED} == {indicator.code for indicator in OWN}


@EVERY
def test_a_figure_is_declared_as_agreed(indicator: Indicator) -> None:
    """Label, form, direction and breakdowns are the agreed ones, and the department of publicity answers for it."""
    agreed = AGREED[indicator.code.removeprefix("publicity.")]
    assert agreed[:4] == (indicator.zh, indicator.form, indicator.better, indicator.by)
    assert "publicity" == indicator.department
    assert all(len(catalogue.closed_keys(indicator, breakdown)) > 1 for breakdown in indicator.by)


@EVERY
def test_a_figure_is_bound_as_agreed(indicator: Indicator) -> None:
    """It has the target that was agreed, for any year from the first on, and a weight where it has one."""
    agreed = AGREED[indicator.code.removeprefix("publicity.")].target
    targets = [t for t in PROFILE.targets if t.indicator == indicator.code]
    assert [(t.value, t.from_year, t.plan, t.strict, t.per) for t in targets] == (
        [] if agreed is None else [(Decimal(agreed[0]), *agreed[1:], None)]
    )
    assert bool(targets) == (PROFILE.weights.get(indicator.code, 0) > 0)


@pytest.mark.parametrize(("n", "met"), [(49, False), (50, False), (51, True)])
def test_more_than_half_of_the_large_enterprises_take_part(n: int, met: bool) -> None:  # noqa: FBT001
    """Half of them is not yet most of them."""
    code = "publicity.integrity_enterprise_rate"
    stored = Stored("2012", "", code, "", "", n, 100)
    judgement = judge(stored, catalogue.BY_CODE[code], PROFILE.target(code, 2012), date(2013, 1, 1))
    assert met == (judgement.light is Light.GREEN), judgement.words


def test_a_clause_is_shown_by_the_figures_that_were_agreed() -> None:
    """Every clause of the plan on publicity, and legal aid's own publicity, has its figures."""
    found: dict[str, set[str]] = {}
    for indicator in OWN:
        for clause in indicator.clauses:
            found.setdefault(clause, set()).add(indicator.code.removeprefix("publicity."))
    assert found == SHOWN
