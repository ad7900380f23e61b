"""A database for projections, and an empty projection for each test that asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from services.aggregation.projection import CONNECTION, Projection
from services.chassis import testing
from tests.support.counting import TODAY, Counting, fresh


@pytest.fixture(scope="session")
async def projections(postgres: testing.Server) -> AsyncIterator[asyncpg.Connection]:
    """Connect to a database of its own as the role that makes projections."""
    urls = await postgres.database("aggregation")
    conn = await asyncpg.connect(urls.owner, **CONNECTION)
    try:
        yield conn
    finally:
        await conn.close()


@pytest.fixture(scope="session")
async def empty(projections: asyncpg.Connection) -> Projection:
    """Make a projection of its own, measured for 20 March 2012 with nothing in it."""
    projection = await fresh(projections, "p_counting")
    await projection.finish(projections, TODAY)
    return projection


@pytest.fixture
async def counting(projections: asyncpg.Connection, empty: Projection) -> AsyncIterator[Counting]:
    """Give the empty projection to try declarations on; whatever the test puts in is rolled back."""
    transaction = projections.transaction()
    await transaction.start()
    try:
        yield Counting(projections, replace(empty, units=set(empty.units)))
    finally:
        await transaction.rollback()
