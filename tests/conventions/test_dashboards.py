"""Dashboards are what the generator makes of the catalogue: readable, complete, in Chinese, and nothing overlaps."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from services.aggregation.catalogue import INDICATORS
from tests.support.dashboards import boards, panels, queries

BOARDS = boards()
PATTERNS = ("mediation", "legalaid", "publicity", "legalservices", "correction")
EXPECTED = {"overview", "office", "work", "limits", "operations", *PATTERNS}


def test_the_boards_are_those_that_were_asked_for() -> None:
    """There is an overview, a board for each pattern, one for an office, for work, for limits and for operations."""
    assert {f"geju-{name}" for name in EXPECTED} == BOARDS.keys()
    assert {name: board["uid"] for name, board in BOARDS.items()} == {name: name for name in BOARDS}


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_is_what_grafana_reads(name: str) -> None:
    """Read with the models of Grafana's own library and written again, a board is the same."""
    again: Any = json.loads(json.dumps(Dashboard.from_json(BOARDS[name]), cls=JSONEncoder))
    assert BOARDS[name] == again


@pytest.mark.parametrize("name", BOARDS)
def test_nothing_overlaps(name: str) -> None:
    """Panels stand within 24 columns and on no other panel, in collapsed rows too; ids are given once."""
    board = BOARDS[name]
    shown = [panel for panel in board["panels"] if not panel.get("collapsed")]
    inside = [panel["panels"] for panel in board["panels"] if panel.get("collapsed")]
    for those in (shown, *inside):
        places = [panel["gridPos"] for panel in those]
        assert [] == [at for at in places if at["x"] < 0 or at["x"] + at["w"] > 24 or at["h"] < 1 or at["w"] < 1]
        taken = Counter(
            cell
            for at in places
            for cell in itertools.product(range(at["x"], at["x"] + at["w"]), range(at["y"], at["y"] + at["h"]))
        )
        assert [] == [cell for cell, times in taken.items() if times > 1]
    ids = Counter(panel["id"] for panel in (*board["panels"], *itertools.chain(*inside)))
    assert [] == [number for number, times in ids.items() if times > 1]


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_speaks_chinese_and_leaves_the_source_open(name: str) -> None:
    """Titles hold Chinese; every query goes to the data source that the reader chose."""
    board = BOARDS[name]
    assert "datasource" == board["templating"]["list"][0]["name"]
    titles = [board["title"], *(panel["title"] for panel in (*board["panels"], *panels(board)))]
    assert [] == [title for title in titles if not re.search(r"[\u4e00-\u9fff]|\$", title)]
    sources = {target["datasource"]["uid"] for panel in panels(board) for target in panel["targets"]}
    assert {"${datasource}"} == sources


@pytest.mark.parametrize("name", BOARDS)
def test_variables_are_those_in_use(name: str) -> None:
    """A board has the variables that its queries and titles name, and no others."""
    board = BOARDS[name]
    given = {variable["name"] for variable in board["templating"]["list"]}
    texts = json.dumps(board["panels"], ensure_ascii=False)
    used = {word for word in re.findall(r"\$\{?([a-z]+)", texts) if not word.startswith("_")}
    assert given == used | {"datasource"}


def test_every_indicator_has_its_place() -> None:
    """Each indicator stands in the tables of its pattern, those of all departments on the overview."""
    shown = {(asked.board, word) for asked in queries() for word in re.findall(r"[a-z0-9_.]+", asked.query)}
    places = {i.code: "geju-overview" if i.department == "every" else f"geju-{i.department}" for i in INDICATORS}
    assert [] == [code for code, board in places.items() if (board, code) not in shown]
