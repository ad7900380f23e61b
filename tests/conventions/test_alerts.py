"""An alert is a file, a runbook and a test of one name, and says what whoever is woken by it needs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ALERTS = {path.stem: path for path in sorted((ROOT / "charts" / "geju" / "alerts").glob("*"))}
RUNBOOKS = ROOT / "docs" / "runbooks"
SECTIONS = ["含义", "怎么看", "怎么办", "何时解除"]


def rules() -> dict[str, dict[str, Any]]:
    """Return every rule by the name of its file."""
    return {name: yaml.safe_load(path.read_text("utf-8")) for name, path in ALERTS.items()}


def test_alerts_runbooks_and_tests_have_the_same_names() -> None:
    """Every alert has its runbook and its test, and there are none without an alert."""
    tests = {path.name.removesuffix("_test.yaml") for path in (ROOT / "tests" / "alerts").glob("*.yaml")}
    assert {path.suffix for path in ALERTS.values()} == {".yaml"}
    assert ALERTS.keys() == {path.stem for path in RUNBOOKS.glob("*.md")}
    assert ALERTS.keys() == tests
    assert {name: rule["alert"] for name, rule in rules().items()} == {name: name for name in ALERTS}


def test_alerts_say_what_is_wrong_and_where_to_read_on() -> None:
    """An alert has severity, area, summary, description and the place of its runbook, and nothing else."""
    for name, rule in rules().items():
        assert ["alert", "expr", "for", "labels", "annotations"] == list(rule), name
        assert ["area", "severity"] == sorted(rule["labels"]), name
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}, name
        assert rule["labels"]["area"] in {"operations", "business"}, name
        assert ["summary", "description", "runbook_url"] == list(rule["annotations"]), name
        assert f"docs/runbooks/{name}.md" == rule["annotations"]["runbook_url"]
        assert len(rule["annotations"]["summary"]) <= 80, name


def test_alerts_tell_districts_apart() -> None:
    """Where one Prometheus watches several districts, each in its namespace, none stands in for another."""
    groups = {name: re.findall(r" by \(([^)]*)\)", rule["expr"]) for name, rule in rules().items()}
    mixed = {name for name, found in groups.items() if not found or not all("namespace" in by for by in found)}
    assert set() == mixed
    assert set() == {name for name, rule in rules().items() if re.search(r"\b(sum|max|min|count)\(", rule["expr"])}


def test_runbooks_say_what_it_means_how_to_see_and_what_to_do() -> None:
    """A runbook has its alert's name and the four sections, each with something in it, on a page."""
    for name in ALERTS:
        text = (RUNBOOKS / f"{name}.md").read_text("utf-8")
        assert text.startswith(f"# {name}:"), name
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS, name
        assert "" not in [part.strip() for part in re.split(r"^## .+$", text, flags=re.MULTILINE)], name
        assert len(text.splitlines()) <= 40, name


def test_commands_of_runbooks_show_what_they_are_for() -> None:
    """A command names its namespace, and asks for more than the ten lines that kubectl gives of chosen pods."""
    for name in ALERTS:
        text = (RUNBOOKS / f"{name}.md").read_text("utf-8")
        commands = re.findall(r"`((?:kubectl|helm) [^`]+)`", text)
        assert [] == [one for one in commands if not re.match(r"\w+ -n (geju|nats) ", one)], name
        assert [] == [one for one in commands if " logs " in one and "--tail=-1" not in one], name


def test_every_alert_is_tested_to_fire_and_not_to() -> None:
    """The cases of every alert hold one in which it fires and one in which it never does."""
    for name in ALERTS:
        cases = yaml.safe_load((ROOT / "tests" / "alerts" / f"{name}_test.yaml").read_text("utf-8"))["tests"]
        fires = [any(at["exp_alerts"] for at in case["alert_rule_test"]) for case in cases]
        assert {True, False} == set(fires), name
        assert {name} == {at["alertname"] for case in cases for at in case["alert_rule_test"]}
