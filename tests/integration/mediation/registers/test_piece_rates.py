"""Piece-rate statements: drafted from disputes, approved as seen, paid once and within the budget."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
from geju.funds.v1 import fund_entry_pb2
from geju.mediation.v1 import dispute_pb2, facts_pb2, piece_rate_statement_pb2

from services.chassis.domain.errors import (
    DateOrder,
    ImpossibleTransition,
    NotFound,
    OverBudget,
    PaysARecord,
    PurposeNotCovered,
    RuleError,
    UnknownOffice,
)
from services.mediation.domain.register_errors import (
    MonthNotEnded,
    NoScheme,
    NothingToPay,
    StaleDraft,
    StatementExists,
)
from tests.integration.mediation.registers.conftest import NORTH, SOUTH, Bench, agreed
from tests.unit.mediation.district import on

SERVICE = "PieceRateStatementService"
CONFIRMED = dispute_pb2.Confirmation(result=dispute_pb2.CONFIRMATION_RESULT_CONFIRMED)
Statement = piece_rate_statement_pb2.PieceRateStatement


async def draft(bench: Bench, caller: Any = NORTH, office: str = "north", month: Any = None) -> list[Statement]:
    """Draft the statements of an office for May 2012."""
    month = month or on(2012, 5, 1)
    answer = await bench.call(f"{SERVICE}/DraftStatements", caller, office=office, month_date=month)
    return list(answer.piece_rate_statements)


async def drafted(bench: Bench, *more: dispute_pb2.Dispute) -> Statement:
    """Draft the statement of one mediator with one simple dispute in May, and more."""
    person = await bench.mediator()
    await bench.scheme()
    await bench.disputes(agreed(person.name), *more)
    return (await draft(bench))[0]


async def approved(bench: Bench) -> Statement:
    """Draft and approve a statement of 5000 fen."""
    statement = await drafted(bench)
    answer = await bench.call(f"{SERVICE}/ApproveStatement", NORTH, name=statement.name)
    return answer.piece_rate_statement  # type: ignore[no-any-return]


async def test_each_mediator_gets_what_the_rates_say(bench: Bench) -> None:
    """Drafts hold the agreed disputes of the month, by mediator, at the rates of the day."""
    first = await bench.mediator()
    second = await bench.mediator(full_name="测试乙", committee=first.committee)
    await bench.scheme()
    await bench.disputes(
        agreed(first.name, key="D-1"),
        agreed(first.name, date(2012, 5, 15), key="D-2", major=True),
        agreed(second.name, key="D-3", confirmation=CONFIRMED),
        agreed(second.name, date(2012, 4, 30), key="D-4"),
        agreed(second.name, date(2012, 6, 1), key="D-5"),
        agreed(second.name, key="D-6", state=dispute_pb2.Dispute.STATE_FAILED),
    )
    statements = {s.mediator: s for s in await draft(bench, month=on(2012, 5, 20))}
    assert [line.dispute_key for line in statements[first.name].lines] == ["D-2", "D-1"]
    assert [line.dispute_key for line in statements[second.name].lines] == ["D-3"]
    assert (statements[first.name].amount_fen, statements[second.name].amount_fen) == (35000, 8000)
    facts = await bench.facts("piece_rate_statement", facts_pb2.PieceRateStatementFacts)
    assert sorted((f.disputes, f.amount_fen) for f in facts) == [(1, 8000), (2, 35000)]


async def test_drafting_again_writes_nothing_new(bench: Bench) -> None:
    """A draft that comes out the same keeps its revision; one that does not gets the next."""
    person = await bench.mediator()
    await bench.scheme()
    (dispute,) = await bench.disputes(agreed(person.name))
    once, twice = await draft(bench), await draft(bench)
    assert (once, once[0].revision) == (twice, 1)
    await bench.disputes(agreed(person.name, difficult=True))
    more = await draft(bench)
    assert (more[0].name, more[0].revision, more[0].amount_fen) == (once[0].name, 2, 20000)
    await bench.put(dispute_pb2.Dispute.FromString(dispute.SerializeToString()))
    assert (await draft(bench))[0].revision == 2


async def test_a_draft_that_nothing_pays_for_any_more_goes(bench: Bench) -> None:
    """When a dispute is reopened its draft is deleted."""
    person = await bench.mediator()
    await bench.scheme()
    (dispute,) = await bench.disputes(agreed(person.name))
    assert len(await draft(bench)) == 1
    dispute.state = dispute_pb2.Dispute.STATE_IN_MEDIATION
    await bench.put(dispute, "reopened")
    assert await draft(bench) == []
    assert await bench.count("piece_rate_statement") == 0


async def test_a_dispute_that_came_too_late_is_paid_in_the_next_draft(bench: Bench) -> None:
    """What is entered after its month's statement was approved is carried over, into one draft and only once."""
    person = await bench.mediator()
    await bench.scheme()
    (april,) = await bench.disputes(agreed(person.name, date(2012, 4, 10), key="D-1"))
    (first,) = await draft(bench, month=on(2012, 4, 1))
    await bench.call(f"{SERVICE}/ApproveStatement", NORTH, name=first.name)
    await bench.disputes(agreed(person.name, date(2012, 4, 11), key="D-2"))
    await bench.disputes(agreed(person.name, date(2012, 3, 30), key="D-3"))
    assert [line.dispute for line in (await draft(bench, month=on(2012, 4, 1)))[0].lines] == [april.name]
    (may,) = await draft(bench)
    assert [line.dispute_key for line in may.lines] == ["D-2"]
    (march,) = await draft(bench, month=on(2012, 3, 1))
    assert [line.dispute_key for line in march.lines] == ["D-3"]
    await bench.call(f"{SERVICE}/ApproveStatement", NORTH, name=may.name)
    bench.clock.set(datetime(2012, 7, 2, tzinfo=UTC))
    assert list(await draft(bench, month=on(2012, 6, 1))) == []


async def test_a_late_confirmation_is_paid_as_a_supplement(bench: Bench) -> None:
    """What the court confirms after the approval pays the difference in the next draft, once, to whom it was paid."""
    person = await bench.mediator()
    other = await bench.mediator(full_name="测试乙", committee=person.committee)
    await bench.scheme()
    (dispute,) = await bench.disputes(agreed(person.name, key="D-1"))
    (may,) = await draft(bench)
    await bench.call(f"{SERVICE}/ApproveStatement", NORTH, name=may.name)
    bench.clock.set(datetime(2012, 8, 2, tzinfo=UTC))
    assert await draft(bench, month=on(2012, 6, 1)) == []
    dispute.confirmation.CopyFrom(CONFIRMED)
    dispute.mediator, dispute.major = other.name, True
    await bench.put(dispute, "confirmed")
    (june,) = await draft(bench, month=on(2012, 6, 1))
    expected = piece_rate_statement_pb2.StatementLine(
        dispute=dispute.name,
        dispute_key="D-1",
        tier=piece_rate_statement_pb2.PIECE_TIER_SIMPLE,
        confirmed=True,
        closed_date=on(2012, 5, 20),
        amount_fen=3000,
        supplement=True,
    )
    assert (person.name, 3000, [expected]) == (june.mediator, june.amount_fen, list(june.lines))
    assert await draft(bench, month=on(2012, 7, 1)) == []
    await bench.call(f"{SERVICE}/ApproveStatement", NORTH, name=june.name)
    assert await draft(bench, month=on(2012, 7, 1)) == []
    facts = await bench.facts("piece_rate_statement", facts_pb2.PieceRateStatementFacts)
    assert [(1, 5000), (0, 3000)] == [(f.disputes, f.amount_fen) for f in facts]


async def test_a_late_dispute_is_in_one_draft_at_a_time(bench: Bench) -> None:
    """Drafts of two later months do not both promise the same money."""
    person = await bench.mediator()
    await bench.scheme()
    await bench.disputes(agreed(person.name, date(2012, 3, 10), key="D-1"))
    (first,) = await draft(bench, month=on(2012, 3, 1))
    await bench.call(f"{SERVICE}/ApproveStatement", NORTH, name=first.name)
    await bench.disputes(agreed(person.name, date(2012, 3, 11), key="D-2"))
    assert [line.dispute_key for line in (await draft(bench))[0].lines] == ["D-2"]
    assert await draft(bench, month=on(2012, 4, 1)) == []


@pytest.mark.parametrize(
    ("caller", "office", "month", "error"),
    [
        (NORTH, "north", on(2012, 6, 1), MonthNotEnded),
        (NORTH, "north", on(2011, 12, 1), NoScheme),
        (NORTH, "west", on(2012, 5, 1), UnknownOffice),
        (SOUTH, "north", on(2012, 5, 1), NotFound),
    ],
)
async def test_drafts_are_made_of_ended_months_under_a_scheme(
    bench: Bench, caller: Any, office: str, month: Any, error: type[RuleError]
) -> None:
    """A month that runs, an office without a scheme and an office of others are refused."""
    await bench.scheme()
    with pytest.raises(error):
        await draft(bench, caller, office, month)


async def test_an_approved_statement_stays_when_drafted_again(bench: Bench) -> None:
    """What was approved is not computed again, and its disputes pay nowhere else."""
    statement = await approved(bench)
    other = await bench.mediator(full_name="测试乙")
    (kept,) = await bench.disputes(agreed(other.name))
    again = await draft(bench)
    assert statement in again
    assert sorted(line.dispute for s in again for line in s.lines) == sorted([statement.lines[0].dispute, kept.name])


async def test_a_dispute_is_paid_once_only(bench: Bench) -> None:
    """A dispute in an approved statement pays neither in a later month nor for another mediator."""
    person = await bench.mediator()
    other = await bench.mediator(full_name="测试乙", committee=person.committee)
    await bench.scheme()
    (dispute,) = await bench.disputes(agreed(person.name, date(2012, 4, 20)))
    (april,) = await draft(bench, month=on(2012, 4, 1))
    await bench.call(f"{SERVICE}/ApproveStatement", name=april.name)
    dispute.closed_date.CopyFrom(on(2012, 5, 20))
    dispute.mediator = other.name
    await bench.put(dispute, "closed")
    assert await draft(bench) == []


async def test_a_draft_is_approved_only_as_its_disputes_stand(bench: Bench) -> None:
    """A draft from before a change is refused until it is drafted again."""
    person = await bench.mediator()
    await bench.scheme()
    (dispute,) = await bench.disputes(agreed(person.name))
    (statement,) = await draft(bench)
    dispute.confirmation.CopyFrom(CONFIRMED)
    await bench.put(dispute, "confirmed")
    with pytest.raises(StaleDraft):
        await bench.call(f"{SERVICE}/ApproveStatement", name=statement.name)
    (fresh,) = await draft(bench)
    answer = await bench.call(f"{SERVICE}/ApproveStatement", name=fresh.name)
    assert (answer.piece_rate_statement.amount_fen, answer.piece_rate_statement.state) == (
        8000,
        Statement.STATE_APPROVED,
    )


async def test_paying_enters_the_spending(bench: Bench) -> None:
    """A payment and its spending are written together and refer to each other."""
    statement = await approved(bench)
    await bench.budget(5000)
    paid = (await bench.call(f"{SERVICE}/PayStatement", name=statement.name)).piece_rate_statement
    entry = (await bench.call("FundEntryService/GetFundEntry", name=paid.fund_entry)).fund_entry
    assert (paid.state, paid.paid_date, paid.earmark) == (Statement.STATE_PAID, on(2012, 6, 1), "piece_rate")
    assert (entry.kind, entry.amount_fen, entry.earmark, entry.year, entry.reference) == (
        fund_entry_pb2.FUND_ENTRY_KIND_SPENDING,
        5000,
        "piece_rate",
        2012,
        statement.name,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"amount_fen": 1},
        {"earmark": "mediation_work", "purpose": "guidance"},
        {"year": 2013},
        {"kind": fund_entry_pb2.FUND_ENTRY_KIND_GRANT},
        {"reference": "凭证1号"},
    ],
)
async def test_what_a_statement_was_paid_with_stays(bench: Bench, change: Any) -> None:
    """The spending of a paid statement is neither altered nor deleted, the statement would stay paid without it."""
    statement = await approved(bench)
    await bench.budget(5000)
    await bench.budget(5000, "mediation_work")
    paid = (await bench.call(f"{SERVICE}/PayStatement", name=statement.name)).piece_rate_statement
    entry = fund_entry_pb2.FundEntry(name=paid.fund_entry, **change)
    for method in ("Update", "Correct"):
        why = {"reason": "登记有误"} if method == "Correct" else {}
        with pytest.raises(PaysARecord):
            await bench.call(f"FundEntryService/{method}FundEntry", fund_entry=entry, **why)
    with pytest.raises(PaysARecord, match="结算单"):
        await bench.call("FundEntryService/DeleteFundEntry", name=paid.fund_entry, reason="登记有误")


async def test_what_a_payment_does_not_say_may_be_corrected(bench: Bench) -> None:
    """The own number of a spending is free; an entry that only mentions a statement is not protected."""
    statement = await approved(bench)
    await bench.budget(9000)
    paid = (await bench.call(f"{SERVICE}/PayStatement", name=statement.name)).piece_rate_statement
    numbered = fund_entry_pb2.FundEntry(name=paid.fund_entry, key="ZC-1")
    assert "ZC-1" == (await bench.call("FundEntryService/UpdateFundEntry", fund_entry=numbered)).fund_entry.key
    other = fund_entry_pb2.FundEntry(reference=paid.name, purpose="subsidy", amount_fen=1, kind=4, year=2012)
    other.MergeFrom(fund_entry_pb2.FundEntry(office="north", earmark="piece_rate", entry_date=on(2012, 6, 1)))
    made = (await bench.call("FundEntryService/CreateFundEntry", fund_entry=other)).fund_entry
    await bench.call("FundEntryService/DeleteFundEntry", name=made.name, reason="重复登记")


@pytest.mark.parametrize(
    ("budget", "fields", "error"),
    [
        (4999, {}, OverBudget),
        (0, {}, OverBudget),
        (5000, {"earmark": "mediation_work"}, PurposeNotCovered),
        (5000, {"paid_date": on(2012, 5, 31)}, DateOrder),
    ],
)
async def test_a_refused_payment_leaves_nothing(bench: Bench, budget: int, fields: Any, error: type[RuleError]) -> None:
    """Without money or for what the earmark does not cover, neither payment nor spending is written."""
    statement = await approved(bench)
    if budget:
        await bench.budget(budget)
    entries = await bench.count("fund_entry")
    with pytest.raises(error):
        await bench.call(f"{SERVICE}/PayStatement", name=statement.name, **fields)
    kept = (await bench.call(f"{SERVICE}/GetPieceRateStatement", name=statement.name)).piece_rate_statement
    assert (kept, await bench.count("fund_entry")) == (statement, entries)


async def test_two_payments_at_once_spend_once(bench: Bench) -> None:
    """Of two payments of a statement sent at once one is refused, and the money is spent once."""
    statement = await approved(bench)
    await bench.budget(50000)
    answers = await asyncio.gather(
        *(bench.call(f"{SERVICE}/PayStatement", name=statement.name) for _ in range(2)), return_exceptions=True
    )
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [ImpossibleTransition]
    assert await bench.count("fund_entry") == 2


async def test_steps_out_of_turn_are_refused(bench: Bench) -> None:
    """A draft is not paid, an approved statement not approved again, a paid one not deleted."""
    statement = await drafted(bench)
    await bench.budget(50000)
    with pytest.raises(ImpossibleTransition):
        await bench.call(f"{SERVICE}/PayStatement", name=statement.name)
    await bench.call(f"{SERVICE}/ApproveStatement", name=statement.name)
    with pytest.raises(ImpossibleTransition):
        await bench.call(f"{SERVICE}/ApproveStatement", name=statement.name)
    await bench.call(f"{SERVICE}/PayStatement", name=statement.name)
    with pytest.raises(ImpossibleTransition):
        await bench.call(f"{SERVICE}/DeletePieceRateStatement", name=statement.name, reason="误操作")


async def test_a_statement_made_by_hand_is_computed_too(bench: Bench) -> None:
    """Creating a statement computes it; a second one and one of nothing are refused."""
    person = await bench.mediator()
    await bench.scheme()
    await bench.disputes(agreed(person.name))
    given = {"office": "north", "mediator": person.name, "month_date": on(2012, 5, 1), "amount_fen": 999999}
    made = (await bench.call(f"{SERVICE}/CreatePieceRateStatement", piece_rate_statement=given)).piece_rate_statement
    assert (made.amount_fen, len(made.lines), made.state) == (5000, 1, Statement.STATE_DRAFT)
    with pytest.raises(StatementExists):
        await bench.call(f"{SERVICE}/CreatePieceRateStatement", piece_rate_statement=given)
    april = given | {"month_date": on(2012, 4, 1)}
    with pytest.raises(NothingToPay):
        await bench.call(f"{SERVICE}/CreatePieceRateStatement", piece_rate_statement=april)
    assert await draft(bench) == [made]
