"""Rules of funds: what an earmark covers, and what is left of it."""

from __future__ import annotations

import pytest
from geju.funds.v1.fund_entry_pb2 import (
    FUND_ENTRY_KIND_BUDGET,
    FUND_ENTRY_KIND_DONATION,
    FUND_ENTRY_KIND_GRANT,
    FUND_ENTRY_KIND_SPENDING,
    FundEntry,
)
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.domain.errors import OverBudget
from services.chassis.funds.rules import Balance, effect, purse

KINDS = [FUND_ENTRY_KIND_BUDGET, FUND_ENTRY_KIND_GRANT, FUND_ENTRY_KIND_DONATION, FUND_ENTRY_KIND_SPENDING]


def test_only_spending_takes_away() -> None:
    """Budget, grants and donations add to an earmark, spending takes away."""
    assert [effect(FundEntry(kind=kind, amount_fen=5)) for kind in KINDS] == [5, 5, 5, -5]


def test_a_purse_is_an_earmark_of_a_year() -> None:
    """Money belongs to its earmark and year, whatever office it is for."""
    assert purse(FundEntry(earmark="piece_rate", year=2012, office="north")) == ("piece_rate", 2012)


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 1000))))
def test_a_balance_never_falls_below_nothing(entries: list[tuple[int, int]]) -> None:
    """Whatever is entered in whatever order, the balance is what was accepted and never negative."""
    balance, accepted = Balance(0), 0
    for kind, amount in entries:
        entry = FundEntry(kind=kind, amount_fen=amount)  # type: ignore[arg-type]
        try:
            balance.change(entry, effect(entry))
            accepted += effect(entry)
        except OverBudget:
            assert accepted + effect(entry) < 0
        assert balance.available == accepted >= 0


def test_a_purse_that_is_overdrawn_already_may_be_filled() -> None:
    """An overdrawn earmark (an older rule) accepts money, but no further spending."""
    balance = Balance(-10)
    balance.change(FundEntry(), 5)
    with pytest.raises(OverBudget):
        balance.change(FundEntry(), -1)
    assert balance.available == -5
