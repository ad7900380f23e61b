"""Piece-rate statements over the records they are made of: which disputes pay whom, drafts, the guard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from geju.mediation.v1 import dispute_pb2

from services.chassis.domain.dates import month_of, to_date
from services.chassis.domain.spans import overlap
from services.chassis.domain.steps import permit
from services.chassis.guards import ALL, alone, kind_in, lock_office, referenced
from services.chassis.kinds import Kind
from services.chassis.work import Work
from services.mediation.domain import piece_rate
from services.mediation.domain.piece_rate import Settled, Statement
from services.mediation.domain.register_errors import NoScheme, NothingToPay, StatementExists

_DROPPED = "重新生成后没有可结算的纠纷"


async def draft(work: Work, office: str, day: date) -> list[Statement]:
    """Draft the statements of an office for the month of a day and return every statement of that month.

    Drafts are computed anew, or deleted when nothing pays any more; what is approved or paid stays as it is. A draft
    that comes out the same is not written again.
    """
    kind = kind_in(work, "pieceRateStatements")
    first, last = piece_rate.ended_month(day, work.rules.today)
    await lock_office(work, kind, office)
    paying = await disputes_that_pay(work, office, first, last)
    kept = {s.mediator: s for s in await work.query(kind, limit=ALL, office=office, month_date=first)}
    for mediator in sorted(paying.disputes.keys() - {name for name, s in kept.items() if piece_rate.is_fixed(s)}):
        base = kept.get(mediator) or piece_rate.blank(office, mediator, first)
        kept[mediator] = _drafted(work, base, paying)
    for mediator, statement in list(kept.items()):
        if mediator not in paying.disputes and not piece_rate.is_fixed(statement):
            work.delete(kind, kept.pop(mediator), _DROPPED)
    return [kept[mediator] for mediator in sorted(kept)]


def _drafted(work: Work, base: Statement, paying: Paying) -> Statement:
    kind: Kind[Statement] = kind_in(work, "pieceRateStatements")
    new = Statement()
    new.CopyFrom(base)
    paying.fill(new, work)
    if not base.name:
        return work.create(kind, new, "drafted")
    return base if new == base else work.save(kind, new, "redrafted")


async def approve(work: Work, statement: Statement, on: date) -> None:
    """Approve a draft; nobody else in the office approves at the same time. Raises ImpossibleTransition, StaleDraft."""
    permit(statement, piece_rate.TRANSITIONS, "approve")
    await lock_office(work, kind_in(work, "pieceRateStatements"), statement.office)
    piece_rate.approve(statement, await fresh(work, statement), on)


async def fresh(work: Work, statement: Statement) -> Statement:
    """Return what a statement would be were it drafted now."""
    first, last = piece_rate.ended_month(_month(statement), work.rules.today)
    paying = await disputes_that_pay(work, statement.office, first, last)
    computed = Statement()
    computed.CopyFrom(statement)
    paying.fill(computed, work)
    return computed


async def guard_statement(work: Work, new: Statement | None, old: Statement | None) -> None:
    """Fill in a statement made by hand; refuse a second one, one that pays nothing, and deleting a paid one.

    Raises UnknownReference, StatementExists, NoScheme, NoRates, NothingToPay, ImpossibleTransition.
    """
    if new is None:
        assert old is not None, "a deletion has what it deletes"
        permit(old, piece_rate.TRANSITIONS, "delete")
        return
    if old is not None and piece_rate.subject(new) == piece_rate.subject(old):
        return
    await referenced(work, "mediator", new.mediator)
    await alone(work, new, _only_one, month_date=_month(new))
    computed = await fresh(work, new)
    if not computed.lines:
        raise NothingToPay("mediator")
    new.CopyFrom(computed)


def _only_one(new: Statement, others: Sequence[Statement]) -> None:
    if any(piece_rate.subject(other) == piece_rate.subject(new) for other in others):
        raise StatementExists("mediator", month=month_of(_month(new)))


class Paying(NamedTuple):
    """The disputes that pay for a month by mediator, and what is settled of them already."""

    disputes: dict[str, list[dispute_pb2.Dispute]]
    settled: Mapping[str, Settled]

    def fill(self, statement: Statement, work: Work) -> None:
        """Compute the statement of one mediator. Raises NoRates."""
        piece_rate.fill(statement, self.disputes.get(statement.mediator, []), work.rules.profile, self.settled)


async def disputes_that_pay(work: Work, office: str, first: date, last: date) -> Paying:
    """Return the disputes of an office that pay for a month. Raises NoScheme."""
    schemes = await work.query(kind_in(work, "rateSchemes"), limit=ALL, office=office)
    spans = [(to_date(scheme.from_date) or date.max, to_date(scheme.to_date)) for scheme in schemes]
    if not any(overlap(first, last, begins, ends) for begins, ends in spans):
        raise NoScheme("month_date", month=month_of(first))
    statements = await work.query(kind_in(work, "pieceRateStatements"), limit=ALL, office=office)
    ledger = piece_rate.Ledger(statements, first)
    closed = {"state": dispute_pb2.Dispute.STATE_AGREED, "closed_date_from": ledger.since, "closed_date_to": last}
    found: dict[str, list[dispute_pb2.Dispute]] = defaultdict(list)
    for dispute in await work.query(kind_in(work, "disputes"), limit=ALL, office=office, **closed):
        if piece_rate.pays(dispute, schemes, ledger.settled) and ledger.takes(dispute):
            found[dispute.mediator].append(dispute)
        elif ledger.owes_more(dispute, work.rules.profile):
            found[ledger.settled[dispute.name].mediator].append(dispute)
    return Paying(found, ledger.settled)


def _month(statement: Statement) -> date:
    month = to_date(statement.month_date)
    assert month is not None, "the contract requires the month"
    return month
