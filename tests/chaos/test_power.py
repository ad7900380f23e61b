"""A few cuts of the power: the harness itself must work wherever it can."""

from __future__ import annotations

import pytest

from tests.chaos.disk import require_root
from tests.chaos.fault import Skipped
from tests.chaos.power import cycles
from tests.chaos.power_cycle import ALWAYS, DEFAULT, ROWS, Cycle, verdict


def test_a_loss_where_none_may_be_is_named() -> None:
    """What NATS loses by its default is counted; the same loss is a fault elsewhere, and none at all is one there."""
    lost = [Cycle(row, 10, 1, 0, 0, 1.0) for row in (ALWAYS, DEFAULT)]
    assert [f"cycle 1, {ALWAYS}: {lost[0]}"] == verdict(lost)
    assert ["nothing was lost with the unsafe default"] == [
        line.partition(":")[0] for line in verdict([Cycle(DEFAULT, 10, 0, 0, 0, 1.0)])
    ]


async def test_what_was_confirmed_outlives_the_power() -> None:
    """One store of each kind lives through a cut; NATS by its default loses something, and goes on."""
    try:
        require_root()
    except Skipped as reason:
        pytest.skip(str(reason))
    found = [one async for one in cycles(len(ROWS), seed=1, life=1)]
    assert [] == verdict(found)
