"""The plain way: one table, one insert by an ORM session, nothing else. What the command path is measured against."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


class PlainDispute(SQLModel, table=True):
    """A dispute as a tutorial would keep it."""

    __tablename__ = "plain_dispute"
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    office: str
    kind: int
    summary: str
    accepted: dt.date


class PlainIn(SQLModel):
    """What a caller sends."""

    office: str
    kind: int
    summary: str
    accepted: dt.date


class PlainStore:
    """Sessions on one engine."""

    def __init__(self, url: str) -> None:
        self.engine: AsyncEngine = create_async_engine(url, pool_size=16)
        self.sessions = async_sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)

    async def prepare(self) -> None:
        """Make the table."""
        async with self.engine.begin() as connection:
            await connection.run_sync(PlainDispute.__table__.create, checkfirst=True)  # type: ignore[attr-defined]

    async def insert(self, given: PlainIn) -> str:
        """Insert one row and give its id."""
        async with self.sessions() as session:
            row = PlainDispute.model_validate(given)
            session.add(row)
            await session.commit()
            return str(row.id)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[PlainStore]:
        """Prepare, and dispose in the end."""
        await self.prepare()
        try:
            yield self
        finally:
            await self.engine.dispose()
