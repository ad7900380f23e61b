"""Piece-rate statements hold each dispute that pays once, at the rates of its day, up to the cap."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.funds.v1 import fund_entry_pb2
from geju.mediation.v1 import dispute_pb2, piece_rate_statement_pb2, rate_scheme_pb2

from services.chassis.domain.errors import BadReference, ImpossibleTransition, RuleError
from services.chassis.domain.steps import permit
from services.mediation.domain import piece_rate
from services.mediation.domain.register_errors import (
    MonthNotEnded,
    NoRates,
    NotFirstOfMonth,
    NothingToPay,
    StaleDraft,
    StatementFixed,
)
from tests.unit.mediation.district import PROFILE, changed, on, ref, rules

Dispute = dispute_pb2.Dispute
CONFIRMED = dispute_pb2.Confirmation(result=dispute_pb2.CONFIRMATION_RESULT_CONFIRMED)
AGREED = Dispute(
    name=ref("disputes"),
    key="D-1",
    office="north",
    mediator=ref("mediators"),
    state=Dispute.STATE_AGREED,
    closed_date=on(2012, 5, 20),
)
SCHEME = rate_scheme_pb2.RateScheme(office="north", from_date=on(2012, 5, 10))
DRAFT = piece_rate.blank("north", ref("mediators"), date(2012, 5, 1))


def dispute(number: int, **fields: Any) -> Dispute:
    """Return an agreed dispute of its own name."""
    found: Dispute = changed(AGREED, name=ref("disputes", number), key=f"D-{number}", **fields)
    return found


@pytest.mark.parametrize(
    ("record", "settled", "expected"),
    [
        (AGREED, set(), True),
        (changed(AGREED, closed_date=on(2012, 5, 10)), set(), True),
        (changed(AGREED, closed_date=on(2012, 5, 9)), set(), False),
        (changed(AGREED, closed_date=None), set(), False),
        (changed(AGREED, state=Dispute.STATE_FAILED), set(), False),
        (changed(AGREED, state=Dispute.STATE_IN_MEDIATION), set(), False),
        (changed(AGREED, mediator=None), set(), False),
        (AGREED, {AGREED.name}, False),
    ],
)
def test_a_dispute_pays_once_for_an_agreement_under_a_scheme(
    record: Any,
    settled: set[str],
    expected: bool,  # noqa: FBT001
) -> None:
    """A dispute pays when it closed with an agreement while a scheme was in force, and was not paid before."""
    assert expected == piece_rate.pays(record, [SCHEME], settled)


@pytest.mark.parametrize(
    ("fields", "tier", "confirmed", "amount"),
    [
        ({}, piece_rate_statement_pb2.PIECE_TIER_SIMPLE, False, 5000),
        ({"confirmation": CONFIRMED}, piece_rate_statement_pb2.PIECE_TIER_SIMPLE, True, 8000),
        ({"difficult": True}, piece_rate_statement_pb2.PIECE_TIER_DIFFICULT, False, 15000),
        ({"difficult": True, "confirmation": CONFIRMED}, piece_rate_statement_pb2.PIECE_TIER_DIFFICULT, True, 20000),
        ({"major": True, "difficult": True}, piece_rate_statement_pb2.PIECE_TIER_MAJOR, False, 50000),
        ({"major": True, "confirmation": CONFIRMED}, piece_rate_statement_pb2.PIECE_TIER_MAJOR, True, 60000),
        ({"closed_date": on(2012, 5, 15)}, piece_rate_statement_pb2.PIECE_TIER_SIMPLE, False, 3000),
    ],
)
def test_a_line_follows_the_rate_table_of_its_day(fields: Any, tier: int, confirmed: bool, amount: int) -> None:  # noqa: FBT001
    """Difficulty, confirmation and the day of closing decide what a dispute pays."""
    record, statement = changed(AGREED, **fields), changed(DRAFT)
    piece_rate.fill(statement, [record], PROFILE)
    expected = piece_rate_statement_pb2.StatementLine(
        dispute=record.name,
        dispute_key="D-1",
        tier=tier,  # type: ignore[arg-type]
        confirmed=confirmed,
        closed_date=record.closed_date,
        amount_fen=amount,
    )
    assert [expected] == list(statement.lines)
    assert (amount, amount) == (statement.gross_fen, statement.amount_fen)


def test_a_statement_pays_up_to_the_cap() -> None:
    """The sum of the lines stays what it is; the amount to pay ends at the cap of the table."""
    statement = changed(DRAFT)
    piece_rate.fill(statement, [dispute(n, major=True) for n in range(1, 4)], PROFILE)
    assert (statement.gross_fen, statement.amount_fen) == (150000, 100000)


def settled(record: Dispute) -> dict[str, piece_rate.Settled]:
    """Return what the approved statement of May holds of a dispute."""
    statement = changed(DRAFT, state=piece_rate.APPROVED)
    piece_rate.fill(statement, [record], PROFILE)
    return piece_rate.Ledger([statement], date(2012, 6, 1)).settled


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (AGREED, changed(AGREED, confirmation=CONFIRMED), 3000),
        (AGREED, changed(AGREED, confirmation=CONFIRMED, major=True), 3000),
        (changed(AGREED, major=True), changed(AGREED, confirmation=CONFIRMED), 10000),
        (AGREED, AGREED, 0),
        (AGREED, changed(AGREED, major=True), 0),
        (changed(AGREED, confirmation=CONFIRMED), changed(AGREED, confirmation=CONFIRMED), 0),
        (changed(AGREED, closed_date=on(2012, 5, 15)), changed(AGREED, confirmation=CONFIRMED), 0),
    ],
)
def test_only_a_confirmation_adds_to_what_was_settled(before: Dispute, after: Dispute, expected: int) -> None:
    """The difference is that of the tier and the rates of the line that was settled; nothing else is paid later."""
    assert expected == settled(before)[AGREED.name].more(after, PROFILE)


def test_a_supplement_counts_towards_the_cap() -> None:
    """A month pays no more than the cap, supplements included."""
    statement, known = changed(DRAFT), settled(changed(AGREED, major=True))
    late = changed(AGREED, confirmation=CONFIRMED)
    piece_rate.fill(statement, [late, *(dispute(n, major=True) for n in range(2, 4))], PROFILE, known)
    assert (110000, 100000) == (statement.gross_fen, statement.amount_fen)
    assert [True, False, False] == [line.supplement for line in statement.lines]


def test_filling_again_changes_nothing() -> None:
    """A draft of the same disputes is the same, in whatever order they come."""
    disputes = [dispute(1), dispute(2, closed_date=on(2012, 5, 18)), dispute(3, major=True)]
    once, twice = changed(DRAFT), changed(DRAFT)
    piece_rate.fill(once, disputes, PROFILE)
    piece_rate.fill(twice, disputes[::-1], PROFILE)
    piece_rate.fill(twice, disputes, PROFILE)
    assert once == twice
    assert [line.dispute_key for line in once.lines] == ["D-2", "D-1", "D-3"]


def test_a_draft_of_nothing_is_empty() -> None:
    """A draft that nothing pays for any more holds and pays nothing."""
    statement = changed(DRAFT)
    piece_rate.fill(statement, [AGREED], PROFILE)
    piece_rate.fill(statement, [], PROFILE)
    assert statement == DRAFT


def test_without_rates_nothing_is_computed() -> None:
    """A day on which the profile has no rates is refused."""
    with pytest.raises(NoRates):
        piece_rate.fill(changed(DRAFT), [changed(AGREED, closed_date=on(2007, 5, 1))], PROFILE)


@pytest.mark.parametrize(
    ("day", "today", "expected"),
    [
        (date(2012, 5, 20), date(2012, 6, 1), (date(2012, 5, 1), date(2012, 5, 31))),
        (date(2012, 2, 1), date(2012, 6, 1), (date(2012, 2, 1), date(2012, 2, 29))),
        (date(2011, 12, 31), date(2012, 1, 1), (date(2011, 12, 1), date(2011, 12, 31))),
        (date(2012, 5, 20), date(2012, 5, 31), None),
        (date(2012, 7, 1), date(2012, 6, 1), None),
    ],
)
def test_only_a_month_that_has_ended_is_settled(day: date, today: date, expected: Any) -> None:
    """A month is its first to last day, and not to be settled on its last."""
    if expected is None:
        with pytest.raises(MonthNotEnded):
            piece_rate.ended_month(day, today)
    else:
        assert expected == piece_rate.ended_month(day, today)


FIXED = changed(DRAFT, state=piece_rate.APPROVED)


@pytest.mark.parametrize(
    ("new", "old", "error"),
    [
        (changed(DRAFT, mediator="M-1"), None, BadReference),
        (changed(DRAFT, month_date=on(2012, 5, 2)), None, NotFirstOfMonth),
        (changed(DRAFT, month_date=on(2012, 6, 1)), None, MonthNotEnded),
        (changed(FIXED, mediator=ref("mediators", 2)), FIXED, StatementFixed),
        (changed(FIXED, month_date=on(2012, 4, 1)), FIXED, StatementFixed),
    ],
)
def test_a_statement_that_contradicts_itself_is_refused(new: Any, old: Any, error: type[RuleError]) -> None:
    """A statement is of a mediator and an ended month, which stay what they are once it is approved."""
    with pytest.raises(error):
        piece_rate.check(new, old, rules())


def test_a_new_statement_is_a_draft() -> None:
    """A statement starts as a draft; one that is fixed may still get a number."""
    made = changed(DRAFT, state=None)
    piece_rate.check(made, None, rules())
    piece_rate.check(changed(FIXED, key="S-1"), FIXED, rules())
    assert made.state == piece_rate.DRAFT
    assert (piece_rate.is_fixed(made), piece_rate.is_fixed(FIXED)) == (False, True)


@pytest.mark.parametrize("state", [piece_rate.DRAFT, piece_rate.APPROVED, piece_rate.PAID])
@pytest.mark.parametrize("step", sorted(piece_rate.TRANSITIONS))
def test_statements_move_as_the_table_says(state: int, step: str) -> None:
    """A step is possible in exactly the states that the table names for it."""
    statement = changed(DRAFT, state=state)
    if state in piece_rate.TRANSITIONS[step].permitted:
        permit(statement, piece_rate.TRANSITIONS, step)
        return
    with pytest.raises(ImpossibleTransition) as refusal:
        permit(statement, piece_rate.TRANSITIONS, step)
    assert piece_rate.TRANSITIONS[step].zh == refusal.value.facts["action"]


def filled() -> piece_rate.Statement:
    """Return a draft of one dispute."""
    statement: piece_rate.Statement = changed(DRAFT, name=ref("pieceRateStatements"))
    piece_rate.fill(statement, [AGREED], PROFILE)
    return statement


def test_a_draft_is_approved_as_it_was_seen() -> None:
    """An approved statement keeps its lines and says when it was approved."""
    statement = filled()
    piece_rate.approve(statement, filled(), date(2012, 6, 2))
    assert (piece_rate.APPROVED, on(2012, 6, 2), 5000) == (
        statement.state,
        statement.approved_date,
        statement.amount_fen,
    )


def test_a_draft_that_its_disputes_no_longer_give_is_refused() -> None:
    """A draft from before a change to its disputes must be drafted again."""
    stale = filled()
    now = changed(stale)
    piece_rate.fill(now, [changed(AGREED, confirmation=CONFIRMED)], PROFILE)
    with pytest.raises(StaleDraft):
        piece_rate.approve(stale, now, date(2012, 6, 2))
    assert stale.state == piece_rate.DRAFT


@pytest.mark.parametrize(("earmark", "expected"), [("", "piece_rate"), ("mediation_work", "mediation_work")])
def test_paying_gives_the_spending_to_enter(earmark: str, expected: str) -> None:
    """A payment is spent from its earmark, for the subsidy, with the statement as its reference."""
    statement = changed(filled(), state=piece_rate.APPROVED)
    spending = piece_rate.pay(statement, date(2012, 6, 3), earmark)
    assert (piece_rate.PAID, on(2012, 6, 3), expected) == (statement.state, statement.paid_date, statement.earmark)
    assert spending == fund_entry_pb2.FundEntry(
        office="north",
        earmark=expected,
        year=2012,
        kind=fund_entry_pb2.FUND_ENTRY_KIND_SPENDING,
        amount_fen=5000,
        entry_date=on(2012, 6, 3),
        purpose="subsidy",
        reference=statement.name,
    )


def test_nothing_is_not_paid() -> None:
    """A statement of nothing cannot be paid."""
    with pytest.raises(NothingToPay):
        piece_rate.pay(changed(FIXED), date(2012, 6, 3), "")


def test_a_statement_can_be_approved_from_the_next_month() -> None:
    """The first day of the next month is the first to approve on."""
    assert on(2012, 6, 1) == piece_rate.payable_from(DRAFT)
