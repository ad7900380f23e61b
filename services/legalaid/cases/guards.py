"""The guard of legal-aid cases: what only a step may say, who may take over what, and the money that was paid."""

from __future__ import annotations

from geju.legalaid.v1 import aid_case_pb2 as pb

from services.chassis.domain.errors import ImpossibleTransition
from services.chassis.domain.steps import check_steps, state_label
from services.chassis.funds.service import follow_correction
from services.chassis.guards import calls, may_correct
from services.chassis.work import Work
from services.legalaid.domain.cases import consistency, decisions, lifecycle, subsidy

Case = pb.AidCase
_UNPAID = "办案补贴更正为未发放"


async def guard_case(work: Work, new: Case | None, old: Case | None) -> None:
    """Keep steps to their RPCs, decisions to a second person, and a payment to its spending.

    Raises StepFact, LateForwarding, DecidedByStep, ImpossibleTransition, PaidCase, OverBudget, ….
    """
    if new is None:
        assert old is not None, "a deletion has what it deletes"
        subsidy.check_deletion(old)
        return
    if calls(work, "Create", "Update"):
        check_steps(new, old, lifecycle.STEP_FIELDS)
        consistency.check_custody(new, old)
    if calls(work, "Correct", "Import"):
        _check_taken_over(work, new, old)
    subsidy.check_payment(new, old)
    await _follow_payment(work, new, old)


def _check_taken_over(work: Work, new: Case, old: Case | None) -> None:
    """Refuse a correction or an import that does what takes others to do; who recorded a refusal made it."""
    if old is not None and not may_correct(work):
        if lifecycle.is_over(old):
            action = "导入修改(已办结的记录请由所长更正)"
            raise ImpossibleTransition("state", state=state_label(old), action=action)
        decisions.check_kept(new, old)
        decisions.check_ordinary(new, old)
    decisions.check_decided(new, old, work.caller.roles)
    if new.refusal_ground and (old is None or not old.refusal_ground):
        new.refuser = work.caller.subject


async def _follow_payment(work: Work, new: Case, old: Case | None) -> None:
    """Let the spending follow a corrected payment; it goes when nothing was paid after all. Raises OverBudget."""
    if old is None or not old.fund_entry or subsidy.payment(new) == subsidy.payment(old):
        return
    await follow_correction(work, new, old, subsidy.follow if subsidy.is_paid(new) else None, _UNPAID)
