"""Every figure of legal services equals a naive recount after any history, around the ends of years above all."""

from __future__ import annotations

import asyncpg
import pytest

from tests.support.recounting import AreaRecount

# What yearly figures are made of comes often enough to fill years.
OFTEN = ("practitioner", "yearly_assessment", "training", "complaint", "sanction", "firm", "firm_status")
AREA = AreaRecount("legalservices", dict.fromkeys(OFTEN, 4), changing=True)
SEEDS = range(5)


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
