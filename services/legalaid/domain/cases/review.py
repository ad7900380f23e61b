"""From receipt to the decision, and the objection to it: guard, then change; the rest is `consistency.check`'s."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from geju.legalaid.v1 import aid_case_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import AlreadyRecorded, DateOrder
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import day, permit, put
from services.legalaid.domain.cases import eligibility
from services.legalaid.domain.cases.errors import (
    NotifiedCase,
    SamePersonDecides,
    SupplementNotOver,
)
from services.legalaid.domain.cases.lifecycle import TRANSITIONS, is_notified

Case = pb.AidCase


class Supplement(NamedTuple):
    """What an applicant is asked for, on which day, and until when."""

    from_date: Date
    supplement_due_date: Date
    requested: str


class First(NamedTuple):
    """Why, by whom and from which day aid is provided before it is decided."""

    ground: pb.ProvideFirstGround.ValueType
    practitioner: str
    provided_date: Date


def request_supplement(case: Case, given: Supplement, rules: Rules) -> date:
    """Ask the applicant for a supplement; return the day. Raises ImpossibleTransition, NotifiedCase, DateOrder."""
    permit(case, TRANSITIONS, "request_supplement")
    _refuse_notified(case, "补正")
    on = day(rules, "from_date", given.from_date, *_so_far(case))
    due = to_date(given.supplement_due_date)
    if due is not None and due < on:
        raise DateOrder("supplement_due_date", date=due, earliest=on)
    pause = case.pauses.add(requested=given.requested, supplement_due_date=given.supplement_due_date)
    put(pause, "from_date", on)
    return on


def record_supplement(case: Case, given: Date, rules: Rules) -> date:
    """Record that the supplement came; return the day. Raises ImpossibleTransition, DateOrder."""
    permit(case, TRANSITIONS, "record_supplement")
    on = day(rules, "to_date", given, case.pauses[-1].from_date)
    put(case.pauses[-1], "to_date", on)
    return on


def withdraw(case: Case, given: Date, rules: Rules, *, deemed: bool) -> date:
    """Record that an application was withdrawn, or is deemed so; return the day. Raises SupplementNotOver, …."""
    permit(case, TRANSITIONS, "deem_withdrawn" if deemed else "withdraw")
    _refuse_notified(case, "撤回")
    on = day(rules, "withdrawn_date", given, *_so_far(case))
    due = to_date(case.pauses[-1].supplement_due_date) if deemed else None
    if due is not None and on <= due:
        raise SupplementNotOver("withdrawn_date", due=due)
    put(case, "withdrawn_date", on)
    return on


def provide_first(case: Case, given: First, rules: Rules) -> date:
    """Begin aid before the decision; return the day. Raises LimitationNotNear, GroundMismatch, AlreadyRecorded, …."""
    permit(case, TRANSITIONS, "provide_first")
    _refuse_notified(case, "先行提供援助")
    if case.HasField("provided_date"):
        raise AlreadyRecorded("provided_date")
    check_reference("practitioner", given.practitioner, "practitioners")
    on = day(rules, "provided_date", given.provided_date, case.received_date)
    case.provide_first = given.ground
    case.practitioner = given.practitioner
    put(case, "provided_date", on)
    eligibility.check_provided(case)
    return on


def grant(case: Case, given: Date, rules: Rules) -> date:
    """Grant aid or take a notified case on; return the day. Who was provided with a handler first keeps the handler.

    Raises ImpossibleTransition, HardshipRequired, OverStandard, InvalidField (no name), DateOrder.
    """
    permit(case, TRANSITIONS, "grant_provided" if case.HasField("provided_date") else "grant")
    eligibility.check_name(case)
    on = day(rules, "granted_date", given, *_so_far(case))
    eligibility.check_hardship(case, rules)
    put(case, "decided_date", on)
    put(case, "granted_date", on)
    _keep_handler(case, on)
    return on


def refuse(case: Case, given: Date, ground: pb.AidRefusalGround.ValueType, refuser: str, rules: Rules) -> date:
    """Refuse aid on a ground; return the day. Raises NotifiedCase, GroundMismatch, ImpossibleTransition, DateOrder."""
    permit(case, TRANSITIONS, "refuse")
    _refuse_notified(case, "不予援助")
    on = day(rules, "refused_date", given, *_so_far(case))
    eligibility.check_refusal(case, ground, rules)
    put(case, "decided_date", on)
    case.refusal_ground = ground
    case.refuser = refuser
    return on


def transfer(case: Case, given: Date, unit: str, rules: Rules) -> date:
    """Hand a case to the competent centre; return the day. Raises ImpossibleTransition, DateOrder."""
    permit(case, TRANSITIONS, "transfer")
    on = day(rules, "transferred_date", given, *_so_far(case))
    case.transferred_unit = unit
    put(case, "transferred_date", on)
    return on


def record_objection(case: Case, given: Date, rules: Rules) -> date:
    """Record the applicant's objection, once; return the day. Raises AlreadyRecorded, ImpossibleTransition, …."""
    permit(case, TRANSITIONS, "object")
    if case.HasField("objected_date"):
        raise AlreadyRecorded("objected_date")
    on = day(rules, "objected_date", given, case.decided_date)
    put(case, "objected_date", on)
    return on


def decide_objection(
    case: Case, given: Date, outcome: pb.ObjectionOutcome.ValueType, decider: str, rules: Rules
) -> date:
    """Decide an objection, by another than who refused; overturning grants aid on that day; return the day.

    Who was provided with a handler before the refusal has the handler again.
    Raises SamePersonDecides, HardshipRequired, OverStandard, ImpossibleTransition, DateOrder.
    """
    overturned = outcome == pb.OBJECTION_OUTCOME_OVERTURNED
    provided = "_provided" if case.HasField("provided_date") else ""
    permit(case, TRANSITIONS, f"overturn{provided}" if overturned else "uphold")
    if case.refuser and case.refuser == decider:
        raise SamePersonDecides("refuser")
    on = day(rules, "objection_decided_date", given, case.objected_date)
    if overturned:
        eligibility.check_name(case)
        eligibility.check_hardship(case, rules)
        put(case, "granted_date", on)
        _keep_handler(case, on)
    case.objection_outcome = outcome
    put(case, "objection_decided_date", on)
    return on


def _keep_handler(case: Case, on: date) -> None:
    """Assign whom the applicant was provided with before the decision."""
    if case.HasField("provided_date"):
        put(case, "assigned_date", on)
        put(case, "first_assigned_date", on)


def _so_far(case: Case) -> tuple[Date, ...]:
    """Return the days that the end of the review cannot precede; unset ones among them."""
    pauses = [pause.to_date if pause.HasField("to_date") else pause.from_date for pause in case.pauses]
    return (case.received_date, case.provided_date, *pauses)


def _refuse_notified(case: Case, action: str) -> None:
    if is_notified(case):
        raise NotifiedCase("path", action=action)
