"""Tables of stations and consultations: one for each kind, with the columns that its records are listed and counted by.

Column names are those of the kind's facts message; the chassis fills them from it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Text
from sqlmodel import Field

from services.chassis.storage.records import RecordRow, record_indexes


class ConsultationRow(RecordRow, table=True):
    """A consultation."""

    __tablename__ = "consultation"
    __table_args__ = record_indexes("consultation")

    channel: int
    topic: int
    held_date: date | None = None


class StationRow(RecordRow, table=True):
    """A window or station of legal aid."""

    __tablename__ = "station"
    __table_args__ = record_indexes("station")

    kind: int
    from_date: date | None = None
    to_date: date | None = None


class TravelTimeRow(RecordRow, table=True):
    """How long it takes from a village or community, the record's place, to a station."""

    __tablename__ = "travel_time"
    __table_args__ = record_indexes("travel_time", "station")

    station: str = Field(sa_type=Text)
    from_date: date | None = None
    to_date: date | None = None


class AidVolunteerRow(RecordRow, table=True):
    """A volunteer of legal aid."""

    __tablename__ = "aid_volunteer"
    __table_args__ = record_indexes("aid_volunteer")

    from_date: date | None = None
    to_date: date | None = None


class VolunteerShiftRow(RecordRow, table=True):
    """A shift that a volunteer served at a station."""

    __tablename__ = "volunteer_shift"
    __table_args__ = record_indexes("volunteer_shift", "volunteer", "station")

    volunteer: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)
    served_date: date | None = None


class FeeReliefRow(RecordRow, table=True):
    """A fee that a firm reduced or waived."""

    __tablename__ = "fee_relief"
    __table_args__ = record_indexes("fee_relief", "firm")

    firm: str = Field(sa_type=Text)
    kind: int
    granted_date: date | None = None


class AidSurveyAnswerRow(RecordRow, table=True):
    """An anonymous answer about satisfaction."""

    __tablename__ = "aid_survey_answer"
    __table_args__ = record_indexes("aid_survey_answer")

    answered_date: date | None = None
    satisfaction: int
