"""The database is what the models say, however many upgrade it at once."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from services.chassis import migrations, testing
from tests.integration.chassis.conftest import SCHEMA, Bench


async def test_migrated_database_equals_the_models(bench: Bench) -> None:
    """The revisions make exactly the tables, columns and indexes of the models."""
    await migrations.check(bench.urls.owner, SCHEMA)


async def test_a_difference_is_found(bench: Bench) -> None:
    """A column that a model lacks is reported."""
    await bench.rows("ALTER TABLE note ADD COLUMN forgotten integer")
    try:
        with pytest.raises(migrations.SchemaDrift, match="forgotten"):
            await migrations.check(bench.urls.owner, SCHEMA)
    finally:
        await bench.rows("ALTER TABLE note DROP COLUMN forgotten")


async def test_upgrades_at_the_same_time_wait_for_each_other(postgres: testing.Server) -> None:
    """Several upgrades of one database end well and make it once; a further one changes nothing."""
    urls = await postgres.database("testing")
    await asyncio.gather(*(migrations.upgrade(urls.owner, SCHEMA) for _ in range(3)))
    await migrations.upgrade(urls.owner, SCHEMA)
    await migrations.check(urls.owner, SCHEMA)


async def test_the_application_defines_nothing(bench: Bench) -> None:
    """The role of the service can neither make tables nor lift row-level security."""
    connection = await asyncpg.connect(bench.urls.app)
    try:
        for sql in ("CREATE TABLE mine (id int)", "ALTER TABLE note DISABLE ROW LEVEL SECURITY", "DROP TABLE note"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(sql)
    finally:
        await connection.close()
