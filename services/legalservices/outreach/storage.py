"""Tables of outreach to villages and state: one for each kind, with the columns by which its records are listed.

Column names are those of the kind's facts message; the chassis fills them from it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Text
from sqlmodel import Field

from services.chassis.storage.records import RecordRow, record_indexes


class CounselContractRow(RecordRow, table=True):
    """A counsel contract of a village."""

    __tablename__ = "counsel_contract"
    __table_args__ = record_indexes("counsel_contract", "firm", "practitioner")

    firm: str = Field(sa_type=Text)
    practitioner: str = Field(sa_type=Text)
    from_date: date | None = None
    to_date: date | None = None


class CounselServiceRow(RecordRow, table=True):
    """A service that a village counsel gave."""

    __tablename__ = "counsel_service"
    __table_args__ = record_indexes("counsel_service", "contract")

    contract: str = Field(sa_type=Text)
    kind: int
    given_date: date | None = None


class PairingRow(RecordRow, table=True):
    """A pairing of a firm."""

    __tablename__ = "pairing"
    __table_args__ = record_indexes("pairing", "firm", "grassroots_firm", "project")

    firm: str = Field(sa_type=Text)
    partner: int
    grassroots_firm: str = Field(sa_type=Text)
    project: str = Field(sa_type=Text)
    from_date: date | None = None
    to_date: date | None = None


class KeyProjectRow(RecordRow, table=True):
    """A key project of the district."""

    __tablename__ = "key_project"
    __table_args__ = record_indexes("key_project")

    from_date: date | None = None
    to_date: date | None = None


class AdviceGroupRow(RecordRow, table=True):
    """A group of lawyers that advises the government or petitioners."""

    __tablename__ = "advice_group"
    __table_args__ = record_indexes("advice_group")

    kind: int
    from_date: date | None = None
    to_date: date | None = None


class AdvisedMatterRow(RecordRow, table=True):
    """A matter that an advice group advised on."""

    __tablename__ = "advised_matter"
    __table_args__ = record_indexes("advised_matter", "group")

    group: str = Field(sa_type=Text)
    kind: int
    advised_date: date | None = None


class LeaderVisitRow(RecordRow, table=True):
    """A leader's reception visit."""

    __tablename__ = "leader_visit"
    __table_args__ = record_indexes("leader_visit")

    rank: int
    held_date: date | None = None


class ServiceEventRow(RecordRow, table=True):
    """A service event."""

    __tablename__ = "service_event"
    __table_args__ = record_indexes("service_event")

    kind: int
    held_date: date | None = None


class CardHandoutRow(RecordRow, table=True):
    """Contact cards handed out."""

    __tablename__ = "card_handout"
    __table_args__ = record_indexes("card_handout")

    kind: int
    group: int
    handed_out_date: date | None = None


class SymposiumRow(RecordRow, table=True):
    """A symposium with deputies and members."""

    __tablename__ = "symposium"
    __table_args__ = record_indexes("symposium")

    held_date: date | None = None


class SuggestionRow(RecordRow, table=True):
    """A proposal or suggestion that a lawyer handed in as deputy or member."""

    __tablename__ = "suggestion"
    __table_args__ = record_indexes("suggestion", "practitioner", "symposium")

    kind: int
    handed_in_date: date | None = None
    practitioner: str = Field(sa_type=Text)
    symposium: str = Field(sa_type=Text)


class LiaisonMeetingRow(RecordRow, table=True):
    """A meeting of the liaison group of the lawyers' association."""

    __tablename__ = "liaison_meeting"
    __table_args__ = record_indexes("liaison_meeting")

    held_date: date | None = None


class LiaisonRuleRow(RecordRow, table=True):
    """A rule of the liaison group."""

    __tablename__ = "liaison_rule"
    __table_args__ = record_indexes("liaison_rule")

    from_date: date | None = None
    to_date: date | None = None
