"""Rebuilds one after the other."""

from __future__ import annotations

import asyncio

from services.aggregation.leader import GRACE
from tests.simulation.installation import Installation
from tests.simulation.run import played
from tests.simulation.world import kept


async def rebuilt_twice(on: Installation) -> None:
    """Build anew, and once more as soon as the first has been swapped in."""
    board = asyncio.get_running_loop().create_task(kept(on.world, "board", on.board.main))
    await on.world.wait(GRACE)
    assert on.board.database.state.current
    for _ in range(3):
        await on.board.rebuild()
    await on.world.wait(GRACE + 1)
    board.cancel()


def test_a_projection_stays_a_while_after_it_was_swapped_out() -> None:
    """Whoever reads the projection that was has time to notice, however soon the next rebuild begins."""
    outcome = played(1, rebuilt_twice)
    assert (3, ()) == (outcome.taken["rebuilt under load"], outcome.wrong)
