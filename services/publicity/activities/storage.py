"""Tables of activities and studies: one for each kind, with the columns that its records are listed and counted by.

Column names are those of the kind's facts message; the chassis fills them from it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.storage.records import RecordRow, record_indexes

Texts: Any = ARRAY(Text)


class ActivityRow(RecordRow, table=True):
    """An activity of law publicity."""

    __tablename__ = "activity"
    __table_args__ = record_indexes("activity")

    form: int
    venue: int
    channel: int
    campaign: int
    planned_date: date | None = None
    held_date: date | None = None
    state: int
    facilities: list[str] = Field(sa_type=Texts)


class MaterialHandoutRow(RecordRow, table=True):
    """Materials handed out."""

    __tablename__ = "material_handout"
    __table_args__ = record_indexes("material_handout", "activity")

    kind: int
    handed_out_date: date | None = None
    activity: str = Field(sa_type=Text)


class StudySessionRow(RecordRow, table=True):
    """A collective study of law."""

    __tablename__ = "study_session"
    __table_args__ = record_indexes("study_session")

    organisation: int
    held_date: date | None = None


class ExamRow(RecordRow, table=True):
    """An exam in law for officials."""

    __tablename__ = "exam"
    __table_args__ = record_indexes("exam")

    grade: int
    held_date: date | None = None


class NewsItemRow(RecordRow, table=True):
    """A news item or award about the bureau's work."""

    __tablename__ = "news_item"
    __table_args__ = record_indexes("news_item")

    medium: int
    kind: int
    published_date: date | None = None


class YearPlanRow(RecordRow, table=True):
    """An office's plan of activities for a year."""

    __tablename__ = "year_plan"
    __table_args__ = record_indexes("year_plan")

    year: int
    activities: int
