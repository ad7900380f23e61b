"""The table of fund entries."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from services.chassis.storage.records import RecordRow, record_indexes


class FundEntryRow(RecordRow, table=True):
    """A fund entry with the columns it is listed and summed by."""

    __tablename__ = "fund_entry"
    __table_args__ = (*record_indexes("fund_entry"), Index("fund_entry_purse", "earmark", "year"))

    earmark: str = Field(sa_type=Text)
    year: int
    kind: int
    amount_fen: int = Field(sa_type=BigInteger)
    entry_date: date | None = None
