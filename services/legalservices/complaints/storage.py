"""Tables of complaints: one for each kind, with the columns that its records are listed and counted by.

Column names are those of the kind's facts message; the chassis fills them from it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Text
from sqlmodel import Field

from services.chassis.storage.records import RecordRow, record_indexes


class ComplaintRow(RecordRow, table=True):
    """A complaint."""

    __tablename__ = "complaint"
    __table_args__ = record_indexes("complaint", "practitioner", "firm")

    received_date: date | None = None
    channel: int
    respondent_kind: int
    practitioner: str = Field(sa_type=Text)
    firm: str = Field(sa_type=Text)
    outcome: int
    state: int
    sealed: bool


class ComplaintProposalRow(RecordRow, table=True):
    """A proposal to look into a practitioner's conduct."""

    __tablename__ = "complaint_proposal"
    __table_args__ = record_indexes("complaint_proposal", "legal_aid_case", "practitioner")

    legal_aid_case: str = Field(sa_type=Text)
    practitioner: str = Field(sa_type=Text)
    state: int


class SanctionRow(RecordRow, table=True):
    """A measure of the bureau or a sanction of another authority."""

    __tablename__ = "sanction"
    __table_args__ = record_indexes("sanction", "complaint", "firm", "practitioner")

    complaint: str = Field(sa_type=Text)
    firm: str = Field(sa_type=Text)
    practitioner: str = Field(sa_type=Text)
    kind: int
    decided_date: date | None = None
    sealed: bool
