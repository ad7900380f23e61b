"""The row of a record: what every kind's table has in common."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlmodel import Field, SQLModel

Binary: Any = LargeBinary
BinaryArray: Any = ARRAY(LargeBinary)
Words: Any = Text
Long: Any = BigInteger
Instant: Any = TIMESTAMP(timezone=True)


class RecordRow(SQLModel):
    """Columns of every record table. A kind's row adds index columns named like fields of its facts message.

    `body` is the encrypted record, `facts` the last facts as published, `digest` the first 16 bytes of SHA-256 over id,
    revision (8 bytes, big-endian) and facts, `hashes` the keyed hashes of the searchable personal fields, `next_due`
    the earliest outstanding due date and `next_rule` its rule.
    """

    id: UUID = Field(primary_key=True)
    office: str = Field(sa_type=Words)
    place: str = Field(sa_type=Words)
    key_hash: bytes | None = Field(default=None, sa_type=Binary)
    revision: int = Field(sa_type=Long)
    deleted: bool
    occurred: date
    recorded: datetime = Field(sa_type=Instant)
    actor: str = Field(sa_type=Words)
    body: bytes = Field(sa_type=Binary)
    facts: bytes = Field(sa_type=Binary)
    digest: bytes = Field(sa_type=Binary)
    hashes: list[bytes] = Field(sa_type=BinaryArray)
    next_due: date | None = None
    next_rule: str = Field(sa_type=Words)


class SearchHash(SQLModel, table=True):
    """A keyed hash by which a record is found: one row for each hash in the record's `hashes`.

    A table of its own because most changes leave the hashes alone: an index over the array itself would be written
    with every revision, which cost a fifth of the write rate.
    """

    __tablename__ = "search_hash"
    __table_args__ = (Index("search_hash_hash", "hash"),)

    record_id: UUID = Field(primary_key=True)
    hash: bytes = Field(primary_key=True, sa_type=Binary)


def record_indexes(table: str, *columns: str) -> tuple[Index, ...]:
    """Return the indexes every record table has, and one on each of its own columns named."""
    kept = text("NOT deleted")
    return (
        Index(f"{table}_office_id", "office", "id"),
        Index(f"{table}_key", "key_hash", unique=True, postgresql_where=text("key_hash IS NOT NULL AND NOT deleted")),
        Index(f"{table}_due", "next_due", "id", postgresql_where=text("next_due IS NOT NULL AND NOT deleted")),
        *(Index(f"{table}_{column}", column, "id", postgresql_where=kept) for column in columns),
    )
