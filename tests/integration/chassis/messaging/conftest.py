"""A database with the shared tables, a client of the test's own NATS, and rows to publish."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import nats
import pytest
from nats.aio.client import Client
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable
from uuid_utils.compat import uuid7

from services.chassis.embedded import Nats, Urls
from services.chassis.storage import tables
from services.chassis.stream import FACTS, FactEvent, decode
from services.chassis.testing import Server

SOURCE = "geju/mediation"


async def ignore(_error: Exception) -> None:
    """Outages are made on purpose here."""


@dataclass
class Database:
    """A service's database with the shared tables; the connection is the application's."""

    urls: Urls
    connection: asyncpg.Connection

    async def add(self, count: int = 1, **changes: object) -> list[UUID]:
        """Commit rows to the outbox, as commands do; returns their event ids."""
        ids = [uuid7() for _ in range(count)]
        blank = {"kind": "dispute", "revision": 1, "change": "created", "office": "01", "actor": "clerk-1"}
        blank |= {"facts_type": "geju.mediation.v1.DisputeFacts", "collection": "disputes", "facts": b"x" * 60}
        values = {"recorded": datetime.now(UTC), "traceparent": "", **blank, **changes}
        rows = [(one, uuid7(), *values.values()) for one in ids]
        columns = ["id", "record_id", *values]
        await self.connection.copy_records_to_table("outbox", records=rows, columns=columns)
        return ids

    async def add_audit(self, count: int = 1) -> list[UUID]:
        """Commit entries to the audit trail."""
        ids = [uuid7() for _ in range(count)]
        values = {"at": datetime.now(UTC), "actor": "clerk-1", "roles": "clerk", "method": "/x/Get", "kind": "dispute"}
        values |= {"revision": 1, "office": "01", "change": "read", "purpose": "查询", "reason": "", "digest": b""}
        rows = [(one, *values.values()) for one in ids]
        await self.connection.copy_records_to_table("audit", records=rows, columns=["id", *values])
        return ids

    async def count(self, table: str = "outbox") -> int:
        """Count the rows of a table."""
        return int(await self.connection.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608 - a test's own name

    async def empty(self) -> bool:
        """Tell whether nothing waits to be published."""
        return await self.count() == 0


@pytest.fixture
async def database(postgres: Server) -> AsyncIterator[Database]:
    """Make a database with the shared tables."""
    urls = await postgres.database("mediation")
    owner = await asyncpg.connect(urls.owner)
    for model in (tables.Source, tables.Outbox, tables.Audit, tables.AuditLink, tables.Request):
        await owner.execute(str(CreateTable(model.__table__).compile(dialect=postgresql.dialect())))
    await owner.close()
    connection = await asyncpg.connect(urls.app)
    yield Database(urls, connection)
    await connection.close()


@pytest.fixture
async def client(nats_server: Nats) -> AsyncIterator[Client]:
    """Connect to the test's own NATS server."""
    connected = await nats.connect(
        nats_server.url, max_reconnect_attempts=-1, reconnect_time_wait=0.05, connect_timeout=1, error_cb=ignore
    )
    yield connected
    await connected.close()


async def stored(client: Client) -> list[FactEvent]:
    """Read the whole stream of facts, in order."""
    js = client.jetstream()
    state = (await js.stream_info(FACTS)).state
    messages = [await js.get_msg(FACTS, place) for place in range(state.first_seq, state.last_seq + 1)]
    return [decode(message.data or b"") for message in messages]
