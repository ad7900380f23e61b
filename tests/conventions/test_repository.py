"""The repository tells nobody's machine, keeps its promises to newcomers, and documents what it has."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".proto", ".lock", ".cfg", ".mako", ""}
HOSTS = re.compile(r"files\.python[h]osted|py[p]i\.org|registry\.npm[j]s|deb\.debian[.]org|/ho[m]e/|/wo[r]k/")


def tracked() -> list[Path]:
    """Give the files git tracks, generated code left out."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    return [ROOT / n for n in names if n and not n.startswith(("proto/gen", "proto/vendor")) and (ROOT / n).is_file()]


def test_no_registry_hosts_or_machine_paths() -> None:
    """No tracked file names a package registry's host or a path of a machine."""
    found = [
        str(p.relative_to(ROOT))
        for p in tracked()
        if p.suffix in TEXT and HOSTS.search(p.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


def test_every_ignored_lint_rule_says_why() -> None:
    """Each lint exception in pyproject.toml carries its reason on its line."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    rules = [line for line in text.splitlines() if re.match(r'\s+"[A-Z]+\d+"', line)]
    assert [line for line in rules if "#" not in line] == []


def test_every_make_target_is_in_help() -> None:
    """Every phony target has a line in `make help`."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE).group(1).split())  # type: ignore[union-attr]
    described = set(re.findall(r"^([a-z-]+):.*?## ", makefile, re.MULTILINE))
    assert phony - {"help"} <= described | {"help"}


def test_decisions_are_numbered_without_gaps() -> None:
    """Decision records are numbered from 1 without gaps and stay within a page."""
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(p.name[:4]) for p in records] == list(range(1, len(records) + 1))
    assert [p.name for p in records if len(p.read_text(encoding="utf-8").splitlines()) > 60] == []


def test_local_links_lead_somewhere() -> None:
    """Every relative link in the documents points at something that exists."""
    broken = [
        f"{p.relative_to(ROOT)}: {target}"
        for p in tracked()
        if p.suffix == ".md"
        for target in re.findall(r"\]\(([^)#]+)", p.read_text(encoding="utf-8"))
        if "://" not in target and not (p.parent / target).exists()
    ]
    assert broken == []


def test_who_corrects_and_which_verb_is_called_is_told_in_one_place() -> None:
    """Guards ask the chassis for the verb of the call and for the right to correct; none spells either out."""
    told = re.compile(r"frozenset\(\{[^}]*\"office_head\"|call\.method\.(rpartition|endswith)")
    found = [
        str(p.relative_to(ROOT))
        for p in sorted((ROOT / "services").rglob("*.py"))
        if told.search(p.read_text(encoding="utf-8"))
    ]
    assert ["services/chassis/guards.py"] == found
