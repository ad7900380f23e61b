"""When sequences that were never read are a gap."""

from __future__ import annotations

from services.aggregation.positions import Gaps, Position
from tests.unit.aggregation.test_causes import NOW


def position(missing: int, epoch: int = 1) -> Position:
    """Return a position of one source."""
    return Position("geju/mediation", epoch, 0, 9, missing, NOW)


def test_a_gap_that_stays_is_told_once() -> None:
    """Disorder passes by itself; what is missing as before at the next look is a gap, and is not told again."""
    gaps = Gaps()
    assert [0, 0, 1, 0, 0] == [len(gaps.look([position(missing)])) for missing in (3, 2, 2, 2, 0)]


def test_a_gap_that_grows_is_told_again() -> None:
    """One that has changed and stays is another gap; each epoch has its own."""
    gaps = Gaps()
    found = [
        gaps.look([position(first), position(second, epoch=2)]) for first, second in ((1, 0), (1, 2), (4, 2), (4, 2))
    ]
    assert [[], [1], [2], [1]] == [[one.epoch for one in told] for told in found]
