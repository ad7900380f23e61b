"""The kind of fund entries and its service, as every department mounts it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from geju.funds.v1 import facts_pb2, fund_entry_pb2, fund_entry_service_pb2_grpc

from services.chassis.changes import update
from services.chassis.crud import records
from services.chassis.domain.dates import to_date
from services.chassis.funds import rules
from services.chassis.funds.rules import Balance, effect, purse
from services.chassis.funds.storage import FundEntryRow
from services.chassis.guards import known, referenced
from services.chassis.kinds import Kind, kind_of
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.work import Work

Entry = fund_entry_pb2.FundEntry
#: Entries that follow the records they paid for, in a work's memo.
_FOLLOWING = "funds.following"
_BALANCE = f"""
SELECT coalesce(sum(CASE WHEN kind = {rules.SPENDING} THEN -amount_fen ELSE amount_fen END), 0)::bigint
FROM fund_entry WHERE earmark = $1 AND year = $2 AND NOT deleted
"""  # noqa: S608 (the one value in it is a constant of the contract)


async def guard(work: Work, new: Entry | None, old: Entry | None) -> None:
    """Refuse what would spend more than an earmark has for a year, or undo a payment. Raises OverBudget, PaysARecord.

    Whoever changes the same purse waits for the lock, so that two of them cannot spend the same money.
    """
    if old is not None and old.name not in work.memo.get(_FOLLOWING, ()):
        await _check_paid(work, new, old)
    entries = [entry for entry in (old, new) if entry is not None]
    purses = sorted({purse(entry) for entry in entries})
    await work.lock(*(f"funds|{earmark}|{year}" for earmark, year in purses))
    changes = []
    for key in purses:
        before = effect(old) if old is not None and purse(old) == key else 0
        after = effect(new) if new is not None and purse(new) == key else 0
        changes.append((await _balance(work, key), next(e for e in entries if purse(e) == key), after - before))
    for balance, entry, difference in changes:  # all of them before any is changed: a refused entry changes none
        balance.check(entry, difference, work.rules.profile)
    for balance, _, difference in changes:
        balance.available += difference


async def follow_payment(work: Work, new: Entry, old: Entry) -> None:
    """Change what a record was paid with in the work that corrects the record, so that both say the same.

    Raises OverBudget, UnknownEarmark.
    """
    work.memo.setdefault(_FOLLOWING, set()).add(old.name)
    await update(work, kind_of(work.store.kinds, old.name), new, old, "corrected")


async def follow_correction(
    work: Work, new: Any, old: Any, follow: Callable[[Entry, Any], None] | None, reason: str = ""
) -> None:
    """Let what a record was paid with follow a correction of the payment, so that `follow` makes both say the same.

    None: it was not paid after all, and the entry goes with that reason. Raises UnknownReference, OverBudget, ….
    """
    entry = await referenced(work, "fund_entry", old.fund_entry)
    if follow is None:
        work.delete(kind_of(work.store.kinds, entry.name), entry, reason)
        new.ClearField("fund_entry")
        return
    changed = Entry()
    changed.CopyFrom(entry)
    follow(changed, new)
    await follow_payment(work, changed, entry)


async def _check_paid(work: Work, new: Entry | None, old: Entry) -> None:
    """Protect the entry a record was paid with: its reference names a record that names it back as `fund_entry`."""
    record = await known(work, old.reference)
    if record is not None and getattr(record, "fund_entry", "") == old.name:
        rules.check_paid(new, old, kind_of(work.store.kinds, record.name).zh)


async def _balance(work: Work, key: tuple[str, int]) -> Balance:
    """Return the balance as this work has left it so far; money of every office counts, whoever asks."""
    balances: dict[tuple[str, int], Balance] = work.memo.setdefault("funds", {})
    if key not in balances:
        async with work.seeing(EVERYTHING) as connection:
            balances[key] = Balance(await connection.fetchval(_BALANCE, *key))
    return balances[key]


def fund_entry_kind(service: str) -> Kind[Entry]:
    """Return the kind of a department's fund entries; `service` is whose earmarks they may touch ("mediation")."""
    return Kind(
        name="fund_entry",
        collection="fundEntries",
        message=Entry,
        facts=facts_pb2.FundEntryFacts,
        row=FundEntryRow,
        to_facts=rules.to_facts,
        check=partial(rules.check, service=service),
        guard=guard,
        occurred=lambda entry: to_date(entry.entry_date),
    )


def fund_entry_servicer(kind: Kind[Entry]) -> type[fund_entry_service_pb2_grpc.FundEntryServiceServicer]:
    """Return the servicer class of a department's fund entries; it is made with the store."""

    @records(kind)
    class FundEntryServicer(fund_entry_service_pb2_grpc.FundEntryServiceServicer):
        """Keeps the department's funds."""

    return FundEntryServicer
