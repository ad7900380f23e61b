"""Leaves of persons under correction (请假): asked for, approved at the level that the rule names, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from geju.correction.v1 import leave_pb2 as pb
from geju.correction.v1 import supervised_person_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, overlap
from services.chassis.domain.step_errors import StateMismatch
from services.chassis.domain.steps import Transition, move, permit, put
from services.correction.domain.errors import NotUnderCorrection
from services.correction.domain.subjects import SUPERVISED, check_person
from services.correction.domain.supervision import lifecycle
from services.correction.domain.supervision.errors import ApproverLevel, AwayAlready, DecidedByStep, OutsideTerm

Leave = pb.Leave
ASKED, APPROVED = pb.Leave.STATE_ASKED, pb.Leave.STATE_APPROVED
REFUSED, BACK = pb.Leave.STATE_REFUSED, pb.Leave.STATE_BACK
TRANSITIONS: Mapping[str, Transition] = {
    "approve": Transition("批准", frozenset({ASKED}), APPROVED),
    "refuse": Transition("不予批准", frozenset({ASKED}), REFUSED),
    "back": Transition("销假", frozenset({APPROVED}), BACK),
}
STEP_FIELDS = ("decided_date", "back_date")
_APPROVERS = {pb.LEAVE_APPROVER_OFFICE: "司法所负责人", pb.LEAVE_APPROVER_DISTRICT: "区司法行政机关"}

#: An approved leave whose person is to be back.
BACK_DUE = "correction.leave_back"
DUE_LABELS = {BACK_DUE: "请假期满销假"}


def dues(leave: Leave) -> list[tuple[date, str]]:
    """Return the last day of a leave from which the person is not back."""
    due = to_date(leave.to_date)
    return [(due, BACK_DUE)] if due is not None and leave.state == APPROVED else []


def check(new: Leave, old: Leave | None, rules: Rules) -> None:
    """Guard a leave on every change; approver and state follow. Raises NotAPerson, DateOrder, StateMismatch."""
    check_person(new, old, SUPERVISED)
    check_span(new)
    if not new.HasField("asked_date"):
        put(new, "asked_date", rules.today)
    asked, decided, back = (to_date(getattr(new, name)) for name in ("asked_date", "decided_date", "back_date"))
    first = to_date(new.from_date)
    assert asked is not None, "it is set above"
    if decided is not None and decided < asked:
        raise DateOrder("decided_date", date=decided, earliest=asked)
    if back is not None and decided is None:
        raise StateMismatch("back_date", expected="批准后方可销假")
    if back is not None and first is not None and back < first:
        raise DateOrder("back_date", date=back, earliest=first)
    new.approver = approver(new, asked, rules)
    new.state = _state(new, old)


def _state(leave: Leave, old: Leave | None) -> Leave.State.ValueType:
    """Return where a leave stands; a refusal stays one, it has the same day as an approval."""
    if leave.HasField("back_date"):
        return BACK
    if not leave.HasField("decided_date"):
        return ASKED
    return REFUSED if old is not None and old.state == REFUSED else APPROVED


def is_closed(leave: Leave) -> bool:
    """Tell whether a leave was decided: it is corrected from then on, not updated."""
    return leave.state != ASKED


def counts(leave: Leave) -> bool:
    """Tell whether a person may be away with this leave."""
    return leave.state in {APPROVED, BACK}


def approver(leave: Leave, asked: date, rules: Rules) -> pb.LeaveApprover.ValueType:
    """Return who approves a leave, by the rule in force on the day it was asked for."""
    first, last = to_date(leave.from_date), to_date(leave.to_date)
    assert first is not None, "the contract requires both days"
    assert last is not None, "the contract requires both days"
    supervision = rules.profile.supervision
    kind = leave.kind == pb.LEAVE_KIND_TRAVEL
    may = supervision.office_days("travel" if kind else "forbidden_place", asked)
    days = (last - first) // timedelta(days=1) + 1
    return pb.LEAVE_APPROVER_OFFICE if days <= may else pb.LEAVE_APPROVER_DISTRICT


def check_decision(new: Leave, old: Leave | None, roles: Iterable[str]) -> None:
    """Refuse a decision on a leave that was asked for which is no step. Raises DecidedByStep, ApproverLevel.

    Whoever may decide may take over what was decided before there was a record of it.
    """
    if not is_closed(new):
        return
    if old is not None and not is_closed(old):
        raise DecidedByStep("decided_date")
    check_approver(new, roles)


def check_approver(leave: Leave, roles: Iterable[str]) -> None:
    """Refuse somebody who is not of the level that the rule names. Raises ApproverLevel."""
    if leave.approver == pb.LEAVE_APPROVER_DISTRICT and "department" not in roles:
        raise ApproverLevel("approver", approver=_APPROVERS[leave.approver])


def check_person_and_others(
    leave: Leave, person: supervised_person_pb2.SupervisedPerson, others: Iterable[Leave]
) -> None:
    """Refuse a leave outside the term or beside another one. Raises NotUnderCorrection, OutsideTerm, AwayAlready."""
    first, last = to_date(leave.from_date), to_date(leave.to_date)
    assert first is not None, "the contract requires both days"
    if not lifecycle.supervised_on(person, first):
        raise NotUnderCorrection("from_date", date=first)
    end = lifecycle.last_day(person)
    if last is not None and last > end:
        raise OutsideTerm("to_date", date=last, last=end)
    for other in others:
        since = to_date(other.from_date)
        if since is not None and other.state != REFUSED and overlap(first, last, since, to_date(other.to_date)):
            raise AwayAlready("from_date", since=since)


def decide(leave: Leave, on: date, roles: Iterable[str], *, approved: bool) -> None:
    """Approve or refuse a leave. Raises ImpossibleTransition, ApproverLevel."""
    step = "approve" if approved else "refuse"
    permit(leave, TRANSITIONS, step)
    check_approver(leave, roles)
    put(leave, "decided_date", on)
    move(leave, TRANSITIONS, step)


def come_back(leave: Leave, on: date) -> None:
    """Record that the person is back. Raises ImpossibleTransition."""
    permit(leave, TRANSITIONS, "back")
    put(leave, "back_date", on)
    move(leave, TRANSITIONS, "back")
