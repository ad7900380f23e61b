"""Tables of firms and practitioners: one for each kind, with the columns that its records are listed and counted by.

Column names are those of the kind's facts message; the chassis fills them from it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Text
from sqlmodel import Field

from services.chassis.storage.records import RecordRow, record_indexes


class FirmRow(RecordRow, table=True):
    """A law firm, a grassroots legal-service office or a notary office."""

    __tablename__ = "firm"
    __table_args__ = record_indexes("firm")

    kind: int
    licensed_from_date: date | None = None
    licensed_to_date: date | None = None


class FirmStatusRow(RecordRow, table=True):
    """A status of a firm from day to day."""

    __tablename__ = "firm_status"
    __table_args__ = record_indexes("firm_status", "firm")

    firm: str = Field(sa_type=Text)
    kind: int
    from_date: date | None = None
    to_date: date | None = None


class PractitionerRow(RecordRow, table=True):
    """A lawyer, grassroots legal worker or notary."""

    __tablename__ = "practitioner"
    __table_args__ = record_indexes("practitioner", "firm")

    kind: int
    firm: str = Field(sa_type=Text)
    licensed_from_date: date | None = None
    licensed_to_date: date | None = None


class YearlyAssessmentRow(RecordRow, table=True):
    """A yearly assessment."""

    __tablename__ = "yearly_assessment"
    __table_args__ = record_indexes("yearly_assessment", "firm", "practitioner")

    year: int
    firm: str = Field(sa_type=Text)
    practitioner: str = Field(sa_type=Text)
    grade: int


class TrainingRow(RecordRow, table=True):
    """Training of one practitioner on one day."""

    __tablename__ = "training"
    __table_args__ = record_indexes("training", "practitioner")

    practitioner: str = Field(sa_type=Text)
    held_date: date | None = None


class InternshipRow(RecordRow, table=True):
    """An internship with a firm."""

    __tablename__ = "internship"
    __table_args__ = record_indexes("internship", "firm")

    firm: str = Field(sa_type=Text)
    from_date: date | None = None
    to_date: date | None = None
