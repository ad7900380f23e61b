"""Piece-rate statements (以奖代补结算单): what a mediator earned in a month, approved, paid.

A dispute pays when it closed with an agreement in the month, under its responsible mediator, while the office had a
scheme in force, and when no approved or paid statement holds it already. One that was entered after its mediator's
statement of the month had been approved is carried into the next draft of that mediator, once. So is what the court's
confirmation adds to a dispute that was settled without it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from geju.funds.v1 import fund_entry_pb2
from geju.mediation.v1 import dispute_pb2, piece_rate_statement_pb2, rate_scheme_pb2
from google.type.date_pb2 import Date

from services.chassis.domain.dates import add_months, from_date, month_of, set_date, to_date
from services.chassis.domain.profile import Profile, RateRule
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import Transition, move, permit
from services.mediation.domain.rate_scheme import covers
from services.mediation.domain.register_errors import (
    MonthNotEnded,
    NoRates,
    NotFirstOfMonth,
    NothingToPay,
    StaleDraft,
    StatementFixed,
)

Statement = piece_rate_statement_pb2.PieceRateStatement
Line = piece_rate_statement_pb2.StatementLine
Dispute = dispute_pb2.Dispute
DRAFT, APPROVED, PAID = Statement.STATE_DRAFT, Statement.STATE_APPROVED, Statement.STATE_PAID
#: What a subsidy is paid from, and as, unless the call names another earmark.
EARMARK, PURPOSE = "piece_rate", "subsidy"

#: What may be done in which state.
TRANSITIONS: Mapping[str, Transition] = {
    "redraft": Transition("重新生成", frozenset({DRAFT})),
    "approve": Transition("审批", frozenset({DRAFT}), APPROVED),
    "pay": Transition("发放", frozenset({APPROVED}), PAID),
    "delete": Transition("删除", frozenset({DRAFT, APPROVED})),
}
_TIERS = {
    piece_rate_statement_pb2.PIECE_TIER_SIMPLE: "simple",
    piece_rate_statement_pb2.PIECE_TIER_DIFFICULT: "difficult",
    piece_rate_statement_pb2.PIECE_TIER_MAJOR: "major",
}
_NOTHING: Mapping[str, Settled] = MappingProxyType({})


def check(new: Statement, old: Statement | None, rules: Rules) -> None:
    """Guard a statement on every change. Raises BadReference, NotFirstOfMonth, MonthNotEnded, StatementFixed."""
    check_reference("mediator", new.mediator, "mediators")
    month = to_date(new.month_date)
    if month is not None:
        if month.day != 1:
            raise NotFirstOfMonth("month_date")
        ended_month(month, rules.today)
    if old is None:
        new.state = DRAFT
    elif old.state != DRAFT and subject(new) != subject(old):
        raise StatementFixed("mediator")


def blank(office: str, mediator: str, month: date) -> Statement:
    """Return a draft with nothing in it yet."""
    return Statement(office=office, mediator=mediator, month_date=from_date(month), state=DRAFT)


def subject(statement: Statement) -> tuple[str, str, date | None]:
    """Return what there is one statement of: office, mediator, month."""
    return statement.office, statement.mediator, to_date(statement.month_date)


def ended_month(day: date, today: date) -> tuple[date, date]:
    """Return first and last day of the month of a day. Raises MonthNotEnded."""
    first = day.replace(day=1)
    last = add_months(first, 1) - timedelta(days=1)
    if last >= today:
        raise MonthNotEnded("month_date", month=month_of(first))
    return first, last


def payable_from(statement: Statement) -> Date:
    """Return the first day on which a statement can be approved: its month has ended."""
    return from_date(add_months(_month(statement), 1))


def pays(dispute: Dispute, schemes: Iterable[rate_scheme_pb2.RateScheme], settled: Collection[str]) -> bool:
    """Tell whether a dispute earns its mediator money; `settled` names those in approved and paid statements."""
    closed = to_date(dispute.closed_date)
    return (
        dispute.state == Dispute.STATE_AGREED
        and bool(dispute.mediator)
        and closed is not None
        and covers(schemes, closed)
        and dispute.name not in settled
    )


class Settled(NamedTuple):
    """What approved and paid statements hold of a dispute: the first of them, its line, and the sum of all lines."""

    mediator: str
    month: date
    line: Line
    amount_fen: int

    def more(self, dispute: Dispute, profile: Profile) -> int:
        """Return what the confirmed rate gives beyond what was settled, in fen; by tier and day of the line."""
        rates = profile.rate_rule(to_date(self.line.closed_date) or date.max)
        if rates is None or not is_confirmed(dispute):
            return 0
        return max(0, rates.amount(_TIERS[self.line.tier], "confirmed") - self.amount_fen)


def is_confirmed(dispute: Dispute) -> bool:
    """Tell whether the court has confirmed the agreement."""
    return dispute.confirmation.result == dispute_pb2.CONFIRMATION_RESULT_CONFIRMED


class Ledger:
    """What an office's statements say to the draft of one month: what is settled, what waits to be carried over."""

    def __init__(self, statements: Iterable[Statement], first: date) -> None:
        """Read the office's statements; `first` is the first day of the month that is drafted."""
        fixed = [statement for statement in statements if is_fixed(statement)]
        drafts = [statement for statement in statements if not is_fixed(statement) and _month(statement) != first]
        self.first = first
        self.settled: dict[str, Settled] = {}
        for statement in sorted(fixed, key=_month):
            for line in statement.lines:
                settled = self.settled.get(line.dispute) or Settled(statement.mediator, _month(statement), line, 0)
                self.settled[line.dispute] = settled._replace(amount_fen=settled.amount_fen + line.amount_fen)
        self._closed = {(statement.mediator, _month(statement)) for statement in fixed if _month(statement) < first}
        self._elsewhere = {line.dispute for statement in drafts for line in statement.lines}
        self.since = min((month for _, month in self._closed), default=first)

    def takes(self, dispute: Dispute) -> bool:
        """Tell whether the month's draft has a place for a dispute: its own, or one that came too late for its own."""
        month = _closed(dispute).replace(day=1)
        late = (dispute.mediator, month) in self._closed and dispute.name not in self._elsewhere
        return month == self.first or late

    def owes_more(self, dispute: Dispute, profile: Profile) -> bool:
        """Tell whether the month's draft has a supplement for a dispute that an earlier statement settled."""
        settled = self.settled.get(dispute.name)
        if settled is None or settled.month >= self.first or dispute.name in self._elsewhere:
            return False
        return dispute.state == Dispute.STATE_AGREED and settled.more(dispute, profile) > 0


def fill(
    statement: Statement, disputes: Sequence[Dispute], profile: Profile, settled: Mapping[str, Settled] = _NOTHING
) -> None:
    """Compute a draft from the disputes that pay, in order of closing, up to the cap of the table. Raises NoRates.

    The rates in force on the day a dispute closed apply; the cap is that of the last one. Of a dispute in `settled` the
    line is a supplement.
    """
    ordered = sorted(disputes, key=lambda dispute: (_closed(dispute), dispute.name))
    lines = [
        _supplement(dispute, settled[dispute.name], profile)
        if dispute.name in settled
        else _line(dispute, _rates(dispute, profile))
        for dispute in ordered
    ]
    del statement.lines[:]
    statement.lines.extend(lines)
    statement.gross_fen = sum(line.amount_fen for line in lines)
    cap = _rates(ordered[-1], profile).cap_fen if ordered else 0
    statement.amount_fen = min(statement.gross_fen, cap)


def approve(statement: Statement, fresh: Statement, on: date) -> None:
    """Approve a draft that is still what its disputes give. Raises ImpossibleTransition, StaleDraft."""
    permit(statement, TRANSITIONS, "approve")
    if (list(statement.lines), statement.amount_fen) != (list(fresh.lines), fresh.amount_fen):
        raise StaleDraft
    set_date(statement.approved_date, on)
    move(statement, TRANSITIONS, "approve")


def pay(statement: Statement, on: date, earmark: str) -> fund_entry_pb2.FundEntry:
    """Record the payment and return the spending to enter. Raises ImpossibleTransition, NothingToPay."""
    permit(statement, TRANSITIONS, "pay")
    if statement.amount_fen <= 0:
        raise NothingToPay("amount_fen")
    set_date(statement.paid_date, on)
    statement.earmark = earmark or EARMARK
    move(statement, TRANSITIONS, "pay")
    return fund_entry_pb2.FundEntry(
        office=statement.office,
        place=statement.place,
        earmark=statement.earmark,
        year=on.year,
        kind=fund_entry_pb2.FUND_ENTRY_KIND_SPENDING,
        amount_fen=statement.amount_fen,
        entry_date=statement.paid_date,
        purpose=PURPOSE,
        reference=statement.name,
    )


def is_fixed(statement: Statement) -> bool:
    """Tell whether a statement is approved or paid: it is corrected from then on, not updated."""
    return statement.state != DRAFT


def tier(dispute: Dispute) -> piece_rate_statement_pb2.PieceTier.ValueType:
    """Return the row of the rate table that a dispute pays by."""
    if dispute.major:
        return piece_rate_statement_pb2.PIECE_TIER_MAJOR
    if dispute.difficult:
        return piece_rate_statement_pb2.PIECE_TIER_DIFFICULT
    return piece_rate_statement_pb2.PIECE_TIER_SIMPLE


def _line(dispute: Dispute, rates: RateRule) -> Line:
    row, confirmed = tier(dispute), is_confirmed(dispute)
    return Line(
        dispute=dispute.name,
        dispute_key=dispute.key,
        tier=row,
        confirmed=confirmed,
        closed_date=dispute.closed_date,
        amount_fen=rates.amount(_TIERS[row], "confirmed" if confirmed else "agreement"),
    )


def _supplement(dispute: Dispute, settled: Settled, profile: Profile) -> Line:
    return Line(
        dispute=dispute.name,
        dispute_key=dispute.key,
        tier=settled.line.tier,
        confirmed=True,
        closed_date=settled.line.closed_date,
        amount_fen=settled.more(dispute, profile),
        supplement=True,
    )


def _rates(dispute: Dispute, profile: Profile) -> RateRule:
    closed = _closed(dispute)
    rates = profile.rate_rule(closed)
    if rates is None:
        raise NoRates("month_date", on=closed)
    return rates


def _month(statement: Statement) -> date:
    month = to_date(statement.month_date)
    assert month is not None, "the contract requires the month"
    return month


def _closed(dispute: Dispute) -> date:
    closed = to_date(dispute.closed_date)
    assert closed is not None, "only closed disputes pay"
    return closed
