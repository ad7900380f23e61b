"""`geju verify` compares again when records change while it reads, and says what it could not rule out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from services.cli import verifying
from services.cli.commands.verify import _advice
from services.cli.verifying import Outcome, State, verify
from services.recount.comparing import Difference, Wanted

KEY = ("mediation.accepted", "type", "labour", "wuma", "2012-03")
DIFFERING = Outcome(date(2012, 12, 28), 5, 9, [Difference(KEY, (1, 0), (2, 0))])
EQUAL = Outcome(date(2012, 12, 28), 5, 9)


def run(monkeypatch: pytest.MonkeyPatch, outcomes: Sequence[Outcome], positions: Sequence[int]) -> tuple[Outcome, int]:
    """Compare with these outcomes, in these states; return the answer and how many comparisons it took."""
    left, states = list(outcomes), [State("p", (("geju/mediation", 1, position, 0),)) for position in positions]
    monkeypatch.setattr(verifying, "until_measured", lambda _: None)
    monkeypatch.setattr(verifying, "settled", lambda _: states.pop(0))
    monkeypatch.setattr(verifying, "_compare", lambda *_: left.pop(0))
    client: Any = None
    return verify(client, None, Wanted()), len(outcomes) - len(left)


@pytest.mark.parametrize(
    ("outcomes", "positions", "expected"),
    [
        ([EQUAL], [1], (EQUAL, 1)),
        ([DIFFERING], [1, 1], (DIFFERING, 1)),
        ([DIFFERING, EQUAL], [1, 2], (EQUAL, 2)),
        ([DIFFERING, DIFFERING], [1, 2, 2], (DIFFERING, 2)),
    ],
)
def test_it_compares_again_when_records_changed(
    monkeypatch: pytest.MonkeyPatch, outcomes: list[Outcome], positions: list[int], expected: tuple[Outcome, int]
) -> None:
    """A difference counts when nothing moved; equal is equal."""
    assert expected == run(monkeypatch, outcomes, positions)


def test_it_gives_up_after_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where records never rest, the differences are shown with the doubt."""
    outcome, times = run(monkeypatch, [DIFFERING] * 3, [1, 2, 3, 4])
    assert (3, True, DIFFERING.found) == (times, outcome.moved, outcome.found)


def test_what_to_do_next_names_the_figure() -> None:
    """The command shows the records behind the first difference of an office."""
    advice = list(_advice([Difference(("a", "", "", "", "2012"), None, (1, 0)), *DIFFERING.found]))
    assert "  geju explain mediation.accepted --unit wuma --period 2012-03 --key type=labour" == advice[0]
