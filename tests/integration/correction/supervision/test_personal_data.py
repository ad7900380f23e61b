"""Somebody has thought about what every column of the service has to do with persons."""

from __future__ import annotations

from services.chassis.classification import unclassified
from services.chassis.storage.scopes import EVERYTHING
from tests.integration.correction.supervision.conftest import Bench


async def test_every_column_is_classified(bench: Bench) -> None:
    """What is held on a person is given out and erased, or somebody has said why it is not."""
    async with bench.store.lend(EVERYTHING) as loan:
        assert [] == await unclassified(loan.connection, bench.store.kinds)
