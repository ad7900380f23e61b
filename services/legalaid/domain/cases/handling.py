"""From the grant to the returned file: who handles a case, and how it ends."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from geju.legalaid.v1 import aid_case_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.dates import add_months, to_date
from services.chassis.domain.errors import AlreadyRecorded, DateOrder, InvalidField
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.step_errors import StateMismatch
from services.chassis.domain.steps import day, permit, put
from services.legalaid.domain.cases import eligibility
from services.legalaid.domain.cases.errors import (
    GroundMismatch,
    NotCivil,
    PracticeTooShort,
    ReferredBefore,
    SameHandler,
)
from services.legalaid.domain.cases.lifecycle import TRANSITIONS

Case = pb.AidCase
#: So many months of practice does a case of life or death need.
_PRACTICE = 36


class Handler(NamedTuple):
    """Who is to handle a case from which day; the first day of practice matters where life or death may be imposed."""

    practitioner: str
    assigned_date: Date
    practised_from_date: Date


class Term(NamedTuple):
    """Who had a case before the present handler, from when to when."""

    practitioner: str
    since: Date
    until: Date


class Outcome(NamedTuple):
    """How a case was closed."""

    result: pb.AidResult.ValueType
    recovered_fen: int
    settled_before_litigation: bool


def assign(case: Case, given: Handler, rules: Rules) -> date:
    """Assign the responsible handler; return the day. Raises ImpossibleTransition, PracticeTooShort, DateOrder, …."""
    permit(case, TRANSITIONS, "assign")
    on = day(rules, "assigned_date", given.assigned_date, case.granted_date)
    _place(case, given, on)
    put(case, "first_assigned_date", on)
    return on


def reassign(case: Case, given: Handler, reason: pb.ReassignReason.ValueType, rules: Rules) -> date:
    """Give a case to another handler; return the day. Raises SameHandler, PracticeTooShort, DateOrder, …."""
    permit(case, TRANSITIONS, "reassign")
    on = day(rules, "assigned_date", given.assigned_date, case.assigned_date)
    if given.practitioner == case.practitioner:
        raise SameHandler("practitioner")
    former = case.former_handlers.add(practitioner=case.practitioner, reason=reason)
    former.assigned_date.CopyFrom(case.assigned_date)
    put(former, "until_date", on)
    _place(case, given, on)
    return on


def _place(case: Case, given: Handler, on: date) -> None:
    check_reference("practitioner", given.practitioner, "practitioners")
    if case.kind == pb.AID_KIND_CRIMINAL and not case.gravest_penalty:
        # Left open, it would let anybody defend a case of life or death.
        raise InvalidField("gravest_penalty", expected="刑事案件指派前须填写")
    if eligibility.is_grave(case):
        since, latest = to_date(given.practised_from_date), add_months(on, -_PRACTICE)
        if since is None or since > latest:
            raise PracticeTooShort("practised_from_date", latest=latest)
    case.practitioner = given.practitioner
    put(case, "assigned_date", on)


def begin(case: Case, given: Date, rules: Rules) -> date:
    """Record that the handler began; return the day. Raises ImpossibleTransition, DateOrder."""
    permit(case, TRANSITIONS, "begin")
    on = day(rules, "begun_date", given, case.assigned_date)
    put(case, "begun_date", on)
    return on


def refer(case: Case, given: Date, rules: Rules) -> date:
    """Refer a civil case to mediation; return the day. Raises ReferredBefore, NotCivil, ImpossibleTransition."""
    permit(case, TRANSITIONS, "refer")
    if case.kind != pb.AID_KIND_CIVIL:
        raise NotCivil("kind")
    if case.HasField("referred_date") or case.origin_dispute:
        raise ReferredBefore("referred_date")
    on = day(rules, "referred_date", given, case.received_date)
    put(case, "referred_date", on)
    return on


def close(case: Case, given: Date, outcome: Outcome, rules: Rules) -> date:
    """Close a case with its result; return the day. Raises ImpossibleTransition, DateOrder."""
    permit(case, TRANSITIONS, "close")
    on = day(rules, "closed_date", given, case.assigned_date, case.begun_date)
    case.result = outcome.result
    case.recovered_fen = outcome.recovered_fen
    case.settled_before_litigation = outcome.settled_before_litigation
    put(case, "closed_date", on)
    return on


def end(case: Case, given: Date, ground: pb.AidEndGround.ValueType, rules: Rules, *, fault: bool) -> date:
    """End aid before the case is over; return the day. Raises ImpossibleTransition, DateOrder."""
    permit(case, TRANSITIONS, "end")
    on = day(rules, "ended_date", given, case.granted_date, case.assigned_date, case.begun_date)
    case.end_ground = ground
    case.handler_fault = case.handler_fault or fault
    put(case, "ended_date", on)
    return on


def return_file(case: Case, given: Date, rules: Rules) -> date:
    """Record that the handler handed in the file; return the day. Raises ImpossibleTransition, DateOrder."""
    permit(case, TRANSITIONS, "return_file")
    on = day(rules, "file_returned_date", given, case.closed_date)
    put(case, "file_returned_date", on)
    return on


def answer(case: Case, given: Date, rules: Rules) -> date:
    """Record that the notifying organ was answered; return the day. Raises AlreadyRecorded, ImpossibleTransition."""
    permit(case, TRANSITIONS, "answer")
    if case.HasField("answered_date"):
        raise AlreadyRecorded("answered_date")
    on = day(rules, "answered_date", given, case.received_date)
    put(case, "answered_date", on)
    return on


def derive(new: Case, old: Case | None) -> None:
    """Set the first assignment where it follows from the handlers, and the fault that a change of handler tells of."""
    if any(former.reason == pb.REASSIGN_REASON_FAULT for former in new.former_handlers):
        new.handler_fault = True
    if not new.HasField("assigned_date"):
        return
    first = new.former_handlers[0].assigned_date if new.former_handlers else new.assigned_date
    untouched = old is not None and new.first_assigned_date == old.first_assigned_date
    if first.ByteSize() and (untouched or not new.HasField("first_assigned_date")):
        new.first_assigned_date.CopyFrom(first)


def former_terms(case: Case) -> list[Term]:
    """Return from when to when each former handler had the case, the oldest first.

    Aid that began before the grant was the first one's; a day that a spreadsheet left out is that of the change next
    to it.
    """
    found: list[Term] = []
    after: list[pb.FormerHandler | Case] = [*case.former_handlers[1:], case]
    for former, following in zip(case.former_handlers, after, strict=False):
        since = found[-1].until if found else case.first_assigned_date
        if not found and case.HasField("provided_date"):
            since = case.provided_date
        elif former.HasField("assigned_date"):
            since = former.assigned_date
        until = former.until_date if former.HasField("until_date") else following.assigned_date
        found.append(Term(former.practitioner, since, until if until.ByteSize() else since))
    return found


def at_fault(case: Case) -> str:
    """Return the handler whose fault a case tells of; empty for nobody.

    Whoever took it over from somebody at fault is not to blame for that, whatever ended it later.
    """
    if not case.handler_fault:
        return ""
    taken_from = [former for former in case.former_handlers if former.reason == pb.REASSIGN_REASON_FAULT]
    return taken_from[-1].practitioner if taken_from else case.practitioner


def check_handlers(case: Case) -> None:
    """Refuse handlers without their days, out of order, or blamed for nothing.

    Raises StateMismatch, GroundMismatch, DateOrder, BadReference.
    """
    handled = case.HasField("assigned_date") or case.HasField("provided_date")
    if handled != bool(case.practitioner):
        raise StateMismatch("practitioner", expected="先行提供或指派时须填承办人,此前不填")
    if case.HasField("first_assigned_date") != case.HasField("assigned_date"):
        raise StateMismatch("first_assigned_date", expected="指派后方有首次指派日期")
    if case.former_handlers and not case.HasField("assigned_date"):
        raise StateMismatch("former_handlers", expected="指派后方有曾承办人")
    if not case.former_handlers and case.first_assigned_date != case.assigned_date:
        raise StateMismatch("first_assigned_date", expected="未变更过承办人的,须与指派日期相同")
    _check_former(case)
    fault = any(former.reason == pb.REASSIGN_REASON_FAULT for former in case.former_handlers)
    if case.handler_fault and not fault and not (case.HasField("ended_date") and case.practitioner):
        raise GroundMismatch("handler_fault", expected="有承办人的案件终止援助,或因承办人过错变更承办人的,方可填写")
    if case.settled_before_litigation and case.kind == pb.AID_KIND_CRIMINAL:
        raise GroundMismatch("settled_before_litigation", expected="刑事案件没有诉前和解")
    if case.result == pb.AID_RESULT_MITIGATED and case.kind != pb.AID_KIND_CRIMINAL:
        raise GroundMismatch("result", expected="从轻、减轻处罚只用于刑事案件")


def _check_former(case: Case) -> None:
    last = to_date(case.granted_date)
    for index, former in enumerate(case.former_handlers):
        path = f"former_handlers[{index}]"
        check_reference(f"{path}.practitioner", former.practitioner, "practitioners")
        for field in ("assigned_date", "until_date"):
            found = to_date(getattr(former, field))
            if found is not None and last is not None and found < last:
                raise DateOrder(f"{path}.{field}", date=found, earliest=last)
            last = found or last
    assigned = to_date(case.assigned_date)
    if case.former_handlers and assigned is not None and last is not None and assigned < last:
        raise DateOrder("assigned_date", date=assigned, earliest=last)
