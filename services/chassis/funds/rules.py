"""Rules of funds, free of I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from geju.funds.v1 import facts_pb2, fund_entry_pb2

from services.chassis.domain.errors import OverBudget, PaysARecord, PurposeNotCovered, UnknownEarmark
from services.chassis.domain.profile import Profile
from services.chassis.domain.rules import Rules

SPENDING = fund_entry_pb2.FUND_ENTRY_KIND_SPENDING
#: What a payment says of the money; its reference is how it is found from the entry.
PAID_WITH = ("office", "earmark", "year", "kind", "amount_fen", "reference")


def to_facts(entry: fund_entry_pb2.FundEntry) -> facts_pb2.FundEntryFacts:
    """Return the facts of an entry."""
    return facts_pb2.FundEntryFacts(
        earmark=entry.earmark,
        year=entry.year,
        kind=entry.kind,
        amount_fen=entry.amount_fen,
        entry_date=entry.entry_date,
    )


def check(new: fund_entry_pb2.FundEntry, _old: fund_entry_pb2.FundEntry | None, rules: Rules, service: str) -> None:
    """Refuse an earmark that the department does not have that year, or a purpose it does not cover.

    Raises UnknownEarmark, PurposeNotCovered.
    """
    earmark = rules.profile.earmark(new.earmark, new.year)
    if earmark.service != service:
        raise UnknownEarmark("earmark", earmark=new.earmark)
    if (new.kind == SPENDING or new.purpose) and new.purpose not in earmark.purposes:
        raise PurposeNotCovered("purpose", earmark=earmark.zh, purpose=new.purpose)


def check_paid(new: fund_entry_pb2.FundEntry | None, old: fund_entry_pb2.FundEntry, record: str) -> None:
    """Refuse to delete or alter what a record was paid with; `record` is its kind's label. Raises PaysARecord."""
    changed = [name for name in PAID_WITH if new is None or getattr(new, name) != getattr(old, name)]
    if changed:
        raise PaysARecord("" if new is None else changed[0], record=record)


@dataclass
class Balance:
    """What an earmark still has for a year, in fen."""

    available: int

    def check(self, entry: fund_entry_pb2.FundEntry, difference: int, profile: Profile) -> None:
        """Refuse an effect on the balance that takes more than there is. Raises OverBudget."""
        if difference < 0 and self.available + difference < 0:
            label = profile.earmark_label(entry.earmark)
            available, amount = yuan(self.available), yuan(-difference)
            raise OverBudget("amount_fen", earmark=label, year=entry.year, available=available, amount=amount)


def yuan(fen: int) -> str:
    """Return an amount of fen as yuan: "1,234.50"."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def spending(record: Any, earmark: str, purpose: str) -> fund_entry_pb2.FundEntry:
    """Return the spending that a record is paid with; amount, day and year are the record's to say."""
    return fund_entry_pb2.FundEntry(
        office=record.office,
        place=record.place,
        earmark=earmark,
        kind=SPENDING,
        purpose=purpose,
        reference=record.name,
    )


def effect(entry: fund_entry_pb2.FundEntry) -> int:
    """Return what an entry adds to its earmark's balance, in fen; spending takes away."""
    return -entry.amount_fen if entry.kind == SPENDING else entry.amount_fen


def purse(entry: fund_entry_pb2.FundEntry) -> tuple[str, int]:
    """Return what an entry's money belongs to: earmark and year."""
    return entry.earmark, entry.year
