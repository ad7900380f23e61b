"""An earmark's money is spent once, and for what it is meant for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from geju.common.v1 import import_pb2
from geju.funds.v1 import facts_pb2, fund_entry_pb2, fund_entry_service_pb2

from services.chassis.domain.errors import OverBudget, PurposeNotCovered, UnknownEarmark
from tests.integration.chassis.conftest import CLERK, Bench, entry, rid

BUDGET, GRANT = fund_entry_pb2.FUND_ENTRY_KIND_BUDGET, fund_entry_pb2.FUND_ENTRY_KIND_GRANT
DONATION, SPENDING = fund_entry_pb2.FUND_ENTRY_KIND_DONATION, fund_entry_pb2.FUND_ENTRY_KIND_SPENDING


async def test_money_comes_from_budget_grants_and_donations(bench: Bench) -> None:
    """What was set aside, granted and donated may be spent to the last fen, and not one more."""
    for kind in (BUDGET, GRANT, DONATION):
        await bench.fund(kind, 100)
    await bench.fund(SPENDING, 300)
    with pytest.raises(OverBudget) as refused:
        await bench.fund(SPENDING, 1)
    assert (refused.value.facts["available"], refused.value.facts["amount"]) == ("0.00", "0.01")


async def test_money_of_another_year_or_office_is_counted_right(bench: Bench) -> None:
    """Another year's money is not this year's; money of every office is the department's, whoever spends it."""
    await bench.fund(BUDGET, 100, year=2011, office="south")
    with pytest.raises(OverBudget):
        await bench.fund(SPENDING, 100)
    request = fund_entry_service_pb2.CreateFundEntryRequest(
        fund_entry=entry(SPENDING, 100, year=2011), request_id=rid()
    )
    await bench.call("funds/CreateFundEntry", request, CLERK)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"purpose": "party"}, PurposeNotCovered),
        ({"purpose": ""}, PurposeNotCovered),
        ({"earmark": "nothing"}, UnknownEarmark),
        ({"year": 2007}, UnknownEarmark),
    ],
)
async def test_earmarks_bind(bench: Bench, fields: dict[str, Any], error: type[Exception]) -> None:
    """Money is spent for a purpose that the earmark of that year covers."""
    await bench.fund(BUDGET, 100)
    with pytest.raises(error):
        await bench.fund(SPENDING, 1, **fields)


async def test_two_spenders_cannot_spend_the_same_money(bench: Bench) -> None:
    """Of spendings at the same time, those that fit are written and the others refused."""
    await bench.fund(BUDGET, 100)
    done = await asyncio.gather(*(bench.fund(SPENDING, 30) for _ in range(8)), return_exceptions=True)
    assert [sum(isinstance(d, kind) for d in done) for kind in (fund_entry_pb2.FundEntry, OverBudget)] == [3, 5]


async def test_money_that_was_spent_cannot_be_taken_back(bench: Bench) -> None:
    """Budget under a spending can be neither lowered nor deleted; the spending can."""
    budget, spending = await bench.fund(BUDGET, 100), await bench.fund(SPENDING, 60)
    lower = fund_entry_service_pb2.UpdateFundEntryRequest(
        fund_entry=fund_entry_pb2.FundEntry(name=budget.name, amount_fen=59), request_id=rid()
    )
    gone = fund_entry_service_pb2.DeleteFundEntryRequest(name=budget.name, reason="重复登记", request_id=rid())
    for method, request in (("UpdateFundEntry", lower), ("DeleteFundEntry", gone)):
        with pytest.raises(OverBudget):
            await bench.call(f"funds/{method}", request)
    gone.name, gone.request_id = spending.name, rid()
    await bench.call("funds/DeleteFundEntry", gone)
    lower.request_id = rid()
    assert (await bench.call("funds/UpdateFundEntry", lower)).fund_entry.amount_fen == 59


async def test_imported_spendings_share_one_purse(bench: Bench) -> None:
    """Rows of one sheet spend from the same balance; the one that exceeds it is rejected alone."""
    rows = [(1, BUDGET, 100), (2, SPENDING, 70), (3, SPENDING, 40), (4, SPENDING, 30)]
    request = fund_entry_service_pb2.ImportFundEntriesRequest(request_id=rid())
    for number, kind, amount in rows:
        request.rows.add(row=number, fund_entry=entry(kind, amount, key=f"F-{number}"))
    verdicts = (await bench.call("funds/ImportFundEntries", request)).verdicts
    assert [v.outcome == import_pb2.ROW_OUTCOME_CREATED for v in verdicts] == [True, True, False, True]
    assert [error.reason for error in verdicts[2].errors] == ["OVER_BUDGET"]


async def test_a_refused_row_leaves_every_purse_as_it_was(bench: Bench) -> None:
    """A spending that cannot move to another year's purse has not freed the money of its own."""
    for year, amount in ((2011, 50), (2012, 100)):
        await bench.fund(BUDGET, amount, year=year)
    rows = [entry(SPENDING, 100, key="F-1", year=2012), entry(SPENDING, 100, key="F-1", year=2013)]
    rows.append(entry(SPENDING, 1, key="F-2", year=2012))
    request = fund_entry_service_pb2.ImportFundEntriesRequest(request_id=rid())
    for number, row in enumerate(rows, 1):
        request.rows.add(row=number, fund_entry=row)
    verdicts = (await bench.call("funds/ImportFundEntries", request)).verdicts
    assert [v.outcome == import_pb2.ROW_OUTCOME_CREATED for v in verdicts] == [True, False, False]


async def test_an_entrys_facts_are_published(bench: Bench) -> None:
    """The facts of an entry say what it does to which earmark, on the day it speaks of."""
    made = await bench.fund(BUDGET, 100)
    facts = facts_pb2.FundEntryFacts.FromString((await bench.rows("SELECT facts FROM outbox"))[0][0])
    expected = facts_pb2.FundEntryFacts(
        office="north", earmark="piece_rate", year=2012, kind=BUDGET, amount_fen=100, entry_date=made.entry_date
    )
    expected.occurred.CopyFrom(made.entry_date)
    assert expected == facts
