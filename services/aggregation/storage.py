"""Tables of the aggregation service beside its projections: what is read, what was published, what is proven.

Facts and figures live in schemas of their own (see `tables`); nothing of them is migrated.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, Index, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

INSTANT = DateTime(timezone=True)


class CurrentRow(SQLModel, table=True):
    """The one row that says which projection the board reads; `version` grows with every refresh."""

    __tablename__ = "current"

    one: bool = Field(default=True, primary_key=True)
    schema_name: str = Field(sa_type=Text)
    fingerprint: str = Field(sa_type=Text)
    version: int = Field(default=0, sa_type=BigInteger)
    as_of: date
    measured: datetime = Field(sa_type=INSTANT)


class ReportRow(SQLModel, table=True):
    """A closed period. `closed` is business time, `sealed` the database's own; append-only."""

    __tablename__ = "report"

    period: str = Field(primary_key=True, sa_type=Text)
    edition: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    as_of: date
    closed: datetime = Field(sa_type=INSTANT)
    sealed: datetime = Field(sa_type=INSTANT)
    closed_by: str = Field(sa_type=Text)
    note: str = Field(sa_type=Text)
    catalogue: str = Field(sa_type=Text)
    definitions: dict[str, Any] = Field(sa_type=JSONB)  # indicator -> fingerprint of its declaration
    digest: bytes = Field(sa_type=LargeBinary)
    figures: int
    members: int
    request_id: UUID = Field(unique=True)
    # Targets and weights of then, see `standards`.
    standards: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"})


class ReportFigureRow(SQLModel, table=True):
    """A figure as published; append-only."""

    __tablename__ = "report_figure"

    period: str = Field(primary_key=True, sa_type=Text)
    edition: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    unit: str = Field(primary_key=True, sa_type=Text)
    indicator: str = Field(primary_key=True, sa_type=Text)
    breakdown: str = Field(primary_key=True, sa_type=Text)
    key: str = Field(primary_key=True, sa_type=Text)
    n: int = Field(sa_type=BigInteger)
    total: int = Field(sa_type=BigInteger)


class ReportMemberRow(SQLModel, table=True):
    """A record behind published figures, and what it added to them; append-only.

    `second_office`: another at which it counts too, "" for none. `part`: 1 in n, 2 in N only, 3 left out. A record may
    stand twice where an indicator counts it by two dates.
    """

    __tablename__ = "report_member"
    __table_args__ = (Index("report_member_of", "period", "edition", "indicator", "office"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    period: str = Field(sa_type=Text)
    edition: int
    indicator: str = Field(sa_type=Text)
    office: str = Field(sa_type=Text)
    second_office: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    kind: str = Field(sa_type=Text)
    record: str = Field(sa_type=Text)
    revision: int = Field(sa_type=BigInteger)
    part: int = Field(sa_type=SmallInteger)
    reason: str = Field(sa_type=Text)
    keys: list[str] = Field(sa_type=ARRAY(Text))
    n: int = Field(sa_type=BigInteger)
    total: int = Field(sa_type=BigInteger)


class ProofRow(SQLModel, table=True):
    """The last comparison of one kind of one source; `proven` is null until one found it equal."""

    __tablename__ = "proof"

    source: str = Field(primary_key=True, sa_type=Text)
    kind: str = Field(primary_key=True, sa_type=Text)
    proven: datetime | None = Field(default=None, sa_type=INSTANT)
    compared: int = Field(default=0, sa_type=BigInteger)
    differences: int = Field(default=0, sa_type=BigInteger)
    problem: str = Field(default="", sa_type=Text)
