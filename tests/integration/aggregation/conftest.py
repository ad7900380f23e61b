"""A database for projections, and an empty projection for each test that asks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.aggregation.projection import CONNECTION, Projection
from services.chassis import testing
from tests.support.counting import Counting, fresh


@pytest.fixture(scope="session")
async def projections(postgres: testing.Server) -> AsyncIterator[asyncpg.Connection]:
    """Connect to a database of its own as the role that makes projections."""
    urls = await postgres.database("aggregation")
    conn = await asyncpg.connect(urls.owner, **CONNECTION)
    try:
        yield conn
    finally:
        await conn.close()


@pytest.fixture
async def projection(projections: asyncpg.Connection) -> Projection:
    """Make an empty projection; the one of the test before is dropped."""
    return await fresh(projections)


@pytest.fixture
async def counting(projections: asyncpg.Connection, projection: Projection) -> Counting:
    """Give a projection to try declarations on, as of 20 March 2012."""
    return Counting(projections, projection)
