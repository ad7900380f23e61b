"""The chart's dashboards as committed: their panels and what those ask."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.support.prometheus import ROOT

FOLDER = ROOT / "charts" / "geju" / "dashboards"


class Asked(NamedTuple):
    """One query of a panel."""

    board: str
    panel: str
    query: str


def boards() -> dict[str, dict[str, Any]]:
    """Return every dashboard by the name of its file."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def panels(board: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the panels of a dashboard, rows left out, those in collapsed rows included."""
    for panel in board["panels"]:
        if panel["type"] == "row":
            yield from panel.get("panels", [])
        else:
            yield panel


def queries() -> list[Asked]:
    """Return every query of every panel, variables in it as they are."""
    return [
        Asked(name, panel["title"], target["expr"])
        for name, board in boards().items()
        for panel in panels(board)
        for target in panel["targets"]
    ]
