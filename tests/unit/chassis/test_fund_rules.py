"""Rules of funds: what an earmark covers, and what is left of it."""

from __future__ import annotations

from datetime import date

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
from services.chassis.domain.profile import Earmark, Profile
from services.chassis.funds.rules import Balance, effect, purse

BEGAN = date(2008, 1, 1)
EARMARKS = (Earmark("piece_rate", "以奖代补专项", "mediation", {}, 2008),)
PROFILE = Profile("00", "测试区", True, BEGAN, (), (), (), (), EARMARKS, (), (), 5)  # noqa: FBT003 (as it stands there)
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
            balance.check(entry, effect(entry), PROFILE)
            balance.available += effect(entry)
            accepted += effect(entry)
        except OverBudget:
            assert accepted + effect(entry) < 0
        assert balance.available == accepted >= 0


def test_a_purse_that_is_overdrawn_already_may_be_filled() -> None:
    """An overdrawn earmark (an older rule) accepts money, but no further spending."""
    balance = Balance(-10)
    balance.check(FundEntry(), 5, PROFILE)
    with pytest.raises(OverBudget):
        balance.check(FundEntry(), -1, PROFILE)


def test_what_is_over_budget_is_said_in_yuan() -> None:
    """A clerk reads the earmark's name and yuan, not a code and fen."""
    with pytest.raises(OverBudget, match=r"“以奖代补专项”2012年度可用余额:尚余 1,234\.50 元,本次 2,000\.00 元"):
        Balance(123450).check(FundEntry(earmark="piece_rate", year=2012), -200000, PROFILE)
