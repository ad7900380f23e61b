"""Tables of resettlement: one for each kind, with the columns that its records are listed and counted by.

Column names are those of the kind's facts message; the chassis fills them from it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Text
from sqlmodel import Field

from services.chassis.storage.records import RecordRow, record_indexes


class ReleasedPersonRow(RecordRow, table=True):
    """A released person."""

    __tablename__ = "released_person"
    __table_args__ = record_indexes("released_person", "second_office", "supervised_person")

    sealed: bool
    second_office: str = Field(sa_type=Text)
    source: int
    household: int
    state: int
    three_none: bool
    released_date: date | None = None
    supervised_person: str = Field(sa_type=Text)


class HelpingAgreementRow(RecordRow, table=True):
    """A helping agreement."""

    __tablename__ = "helping_agreement"
    __table_args__ = record_indexes("helping_agreement", "second_office", "person")

    sealed: bool
    second_office: str = Field(sa_type=Text)
    person: str = Field(sa_type=Text)
    from_date: date | None = None
    to_date: date | None = None


class ReleasedVisitRow(RecordRow, table=True):
    """A visit to a released person."""

    __tablename__ = "released_visit"
    __table_args__ = record_indexes("released_visit", "second_office", "person")

    sealed: bool
    second_office: str = Field(sa_type=Text)
    person: str = Field(sa_type=Text)
    visit_date: date | None = None


class PlacementRow(RecordRow, table=True):
    """A placement."""

    __tablename__ = "placement"
    __table_args__ = record_indexes("placement", "second_office", "person", "base")

    sealed: bool
    second_office: str = Field(sa_type=Text)
    person: str = Field(sa_type=Text)
    kind: int
    base: str = Field(sa_type=Text)
    from_date: date | None = None
    to_date: date | None = None


class TransitionGrantRow(RecordRow, table=True):
    """A transitional grant."""

    __tablename__ = "transition_grant"
    __table_args__ = record_indexes("transition_grant", "second_office", "person")

    sealed: bool
    second_office: str = Field(sa_type=Text)
    person: str = Field(sa_type=Text)
    state: int
    granted_date: date | None = None


class LostContactRow(RecordRow, table=True):
    """An episode out of touch."""

    __tablename__ = "lost_contact"
    __table_args__ = record_indexes("lost_contact", "second_office", "person")

    sealed: bool
    second_office: str = Field(sa_type=Text)
    person: str = Field(sa_type=Text)
    from_date: date | None = None
    to_date: date | None = None


class SituationSurveyRow(RecordRow, table=True):
    """A survey."""

    __tablename__ = "situation_survey"
    __table_args__ = record_indexes("situation_survey")

    opened_date: date | None = None


class ResettlementBaseRow(RecordRow, table=True):
    """A base."""

    __tablename__ = "resettlement_base"
    __table_args__ = record_indexes("resettlement_base")

    kind: int
    from_date: date | None = None
    to_date: date | None = None


class BaseStayRow(RecordRow, table=True):
    """A stay in a base."""

    __tablename__ = "base_stay"
    __table_args__ = record_indexes("base_stay", "second_office", "base", "person")

    sealed: bool
    second_office: str = Field(sa_type=Text)
    base: str = Field(sa_type=Text)
    person: str = Field(sa_type=Text)
    from_date: date | None = None
    to_date: date | None = None


class CorrectionVolunteerRow(RecordRow, table=True):
    """A volunteer."""

    __tablename__ = "correction_volunteer"
    __table_args__ = record_indexes("correction_volunteer")

    from_date: date | None = None
    to_date: date | None = None


class CorrectionOfficerRow(RecordRow, table=True):
    """An officer."""

    __tablename__ = "correction_officer"
    __table_args__ = record_indexes("correction_officer")

    kind: int
    from_date: date | None = None
    to_date: date | None = None


class MemberUnitMeetingRow(RecordRow, table=True):
    """A meeting of the member units."""

    __tablename__ = "member_unit_meeting"
    __table_args__ = record_indexes("member_unit_meeting")

    held_date: date | None = None


class EmergencyPlanRow(RecordRow, table=True):
    """An emergency plan."""

    __tablename__ = "emergency_plan"
    __table_args__ = record_indexes("emergency_plan")

    from_date: date | None = None
    to_date: date | None = None


class EmergencyDrillRow(RecordRow, table=True):
    """A drill."""

    __tablename__ = "emergency_drill"
    __table_args__ = record_indexes("emergency_drill", "plan")

    plan: str = Field(sa_type=Text)
    held_date: date | None = None
