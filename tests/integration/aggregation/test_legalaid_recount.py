"""Every figure of legal aid equals a naive recount after any history, around the ends of years above all."""

from __future__ import annotations

import asyncpg
import pytest

from tests.support.recounting import AreaRecount

# Cases are what most figures are made of; one practitioner's may be told by another service later.
MORE = {"fund_entry": 1, "aid_case": 5, "practitioner": 4, "travel_time": 3, "station": 3}
AREA = AreaRecount("legalaid", MORE, changing=True)
SEEDS = range(4)


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_figure_equals_a_recount(projections: asyncpg.Connection, seed: int) -> None:
    """Stored as it came in batch by batch and day by day, asked for a past day, counted at one go: always the same."""
    await AREA.compare(projections, seed)


async def test_members_add_up(projections: asyncpg.Connection) -> None:
    """The records listed for a figure add up to its n and N in every breakdown, of one table or of several."""
    await AREA.add_up(projections, 9)


def test_the_histories_show_every_figure() -> None:
    """A figure that the histories never fill would not be compared."""
    assert AREA.codes == AREA.shown(SEEDS)
