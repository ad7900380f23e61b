"""Legal-aid cases from receipt to the rated file and the subsidy, by whoever may, in the office that may."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from geju.funds.v1 import facts_pb2 as funds
from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.legalaid.v1 import aid_case_service_pb2, facts_pb2
from geju.options.v1 import options_pb2

from services.chassis import context
from services.chassis.contract import method as contract
from services.chassis.domain.errors import (
    ImpossibleTransition,
    NotFound,
    OverBudget,
    PaysARecord,
    PurposeNotCovered,
)
from services.chassis.domain.step_errors import StateMismatch, StepFact
from services.legalaid.domain.cases.errors import (
    DecidedByStep,
    LateForwarding,
    NotifiedCase,
    PaidBefore,
    PaidCase,
    RatedBefore,
    SamePersonDecides,
)
from tests.integration.legalaid.cases.conftest import CLERK, ELSEWHERE, HEAD, SECOND, SERVICE, Bench
from tests.integration.servicers import DEPARTMENT
from tests.support.records import changed, on
from tests.unit.legalaid.cases import cases as c
from tests.unit.legalaid.cases.cases import APPLICATION, HANDLER, OTHER

State = pb.AidCase
METHODS = aid_case_service_pb2.DESCRIPTOR.services_by_name["AidCaseService"].methods
PAY: dict[str, Any] = {"subsidy_fen": 150_000, "earmark": "legal_aid", "subsidy_date": on(2024, 7, 1)}
GOOD, PASS = pb.FILE_GRADE_GOOD, pb.FILE_GRADE_PASS


def row(key: str, **fields: Any) -> pb.AidCase:
    """Return a case as a spreadsheet has it."""
    found: pb.AidCase = changed(APPLICATION, key=key, **fields)
    return found


def reasons(verdicts: list[Any]) -> list[str]:
    """Return why each row was refused; empty for one that was not."""
    return [verdict.errors[0].reason if verdict.errors else "" for verdict in verdicts]


async def test_a_case_goes_its_way(bench: Bench) -> None:
    """Supplement, grant, handlers, result, file, ratings: each step with its change in the trail."""
    case = await bench.case()
    asked = {"from_date": on(2024, 3, 4), "supplement_due_date": on(2024, 3, 20), "requested": "收入证明"}
    assert State.STATE_SUPPLEMENT_REQUESTED == (await bench.step("RequestSupplement", case, CLERK, **asked)).state
    assert State.STATE_RECEIVED == (await bench.step("RecordSupplement", case, CLERK, to_date=on(2024, 3, 6))).state
    granted = await bench.step("GrantAid", case, CLERK, granted_date=on(2024, 3, 8))
    assert (on(2024, 3, 10), on(2024, 3, 8)) == (granted.limits[0].due, granted.limits[0].met_date)
    await bench.step("AssignHandler", case, CLERK, practitioner=HANDLER, assigned_date=on(2024, 3, 9))
    moved = {"practitioner": OTHER, "reassign_reason": pb.REASSIGN_REASON_LEFT, "assigned_date": on(2024, 3, 10)}
    await bench.step("ReassignHandler", case, **moved)
    await bench.step("BeginCase", case, CLERK, begun_date=on(2024, 3, 11))
    done = {"result": pb.AID_RESULT_MEDIATED, "closed_date": on(2024, 6, 3), "recovered_fen": 1_000_000}
    await bench.step("CloseCase", case, CLERK, **done, settled_before_litigation=True)
    await bench.step("ReturnFile", case, CLERK, file_returned_date=on(2024, 6, 10))
    rated = await bench.step("RateFile", case, grade=GOOD, rated_date=on(2024, 7, 1))
    assert (State.STATE_FILE_RETURNED, HEAD.subject) == (rated.state, rated.ratings[0].reviewer)
    rated = await bench.step("RateFile", case, SECOND, grade=GOOD, rated_date=on(2024, 7, 2))
    assert (State.STATE_RATED, GOOD, on(2024, 7, 2)) == (rated.state, rated.grade, rated.rated_date)
    changes = [entry["change"] for entry in await bench.rows("SELECT change FROM audit WHERE revision > 0 ORDER BY id")]
    assert [
        *("received", "supplement_requested", "supplemented", "granted", "assigned", "reassigned"),
        *("begun", "closed", "file_returned", "rated", "rated"),
    ] == changes
    [facts] = await bench.facts("aid_case", facts_pb2.AidCaseFacts)
    assert (on(2024, 3, 10), 5, OTHER.partition("/")[2], [HANDLER.partition("/")[2]]) == (
        facts.review_due,
        5,
        facts.practitioner,
        list(facts.former_practitioner),
    )


async def test_three_rate_where_two_disagree(bench: Bench) -> None:
    """Nobody rates twice."""
    case = await bench.closed()
    await bench.step("ReturnFile", case, file_returned_date=on(2024, 6, 10))
    await bench.step("RateFile", case, grade=GOOD)
    with pytest.raises(RatedBefore):
        await bench.step("RateFile", case, grade=PASS)
    await bench.step("RateFile", case, SECOND, grade=pb.FILE_GRADE_FAIL)
    rated = await bench.step("RateFile", case, DEPARTMENT, grade=PASS)
    assert (State.STATE_RATED, PASS) == (rated.state, rated.grade)
    with pytest.raises(ImpossibleTransition):
        await bench.step("RateFile", case, ELSEWHERE_DEPARTMENT, grade=GOOD)


ELSEWHERE_DEPARTMENT = context.Caller("department-2", frozenset({"department"}), frozenset({"*"}))


async def test_an_objection_is_decided_by_somebody_else(bench: Bench) -> None:
    """Whoever refused cannot, whoever recorded the refusal by correcting or importing cannot either."""
    case = await bench.case()
    given = {"refusal_ground": pb.AID_REFUSAL_GROUND_NO_MERIT, "refused_date": on(2024, 3, 4)}
    refused = await bench.step("RefuseAid", case, **given)
    assert HEAD.subject == refused.refuser
    corrected = await bench.change(
        "Correct", await bench.case(), SECOND, decided_date=on(2024, 3, 4), refusal_ground=pb.AID_REFUSAL_GROUND_OTHER
    )
    [verdict] = await bench.imported(row("R-1", **c.REFUSED | {"refuser": "nobody"}), by=SECOND)
    overturned = {"objection_outcome": pb.OBJECTION_OUTCOME_OVERTURNED}
    for name, who, other in ((case, HEAD, SECOND), (corrected, SECOND, HEAD), (verdict, SECOND, HEAD)):
        await bench.step("RecordObjection", name, CLERK, objected_date=on(2024, 3, 8))
        with pytest.raises(SamePersonDecides):
            await bench.step("DecideObjection", name, who, **overturned)
        made = await bench.step("DecideObjection", name, other, **overturned)
        assert (State.STATE_GRANTED, on(2024, 3, 4), on(2024, 12, 31)) == (
            made.state,
            made.decided_date,
            made.granted_date,
        )


async def test_a_notified_case_is_answered_and_taken_on(bench: Bench) -> None:
    """Without hardship; it is not refused."""
    case = await bench.case(**c.NOTICE)
    with pytest.raises(NotifiedCase):
        await bench.step("RefuseAid", case, refusal_ground=1)
    await bench.step("AnswerNotice", case, answered_date=on(2024, 3, 4))
    granted = await bench.step("GrantAid", case, granted_date=on(2024, 3, 4))
    assert (State.STATE_GRANTED, pb.HARDSHIP_BASIS_NOT_REQUIRED) == (granted.state, granted.hardship)


async def test_an_application_from_custody_says_since_when_it_was_there(bench: Bench) -> None:
    """Without that nobody could tell whether it was late; past ones are taken over as they are."""
    custody: dict[str, Any] = {"path": pb.AID_PATH_CUSTODY}
    with pytest.raises(LateForwarding) as refused:
        await bench.case(CLERK, **custody)
    assert "custody_received_time" == refused.value.field
    case = await bench.case(CLERK)
    with pytest.raises(LateForwarding):
        await bench.change("Update", case, CLERK, **custody)
    came = datetime(2024, 3, 1, 1, tzinfo=UTC)
    known = await bench.change("Update", case, CLERK, **custody, custody_received_time=came)
    assert "legalaid.forward" == known.limits[0].rule
    assert [""] == reasons(await bench.imported(row("C-1", **custody), by=CLERK))


async def test_others_leave_in_their_ways(bench: Bench) -> None:
    """Withdrawn, transferred, provided for first, ended."""
    withdrawn = await bench.step("WithdrawApplication", await bench.case(), CLERK)
    assert (State.STATE_WITHDRAWN, on(2024, 12, 31)) == (withdrawn.state, withdrawn.withdrawn_date)
    transferred = await bench.step("TransferApplication", await bench.case(), CLERK, transferred_unit="示例中心")
    assert State.STATE_TRANSFERRED == transferred.state
    case = await bench.case()
    first = {"provide_first": pb.PROVIDE_FIRST_GROUND_PRESERVATION, "practitioner": HANDLER}
    await bench.step("ProvideFirst", case, CLERK, **first, provided_date=on(2024, 3, 1))
    assert State.STATE_ASSIGNED == (await bench.step("GrantAid", case, CLERK)).state
    ended = await bench.step("EndAid", case, end_ground=pb.AID_END_GROUND_DECEPTION, handler_fault=True)
    assert (State.STATE_ENDED, True) == (ended.state, ended.handler_fault)


async def test_another_office_sees_nothing(bench: Bench) -> None:
    """Neither to read nor to move; the department sees all."""
    case = await bench.case()
    for call in (bench.get(case, ELSEWHERE), bench.step("GrantAid", case, ELSEWHERE), bench.delete(case, ELSEWHERE)):
        with pytest.raises(NotFound):
            await call
    with pytest.raises(NotFound):
        await bench.case(ELSEWHERE)
    assert "示例甲" == (await bench.get(case, DEPARTMENT)).person_name


async def test_steps_are_taken_by_steps(bench: Bench) -> None:
    """A new record and a plain update say nothing of them; a closed one is corrected, with the rules and a reason."""
    for name in ("granted_date", "decided_date"):
        with pytest.raises((StepFact, StateMismatch)):
            await bench.case(**{name: on(2024, 3, 4)})
    with pytest.raises(StepFact):
        await bench.case(**c.GRANTED)
    case = await bench.closed()
    with pytest.raises(ImpossibleTransition):
        await bench.change("Update", case, phone="示例电话")
    corrected = await bench.change("Correct", case, closed_date=on(2024, 6, 4), result=pb.AID_RESULT_PARTLY)
    assert (on(2024, 6, 4), on(2024, 6, 19)) == (corrected.closed_date, corrected.limits[-1].due)
    with pytest.raises(StateMismatch) as refused:
        await bench.change("Correct", case, result=None)
    assert "result" == refused.value.field
    reopened = await bench.change("Correct", case, closed_date=None, result=None)
    assert State.STATE_IN_PROGRESS == reopened.state
    open_case = await bench.case()
    with pytest.raises(StepFact):
        await bench.change("Update", open_case, withdrawn_date=on(2024, 3, 4))
    updated = await bench.change("Update", open_case, CLERK, green_channel=pb.GREEN_CHANNEL_GROUND_URGENT)
    assert ["legalaid.review_green"] == [limit.rule for limit in updated.limits]


async def test_years_of_cases_are_taken_over(bench: Bench) -> None:
    """With the days of their steps, the limits of the law of those days, and the day they speak of."""
    old = {
        "received_date": on(2010, 9, 29),
        "monthly_income_fen": 60_000,
        "granted_date": on(2010, 10, 13),
        "practitioner": HANDLER,
        "assigned_date": on(2010, 10, 14),
        "closed_date": on(2011, 1, 10),
        "result": pb.AID_RESULT_SETTLED,
        "file_returned_date": on(2011, 1, 20),
        "rated_date": on(2011, 3, 1),
        "grade": GOOD,
    }
    rows = [row("2010-1", **old), row("2010-2", **old | {"monthly_income_fen": 63_001}), row("2024-1")]
    rows.append(row("2010-3", **old | {"closed_date": on(2010, 10, 1)}))
    assert ["", "OVER_STANDARD", "", "DATE_ORDER"] == reasons(await bench.imported(*rows))
    found = (await bench.call(SERVICE + "ListAidCases", filter={"office": "wuma", "key": "2010-1"})).aid_cases[0]
    review = found.limits[0]
    assert (State.STATE_RATED, on(2010, 10, 12), on(2010, 10, 13)) == (found.state, review.due, review.met_date)
    assert (on(2011, 3, 1), on(2010, 10, 13)) == (found.occurred_date, found.decided_date)
    assert ["", "OVER_STANDARD", "", "DATE_ORDER"] == reasons(await bench.imported(*rows))
    assert 2 == await bench.count("aid_case")


async def test_a_clerk_takes_over_less(bench: Bench) -> None:
    """A row may add the steps that a clerk takes; what takes a second person or a reason is refused."""
    by = {"by": CLERK}
    assert [""] == reasons(await bench.imported(row("1"), **by))
    assert [""] == reasons(await bench.imported(row("1", **c.BEGUN), **by))
    assert ["STEP_FACT"] == reasons(await bench.imported(row("1", begun_date=on(2024, 3, 7)), **by))
    ended = {"ended_date": on(2024, 4, 1), "end_ground": pb.AID_END_GROUND_OWN_WISH}
    assert ["DECIDED_BY_STEP"] == reasons(await bench.imported(row("1", **ended), **by))
    assert ["DECIDED_BY_STEP"] == reasons(await bench.imported(row("2", **c.OVERTURNED), **by))
    assert ["DECIDED_BY_STEP"] == reasons(await bench.imported(row("3", **c.RATED), by=HEAD))
    assert [""] == reasons(await bench.imported(row("1", **c.CLOSED), **by))
    assert ["IMPOSSIBLE_TRANSITION"] == reasons(await bench.imported(row("1", summary="示例案情"), **by))
    paid = {"subsidy_fen": 100, "subsidy_date": on(2024, 7, 1)}
    assert ["STEP_FACT"] == reasons(await bench.imported(row("4", **c.CLOSED | paid)))
    found = (await bench.call(SERVICE + "ListAidCases", filter={"office": "wuma", "key": "1"})).aid_cases[0]
    with pytest.raises(DecidedByStep):
        await bench.change("Correct", found, rated_date=on(2024, 7, 1), grade=GOOD, file_returned_date=on(2024, 6, 10))


async def test_a_subsidy_is_paid_with_its_spending(bench: Bench) -> None:
    """Both or neither, once, from an earmark that covers it; what it was paid with is protected."""
    await bench.budget(200_000)
    case = await bench.closed()
    with pytest.raises(OverBudget):
        await bench.step("PaySubsidy", case, **PAY | {"subsidy_fen": 200_001})
    with pytest.raises(PurposeNotCovered):
        await bench.step("PaySubsidy", case, **PAY | {"earmark": "legal_aid_training"})
    assert not (await bench.get(case)).HasField("subsidy_date")
    paid = await bench.step("PaySubsidy", case, **PAY)
    assert (150_000, on(2024, 7, 1)) == (paid.subsidy_fen, paid.subsidy_date)
    with pytest.raises(PaidBefore):
        await bench.step("PaySubsidy", case, **PAY)
    with pytest.raises(PaysARecord):
        await bench.call("FundEntryService/DeleteFundEntry", name=paid.fund_entry, reason="登记有误")
    with pytest.raises(PaidCase):
        await bench.delete(paid)
    [spent] = [e for e in await bench.facts("fund_entry", funds.FundEntryFacts) if e.kind == 4]
    assert (150_000, "wuma") == (spent.amount_fen, spent.office)


async def test_a_corrected_subsidy_takes_its_spending_along(bench: Bench) -> None:
    """Amount and day, within the budget; what was not paid after all was not spent."""
    await bench.budget(200_000)
    case = await bench.step("PaySubsidy", await bench.closed(), **PAY)
    with pytest.raises(OverBudget):
        await bench.change("Correct", case, subsidy_fen=200_001)
    case = await bench.change("Correct", case, subsidy_fen=120_000, subsidy_date=on(2024, 7, 2))
    entry = (await bench.call("FundEntryService/GetFundEntry", name=case.fund_entry)).fund_entry
    assert (120_000, on(2024, 7, 2)) == (entry.amount_fen, entry.entry_date)
    case = await bench.change("Correct", case, subsidy_fen=None, subsidy_date=None)
    assert "" == case.fund_entry
    with pytest.raises(NotFound):
        await bench.call("FundEntryService/GetFundEntry", name=entry.name)
    with pytest.raises(StepFact):
        await bench.change("Correct", case, subsidy_fen=100, subsidy_date=on(2024, 7, 2))
    assert 200_000 == (await bench.step("PaySubsidy", case, **PAY | {"subsidy_fen": 200_000})).subsidy_fen


async def test_what_is_due_is_listed(bench: Bench) -> None:
    """The supplement that is awaited, and the review of another case."""
    asked = {"from_date": on(2024, 3, 4), "supplement_due_date": on(2025, 1, 10), "requested": "收入证明"}
    await bench.step("RequestSupplement", await bench.case(), CLERK, **asked)
    await bench.case(received_date=on(2024, 12, 30))
    answer = await bench.call("LimitService/ListLimits", DEPARTMENT, due_within_days=30)
    found = [(due.limit.rule, due.limit.due, due.label) for due in answer.limits]
    assert [
        ("legalaid.review", on(2025, 1, 6), ""),
        ("legalaid.supplement", on(2025, 1, 10), "申请人补正"),
    ] == found


@pytest.mark.parametrize("verb", sorted(method.name for method in METHODS))
def test_what_takes_a_head_is_not_the_clerk_s(verb: str) -> None:
    """Neither are the subsidies."""
    roles = set(contract(f"/geju.legalaid.v1.AidCaseService/{verb}").access.roles)
    of_heads = {"CorrectAidCase", "DeleteAidCase", "DecideObjection", "ReassignHandler", "EndAid", "RateFile"}
    assert {options_pb2.ROLE_OFFICE_HEAD, options_pb2.ROLE_DEPARTMENT} <= roles
    assert (options_pb2.ROLE_CLERK in roles) == (verb not in of_heads | {"PaySubsidy"})
