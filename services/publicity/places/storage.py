"""Tables of facilities and places: one for each kind, with the columns that its records are listed and counted by.

Column names are those of the kind's facts message; the chassis fills them from it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Text
from sqlmodel import Field

from services.chassis.storage.records import RecordRow, record_indexes


class FacilityRow(RecordRow, table=True):
    """A facility of law publicity."""

    __tablename__ = "facility"
    __table_args__ = record_indexes("facility", "market")

    kind: int
    market: str = Field(sa_type=Text)
    from_date: date | None = None
    to_date: date | None = None


class MarketRow(RecordRow, table=True):
    """A market."""

    __tablename__ = "market"
    __table_args__ = record_indexes("market")

    from_date: date | None = None
    to_date: date | None = None


class EnterpriseRow(RecordRow, table=True):
    """An enterprise."""

    __tablename__ = "enterprise"
    __table_args__ = record_indexes("enterprise")

    from_date: date | None = None
    to_date: date | None = None


class EducationSessionRow(RecordRow, table=True):
    """A law-education session for the staff of an enterprise."""

    __tablename__ = "education_session"
    __table_args__ = record_indexes("education_session", "enterprise")

    enterprise: str = Field(sa_type=Text)
    held_date: date | None = None


class SchoolRow(RecordRow, table=True):
    """A school."""

    __tablename__ = "school"
    __table_args__ = record_indexes("school")

    from_date: date | None = None
    to_date: date | None = None


class SchoolYearRow(RecordRow, table=True):
    """A record of what a school has in place for a school year."""

    __tablename__ = "school_year"
    __table_args__ = record_indexes("school_year", "school")

    school: str = Field(sa_type=Text)
    year: int
