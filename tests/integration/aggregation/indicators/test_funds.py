"""Funds by earmark."""

from __future__ import annotations

from geju.funds.v1 import fund_entry_pb2 as fe
from geju.funds.v1.facts_pb2 import FundEntryFacts

from tests.support.counting import Counting, on

BUDGET, SPENDING = fe.FUND_ENTRY_KIND_BUDGET, fe.FUND_ENTRY_KIND_SPENDING


async def test_budget_spending_and_execution(counting: Counting) -> None:
    """funds.budget, funds.spent, funds.execution_rate: by budget year and earmark; spending also by its own month."""
    await counting.put(
        FundEntryFacts(kind=BUDGET, year=2012, amount_fen=1000, entry_date=on(2011, 12, 20), earmark="a"),
        FundEntryFacts(kind=SPENDING, year=2012, amount_fen=400, entry_date=on(2012, 2, 1), earmark="a"),
        FundEntryFacts(kind=SPENDING, year=2011, amount_fen=50, entry_date=on(2012, 2, 1), earmark="b"),
        FundEntryFacts(
            kind=fe.FUND_ENTRY_KIND_DONATION, year=2012, amount_fen=7, entry_date=on(2012, 2, 1), earmark="a"
        ),
    )
    assert (1000, 0) == await counting.figure("funds.budget", "2012", "", "earmark", "a")
    assert (450, 0) == await counting.figure("funds.spent", "2012-02")
    assert (400, 1000) == await counting.figure("funds.execution_rate", "2012", "01")
    assert (50, 0) == await counting.figure("funds.execution_rate", "2011", "", "earmark", "b")


async def test_growth_compares_with_the_budget_of_the_year_before(counting: Counting) -> None:
    """funds.budget_growth: the difference over last year's; without a last year there is none; a year begun counts."""
    await counting.put(
        FundEntryFacts(kind=BUDGET, year=2011, amount_fen=1000, entry_date=on(2011, 1, 5), earmark="a"),
        FundEntryFacts(kind=BUDGET, year=2012, amount_fen=1200, entry_date=on(2012, 1, 5), earmark="a"),
        FundEntryFacts(kind=BUDGET, year=2011, amount_fen=300, entry_date=on(2011, 1, 5), earmark="b"),
    )
    assert (200, 1000) == await counting.figure("funds.budget_growth", "2012", "01", "earmark", "a")
    assert (-300, 300) == await counting.figure("funds.budget_growth", "2012", "", "earmark", "b")
    assert (0, 0) == await counting.figure("funds.budget_growth", "2011")
    assert (0, 0) == await counting.figure("funds.budget_growth", "2013")


async def test_growth_names_the_records_of_both_years(counting: Counting) -> None:
    """The members of a growth add up to it: those of the year before make N, and n is the change against them."""
    await counting.put(
        FundEntryFacts(kind=BUDGET, year=2011, amount_fen=1000, entry_date=on(2011, 1, 5), earmark="a"),
        FundEntryFacts(kind=BUDGET, year=2012, amount_fen=1200, entry_date=on(2012, 1, 5), earmark="a"),
    )
    assert await counting.figure("funds.budget_growth", "2012") == await counting.adds("funds.budget_growth", "2012")
    assert ["counted", "counted"] == await counting.reasons("funds.budget_growth", "2012")
    assert (0, 0) == await counting.adds("funds.budget_growth", "2011")
    assert ["nothing_before"] == await counting.reasons("funds.budget_growth", "2011")
