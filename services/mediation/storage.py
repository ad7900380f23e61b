"""Tables of the mediation service: one for each kind, with the columns that its records are listed and counted by.

Column names are those of the kind's facts message; the chassis fills them from it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from services.chassis.funds.storage import FundEntryRow
from services.chassis.storage.records import RecordRow, record_indexes

__all__ = [
    "BreachRow",
    "BuildingRow",
    "CentreRow",
    "CommitteeRow",
    "DisputeRow",
    "FundEntryRow",
    "MediatorRow",
    "PieceRateStatementRow",
    "PremisesRow",
    "RateSchemeRow",
    "ReceptionDayRow",
    "ScreeningRow",
    "SessionRow",
    "WarningRow",
]

_KEPT = text("NOT deleted")


class DisputeRow(RecordRow, table=True):
    """A dispute."""

    __tablename__ = "dispute"
    __table_args__ = (
        *record_indexes("dispute", "mediator", "aid_case"),
        Index("dispute_intake", "office", "type", "registered_date", postgresql_where=_KEPT),
        Index("dispute_closed", "office", "closed_date", postgresql_where=_KEPT),
    )

    type: int
    channel: int
    kind: int
    state: int
    outcome: int
    committee: str = Field(sa_type=Text)
    centre: str = Field(sa_type=Text)
    mediator: str = Field(sa_type=Text)
    aid_case: str = Field(sa_type=Text)
    registered_date: date | None = None
    accepted_date: date | None = None
    closed_date: date | None = None


class SessionRow(RecordRow, table=True):
    """A mediation session."""

    __tablename__ = "session"
    __table_args__ = record_indexes("session", "dispute")

    dispute: str = Field(sa_type=Text)
    venue: int
    held_date: date | None = None


class CommitteeRow(RecordRow, table=True):
    """A mediation committee."""

    __tablename__ = "committee"
    __table_args__ = record_indexes("committee")

    kind: int
    level: int
    host: int
    from_date: date | None = None
    to_date: date | None = None


class CentreRow(RecordRow, table=True):
    """A centre."""

    __tablename__ = "centre"
    __table_args__ = record_indexes("centre")

    level: int
    from_date: date | None = None
    to_date: date | None = None


class BuildingRow(RecordRow, table=True):
    """A populous building."""

    __tablename__ = "building"
    __table_args__ = record_indexes("building")

    from_date: date | None = None
    to_date: date | None = None


class MediatorRow(RecordRow, table=True):
    """A mediator."""

    __tablename__ = "mediator"
    __table_args__ = record_indexes("mediator", "committee")

    committee: str = Field(sa_type=Text)
    employment: int
    background: int
    from_date: date | None = None
    to_date: date | None = None


class BreachRow(RecordRow, table=True):
    """A breach of conduct."""

    __tablename__ = "breach"
    __table_args__ = record_indexes("breach", "mediator")

    mediator: str = Field(sa_type=Text)
    kind: int
    measure: int
    found_date: date | None = None


class ScreeningRow(RecordRow, table=True):
    """A screening round."""

    __tablename__ = "screening"
    __table_args__ = (
        *record_indexes("screening"),
        Index("screening_month", "office", "month_date", postgresql_where=_KEPT),
    )

    month_date: date | None = None
    key_period: bool


class WarningRow(RecordRow, table=True):
    """An early warning."""

    __tablename__ = "warning"
    __table_args__ = record_indexes("warning")

    level: int
    type: int
    state: int
    raised_date: date | None = None


class ReceptionDayRow(RecordRow, table=True):
    """A reception day."""

    __tablename__ = "reception_day"
    __table_args__ = record_indexes("reception_day")

    kind: int
    held_date: date | None = None


class PieceRateStatementRow(RecordRow, table=True):
    """A piece-rate statement."""

    __tablename__ = "piece_rate_statement"
    __table_args__ = (
        *record_indexes("piece_rate_statement"),
        Index("piece_rate_statement_month", "mediator", "month_date", postgresql_where=_KEPT),
    )

    mediator: str = Field(sa_type=Text)
    state: int
    month_date: date | None = None


class RateSchemeRow(RecordRow, table=True):
    """The piece-rate scheme of an office."""

    __tablename__ = "rate_scheme"
    __table_args__ = record_indexes("rate_scheme")

    from_date: date | None = None
    to_date: date | None = None


class PremisesRow(RecordRow, table=True):
    """The premises standard of an office."""

    __tablename__ = "premises"
    __table_args__ = record_indexes("premises")

    reached_date: date | None = None
    to_date: date | None = None
