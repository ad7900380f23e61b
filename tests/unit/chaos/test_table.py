"""The table of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.chaos.table import accepted_in, summary, table


def fault(kind: str, **more: Any) -> Mapping[str, Any]:
    """Return a fault as it is put down."""
    return {"name": f"{kind} it", "kind": kind, "accepted": 10, "detected": 1.0, "skipped": "", **more}


def a_round(*faults: Mapping[str, Any], **more: Any) -> Mapping[str, Any]:
    """Return a round as it is put down."""
    plain = {"seed": 1, "installation": 1, "accepted": 100, "lost": 0, "compared": 50, "differing": 0, "repair": 2.0}
    return {**plain, "faults": faults, "problems": [], **more}


RUN = [
    a_round(fault("kill"), fault("stop", detected=None)),
    a_round(fault("kill", detected=3.0), accepted=250, repair=6.0),
    a_round(fault("stop", skipped="no such thing here"), installation=2, lost=2, repair=None, problems=["2 lost"]),
    a_round(fault("cut", accepted=1234), installation=2, differing=3),
]


def test_a_row_sums_what_became_of_a_kind() -> None:
    """Times, changes, losses and differences are sums; seconds are the median and the most."""
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in table(RUN).splitlines()[2:]}
    assert "| kill | 2 | 20 | 0 | 100 | 0 | 2.0 / 3.0 | 4.0 / 6.0 |" == rows["kill"]
    assert "| stop | 1 (+1 skipped) | 10 | 0 | 50 | 0 | - | 2.0 / 2.0 |" == rows["stop"]
    assert "| cut | 1 | 1,234 | 0 | 50 | 3 | 1.0 / 1.0 | 2.0 / 2.0 |" == rows["cut"]


def test_what_was_lost_is_summed_once() -> None:
    """An installation's changes are those of its last round; losses count though their fault was skipped."""
    assert 350 == accepted_in(RUN)
    said = summary(RUN, accepted_in(RUN))
    assert "4 rounds, 4 faults of 3 kinds; 350 changes accepted, 2 lost; 200 figures compared, 3 differences" in said
