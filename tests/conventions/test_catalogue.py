"""The catalogue is the one that was agreed, and every clause of the plan is stood for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.aggregation import catalogue, clauses
from services.aggregation.kinds import KINDS
from services.chassis.profile_file import load
from services.cli import reference

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROFILE = load(ROOT / "deploy" / "districts" / "lucheng")
AGREED = (HERE / "catalogue.txt").read_text("utf-8").split()
#: What the catalogue was taken from, where it is at hand: the product is run without it.
PLAN = ROOT.parent / "shared" / "plan" / "indicators.yaml"
#: A growth has the breakdowns of what it compares, whether it was agreed with any or not.
FOLLOWS = {"growth"}


def agreed() -> Iterator[Mapping[str, Any]]:
    """Give the indicators of the plan's list. Skips the test where it is not at hand."""
    if not PLAN.exists():
        pytest.skip(f"{PLAN} is not there")
    for entries in yaml.safe_load(PLAN.read_text("utf-8")).values():
        yield from entries


def test_the_catalogue_has_the_indicators_that_were_agreed() -> None:
    """All of them and no other; the list is kept beside this test."""
    assert (143, AGREED) == (len(AGREED), sorted(catalogue.BY_CODE))


def test_the_list_beside_this_test_is_that_of_the_plan() -> None:
    """Where the plan's list is at hand, it has the same codes."""
    assert sorted(entry["code"] for entry in agreed()) == AGREED


def test_every_indicator_is_what_the_plan_asks_for() -> None:
    """Label, form, direction and breakdowns, where the plan's list is at hand."""
    wanted, declared = {}, {}
    for entry in agreed():
        indicator = catalogue.BY_CODE[entry["code"]]
        by = indicator.by if indicator.form in FOLLOWS else entry.get("by", ())
        wanted[indicator.code] = (entry["zh"], entry["form"], entry["better"], sorted(by))
        declared[indicator.code] = (indicator.zh, indicator.form, indicator.better, sorted(indicator.by))
    assert wanted == declared


def test_every_target_is_what_the_plan_asks_for() -> None:
    """Value, first year, whether the plan states it, more than or at least, and for a whole year or not."""
    wanted = {
        (entry["code"], Decimal(str(t["value"])), t["from"], t.get("plan", False), t.get("strict", False), t.get("per"))
        for entry in agreed()
        for t in entry.get("target", ())
    }
    assert wanted == {(t.indicator, t.value, t.from_year, t.plan, t.strict, t.per) for t in PROFILE.targets}


@pytest.mark.parametrize("clause", clauses.every(), ids=lambda clause: str(clause.id))
def test_a_clause_is_stood_for(clause: clauses.Clause) -> None:
    """By figures, which count records or what the profile says exists; or it is said why by none."""
    assert bool(clause.figures) is not bool(clause.why)
    counted = all(clauses.kinds_of(figure) or clauses.existing(figure) for figure in clause.figures)
    assert counted


def test_every_kind_of_record_stands_for_a_clause() -> None:
    """What is recorded serves the plan: no kind of record is kept for nothing."""
    standing = {kind.name for clause in clauses.every() for kind in clause.kinds}
    assert {kind.name for kind in KINDS} == standing


def test_the_pages_tell_every_clause_and_every_indicator() -> None:
    """The plan page has a row for each clause, the page of indicators a section for each with all that it is."""
    plan, indicators = reference.plan_page(PROFILE), reference.indicators_page(PROFILE)
    assert [] == [clause.id for clause in clauses.every() if f"| `{clause.id}` | {clause.zh} | " not in plan]
    sections = {section.split("`")[1]: section for section in indicators.split("\n## ")[1:]}
    assert set(AGREED) == set(sections)
    rows = ("形式", "方向", "格局", "责任部门", "目标", "权重", "期间", "细分", "所据记录", "依据")
    lacking = [code for code, text in sections.items() if not all(f"| {row} | " in text for row in rows)]
    empty = [code for code, text in sections.items() if "|  |" in text]
    assert ([], []) == (lacking, empty)
