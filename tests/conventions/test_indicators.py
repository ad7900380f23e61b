"""The catalogue keeps its conventions."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from services.aggregation import catalogue
from services.aggregation.indicator import Better, Form, Indicator
from services.aggregation.indicators.correction_persons import MISSED_DAYS
from services.chassis.profile_file import load

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests" / "integration" / "aggregation" / "indicators"
DISTRICTS = sorted((ROOT / "deploy" / "districts").iterdir())
EVERY = pytest.mark.parametrize("indicator", catalogue.INDICATORS, ids=lambda indicator: str(indicator.code))


@EVERY
def test_an_indicator_is_labelled_and_filed_under_its_area(indicator: Indicator) -> None:
    """The label is Chinese, the code is area.name, every reason is a code with a Chinese label."""
    texts = [indicator.zh, *catalogue.reasons(indicator).values()]
    assert all(any("\u4e00" <= character <= "\u9fff" for character in text) for text in texts)
    assert indicator.code == indicator.code.lower()
    assert all(reason == reason.lower() and " " not in reason for reason in catalogue.reasons(indicator))


@EVERY
def test_an_indicator_has_a_test(indicator: Indicator) -> None:
    """Its code stands in a test of the area."""
    assert any(indicator.code in path.read_text("utf-8") for path in TESTS.glob("test_*.py"))


@pytest.mark.parametrize("district", DISTRICTS, ids=lambda path: str(path.name))
def test_targets_and_weights_name_known_indicators(district: Path) -> None:
    """A target for an indicator that is not there would bind nothing."""
    profile = load(district)
    areas = {indicator.area for indicator in catalogue.INDICATORS}
    named = {target.indicator for target in profile.targets} | set(profile.weights)
    assert {code for code in named if code.partition(".")[0] in areas} <= set(catalogue.BY_CODE)


def test_every_clause_is_in_the_catalogue_of_clauses() -> None:
    """Clauses have an id and the words they rest on."""
    entries = yaml.safe_load((ROOT / "services" / "aggregation" / "clauses.yaml").read_text("utf-8"))
    assert len(entries) == len(catalogue.clauses()) > 0


@pytest.mark.parametrize("district", DISTRICTS, ids=lambda folder: str(folder.name))
def test_a_missed_handover_is_counted_as_the_district_establishes_it(district: Path) -> None:
    """The days after which the figure counts a person as missed are those of every district's time limit."""
    rules = [rule for rule in load(district).limits if rule.id == "correction.never_reported"]
    assert {(MISSED_DAYS, "days")} == {(rule.length, str(rule.unit)) for rule in rules}


def test_work_lists_can_be_told_apart() -> None:
    """Each is called by a name of its own, says what is to be done, and why something is on it, in Chinese."""
    lists = catalogue.WORK.values()
    assert len({indicator.work.zh for indicator in lists if indicator.work}) == len(lists)
    texts = [text for i in lists if i.work for text in (i.work.zh, i.work.act, *catalogue.work_reasons(i).values())]
    assert all(any("\u4e00" <= character <= "\u9fff" for character in text) for text in texts)


@EVERY
def test_who_fails_a_share_that_should_grow_has_work_to_do(indicator: Indicator) -> None:
    """Such a share has a work list, unless nobody in particular is missing."""
    of_nobody = {"correction.officers_ratio", "resettlement.base_places"}
    grows = indicator.form is Form.SHARE and indicator.better is Better.UP
    assert not grows or indicator.code in {*catalogue.WORK, *of_nobody}
