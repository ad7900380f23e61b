"""Tables of supervision: one for each kind, with the columns that its records are listed and counted by.

Column names are those of the kind's facts message; the chassis fills them from it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Text
from sqlmodel import Field

from services.chassis.storage.records import RecordRow, record_indexes


class SupervisedPersonRow(RecordRow, table=True):
    """A person under correction."""

    __tablename__ = "supervised_person"
    __table_args__ = record_indexes("supervised_person", "released_person")

    sealed: bool
    state: int
    sentence: int
    level: int
    taken_over_date: date | None = None
    ended_date: date | None = None
    released_person: str = Field(sa_type=Text)


class DutyRow(RecordRow, table=True):
    """A duty."""

    __tablename__ = "duty"
    __table_args__ = record_indexes("duty", "person")

    sealed: bool
    person: str = Field(sa_type=Text)
    kind: int
    month_date: date | None = None
    met_due: date | None = None
    met_date: date | None = None


class LeaveRow(RecordRow, table=True):
    """A leave."""

    __tablename__ = "leave"
    __table_args__ = record_indexes("leave", "person")

    sealed: bool
    person: str = Field(sa_type=Text)
    state: int


class AbscondingRow(RecordRow, table=True):
    """An episode out of supervision."""

    __tablename__ = "absconding"
    __table_args__ = record_indexes("absconding", "person")

    sealed: bool
    person: str = Field(sa_type=Text)
    from_date: date | None = None
    to_date: date | None = None


class NewOffenceRow(RecordRow, table=True):
    """A new offence."""

    __tablename__ = "new_offence"
    __table_args__ = record_indexes("new_offence", "second_office", "person")

    sealed: bool
    second_office: str = Field(sa_type=Text)
    person: str = Field(sa_type=Text)


class MeasureRow(RecordRow, table=True):
    """A measure."""

    __tablename__ = "measure"
    __table_args__ = record_indexes("measure", "person")

    sealed: bool
    person: str = Field(sa_type=Text)
    kind: int
    state: int


class PositioningRow(RecordRow, table=True):
    """A period of electronic positioning."""

    __tablename__ = "positioning"
    __table_args__ = record_indexes("positioning", "person")

    sealed: bool
    person: str = Field(sa_type=Text)


class HelpActRow(RecordRow, table=True):
    """An act of help."""

    __tablename__ = "help_act"
    __table_args__ = record_indexes("help_act", "second_office", "person")

    sealed: bool
    second_office: str = Field(sa_type=Text)
    person: str = Field(sa_type=Text)
    kind: int
