"""The tables every domain service has besides its records: outbox, source, audit trail, remembered requests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

INSTANT = DateTime(timezone=True)


class Source(SQLModel, table=True):
    """The one row that says where this source's publishing and audit chain stand."""

    __tablename__ = "source"

    name: str = Field(primary_key=True, sa_type=Text)  # "geju/mediation"
    epoch: int = Field(sa_type=BigInteger)
    sequence: int = Field(default=0, sa_type=BigInteger)
    audit_sequence: int = Field(default=0, sa_type=BigInteger)
    audit_head: bytes = Field(default=b"", sa_type=LargeBinary)


class Outbox(SQLModel, table=True):
    """Facts of one revision that wait to be published; deleted once the broker has confirmed them."""

    __tablename__ = "outbox"

    id: UUID = Field(primary_key=True)  # of the event
    seq: int | None = Field(default=None, sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    record_id: UUID
    revision: int = Field(sa_type=BigInteger)
    epoch: int | None = Field(default=None, sa_type=BigInteger)
    change: str = Field(sa_type=Text)
    office: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)
    recorded: datetime = Field(sa_type=INSTANT)
    facts_type: str = Field(sa_type=Text)
    collection: str = Field(sa_type=Text)
    facts: bytes = Field(sa_type=LargeBinary)
    traceparent: str = Field(default="", sa_type=Text)


class Audit(SQLModel, table=True):
    """Who did or read what, when, why. Append-only."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_record_id", "record_id"),)

    id: UUID = Field(primary_key=True)  # UUIDv7: the chain looks for new entries by its time
    at: datetime = Field(sa_type=INSTANT)
    actor: str = Field(sa_type=Text)
    roles: str = Field(default="", sa_type=Text)
    method: str = Field(sa_type=Text)
    kind: str = Field(default="", sa_type=Text)
    record_id: UUID | None = None
    revision: int = Field(default=0, sa_type=BigInteger)
    office: str = Field(default="", sa_type=Text)
    change: str = Field(default="", sa_type=Text)
    purpose: str = Field(default="", sa_type=Text)
    reason: str = Field(default="", sa_type=Text)
    digest: bytes = Field(default=b"", sa_type=LargeBinary)


class AuditLink(SQLModel, table=True):
    """The place of one audit entry in the hash chain. Append-only."""

    __tablename__ = "audit_link"

    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    audit_id: UUID = Field(unique=True)
    prev_hash: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)


class Request(SQLModel, table=True):
    """A mutation that was answered: its repeat under the same id gets the same answer."""

    __tablename__ = "request"

    subject: str = Field(primary_key=True, sa_type=Text)
    request_id: UUID = Field(primary_key=True)
    method: str = Field(sa_type=Text)
    request_hash: bytes = Field(sa_type=LargeBinary)
    response: bytes = Field(sa_type=LargeBinary)
    recorded: datetime = Field(sa_type=INSTANT)
