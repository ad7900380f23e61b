"""Rebuilds one after the other."""

from __future__ import annotations

import asyncio

from services.aggregation.database import LEADER
from services.aggregation.leader import GRACE
from services.chassis.stream import FACTS
from tests.simulation import faults
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


async def lead_lost_during_a_rebuild(on: Installation) -> None:
    """Lose the lead's session, and no other, while the broker is away and a rebuild waits for it."""
    board = asyncio.get_running_loop().create_task(kept(on.world, "board", on.board.main))
    await on.world.wait(GRACE)
    await faults.garbage(on)
    await on.world.wait(1)
    rebuild = asyncio.get_running_loop().create_task(on.board.rebuild())
    while len(on.server.streams[FACTS].durables) < 2:
        await on.world.wait(0.0002)
    for client in on.server.clients:
        client.cut()
    on.board.database.holders[LEADER].end()
    await on.world.wait(GRACE)
    for client in on.server.clients:
        client.mend()
    await on.world.wait(30)
    assert rebuild.done()
    assert on.board.database.state.current
    board.cancel()


def test_a_rebuild_ends_with_the_lead_it_belongs_to() -> None:
    """What it writes to, the next leader drops and makes anew."""
    outcome = played(1, lead_lost_during_a_rebuild)
    assert (1, 2, ()) == (outcome.taken["background_failed"], outcome.taken["leads"], outcome.wrong)
