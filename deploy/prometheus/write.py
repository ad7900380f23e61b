"""Writes the alerts of deploy/compose.yaml's Prometheus: those of the chart, in the one file that Prometheus reads."""

# ruff: noqa: INP001 - a program, not a part of a package
from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "charts" / "geju" / "alerts"
HEAD = "# Made by `make generate` of charts/geju/alerts; do not edit.\n"


def rules() -> str:
    """Return the file's text."""
    found = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(ALERTS.glob("*.yaml"))]
    groups = {"groups": [{"name": "geju", "rules": found}]}
    return HEAD + yaml.safe_dump(groups, allow_unicode=True, sort_keys=False, width=120)


if __name__ == "__main__":
    (ROOT / "deploy" / "prometheus" / "alerts.yaml").write_text(rules(), "utf-8")
