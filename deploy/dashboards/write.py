# ruff: noqa: INP001 - a script, no package
"""Writes the dashboards of the chart, and the reference of alerts. `make generate` runs it."""

from __future__ import annotations

import json
from pathlib import Path

import figureboards
import operationboard
import workboards
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from services.chassis import profile_file
from services.cli.reference import GENERATED, table

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "geju"


def dashboards() -> dict[str, str]:
    """Return the JSON of every dashboard by its uid."""
    profile = profile_file.load(ROOT / "deploy" / "districts" / "lucheng")
    boards = [*figureboards.boards(profile), *workboards.boards(profile), *operationboard.boards()]
    return {
        board.uid: json.dumps(board.build(), cls=JSONEncoder, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        for board in boards
    }


def alerts_page() -> str:
    """Return the reference of alerts."""
    rules = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((CHART / "alerts").glob("*.yaml"))]
    rows = [
        (
            f"[{rule['alert']}](../runbooks/{rule['alert']}.md)",
            rule["labels"]["severity"],
            rule["labels"]["area"],
            rule["for"],
            f"`{rule['annotations']['summary']}`",
        )
        for rule in rules
    ]
    head = "# Alerts\n\nOne file each in `charts/geju/alerts`; the name leads to the runbook.\n\n"
    return GENERATED + head + table(("alert", "severity", "area", "for", "summary"), rows)


def main() -> None:
    """Write everything; what is no dashboard any more goes."""
    folder = CHART / "dashboards"
    folder.mkdir(parents=True, exist_ok=True)
    written = dashboards()
    for path in folder.glob("*.json"):
        if path.stem not in written:
            path.unlink()
    for uid, text in written.items():
        (folder / f"{uid}.json").write_text(text, "utf-8")
    (ROOT / "docs" / "reference" / "alerts.md").write_text(alerts_page(), "utf-8")


if __name__ == "__main__":
    main()
