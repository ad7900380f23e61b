"""Tables of applications and cases: one for each kind, with the columns that its records are listed and counted by.

Column names are those of the kind's facts message; the chassis fills them from it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Text
from sqlmodel import Field

from services.chassis.storage.records import RecordRow, record_indexes


class AidCaseRow(RecordRow, table=True):
    """A legal-aid application and the case it becomes."""

    __tablename__ = "aid_case"
    __table_args__ = record_indexes("aid_case", "practitioner", "origin_dispute")

    received_date: date | None = None
    path: int
    kind: int
    matter: int
    granted_date: date | None = None
    practitioner: str = Field(sa_type=Text)
    origin_dispute: str = Field(sa_type=Text)
    state: int
