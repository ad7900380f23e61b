"""A dispute as a whole, after a change that no step made: update, correction, import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from geju.mediation.v1 import dispute_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder, ImpossibleTransition, InvalidField
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import state_label
from services.mediation.domain.dispute import agreements, clocks, intake, lifecycle
from services.mediation.domain.errors import (
    AgreementRequired,
    EvidenceRequired,
    MediatorRequired,
    StateMismatch,
    StepFact,
)

#: May be changed after closing without a correction: papers come in late.
LATE = frozenset({"papers"})
#: What steps after closing record; the limits follow from it.
AFTERWARDS = LATE | {
    "feedback_date",
    "feedback_reference",
    "confirmation",
    "fulfilled_date",
    "defaulted_date",
    "return_visits",
    "limits",
}
_ACCEPTED = lifecycle.UNDER_WAY | lifecycle.MEDIATED


def check(dispute: pb.Dispute, old: pb.Dispute | None, rules: Rules) -> None:
    """Register a new dispute; else refuse one that contradicts its state or itself, and set its clocks by it."""
    if old is None and not dispute.state:
        intake.register(dispute, rules)
        return
    if old is not None and dispute.sessions and dispute.office != old.office:
        raise InvalidField("office", expected="已有调解场次的纠纷不能改属其他司法所")
    intake.check_description(dispute)
    _check_state(dispute)
    _check_order(dispute, rules)
    if dispute.state == lifecycle.AGREED:
        in_force = to_date(dispute.agreement.in_force_date)
        if in_force is None:
            raise AgreementRequired("agreement.in_force_date")
        agreements.check(dispute, dispute.agreement, in_force)
        agreements.check_visits(dispute)
        agreements.settle_right(dispute, rules)
    if any(not prevention.evidence.strip() for prevention in dispute.preventions):
        raise EvidenceRequired("preventions")
    clocks.sync(dispute, rules)
    if old is not None and to_date(dispute.extended_due_date) != to_date(old.extended_due_date):
        clocks.correct_extension(dispute, rules)


def check_import(new: pb.Dispute, old: pb.Dispute) -> None:
    """Refuse a line that changes what a closed dispute was: later steps may be told, corrections need a reason."""
    if old.state in lifecycle.CLOSED and _changed(new, old) - AFTERWARDS:
        raise ImpossibleTransition("state", state=state_label(old), action="导入修改(已结案的记录请由所长更正)")


def _changed(new: pb.Dispute, old: pb.Dispute) -> set[str]:
    return {field.name for field in new.DESCRIPTOR.fields if getattr(new, field.name) != getattr(old, field.name)}


def check_update(new: pb.Dispute, old: pb.Dispute) -> None:
    """Refuse a plain update of a closed dispute, or of what a step records. Raises ImpossibleTransition, StepFact."""
    changed = _changed(new, old)
    if old.state in lifecycle.CLOSED and changed - LATE:
        state = state_label(old)
        raise ImpossibleTransition("state", state=state, action="修改(已结案的记录请用更正)")
    taken = sorted(changed & {*intake.STEP_FIELDS, "mediator", "registered_date"})
    if old.state == lifecycle.REGISTERED:
        taken = [name for name in taken if name not in {"mediator", "registered_date"}]
    if taken:
        raise StepFact(taken[0])


def _check_state(dispute: pb.Dispute) -> None:
    """Refuse a field that the state needs and lacks, or has and cannot have. Raises StateMismatch."""
    state = dispute.state
    for name, expected in _expected(dispute):
        if intake.is_set(dispute, name) != expected:
            raise StateMismatch(name, state=state_label(dispute))
    if state in _ACCEPTED:
        intake.check_complete(dispute)
    if dispute.sessions and not dispute.mediator:
        raise MediatorRequired("mediator")


def _expected(dispute: pb.Dispute) -> Iterator[tuple[str, bool]]:
    state = dispute.state
    accepted = to_date(dispute.accepted_date) is not None
    yield "registered_date", True
    if state != lifecycle.WITHDRAWN:
        yield "accepted_date", state in _ACCEPTED
    yield "refused_date", state == lifecycle.REFUSED
    yield "refusal_ground", state == lifecycle.REFUSED
    yield "withdrawn_date", state == lifecycle.WITHDRAWN
    yield "closed_date", state in lifecycle.MEDIATED or (state == lifecycle.WITHDRAWN and accepted)
    yield "agreement", state == lifecycle.AGREED
    yield "failure_ground", state == lifecycle.FAILED
    yield "referral", state == lifecycle.REFERRED
    for name in ("confirmation", "defaulted_date", "fulfilled_date"):
        if state != lifecycle.AGREED:
            yield name, False
    if state in lifecycle.OPEN:
        yield "feedback_date", False


def _check_order(dispute: pb.Dispute, rules: Rules) -> None:
    """Refuse days in the future or out of order. Raises FutureDate, DateOrder."""
    for field, day, *after in _order(dispute):
        earliest = max((known for other in after if (known := to_date(other)) is not None), default=None)
        rules.past(field, day, earliest)
    closed, discussed = to_date(dispute.closed_date), to_date(dispute.discussed_date)
    if closed is not None and (discussed or date.min) > closed:
        raise DateOrder("closed_date", date=closed, earliest=discussed)
    if closed is not None and dispute.state == lifecycle.WITHDRAWN and closed != to_date(dispute.withdrawn_date):
        raise StateMismatch("closed_date", state=state_label(dispute))


def _order(dispute: pb.Dispute) -> Iterator[tuple[str, Date, *tuple[Date, ...]]]:
    registered, accepted, first = dispute.registered_date, dispute.accepted_date, dispute.first_session_date
    in_force, applied = dispute.agreement.in_force_date, dispute.confirmation.applied_date
    yield "registered_date", registered
    yield "accepted_date", accepted, registered
    yield "refused_date", dispute.refused_date, registered
    yield "first_session_date", first, accepted
    yield "discussed_date", dispute.discussed_date, accepted
    yield "withdrawn_date", dispute.withdrawn_date, registered, accepted, dispute.last_session_date
    yield "closed_date", dispute.closed_date, *intake.so_far(dispute)
    yield "agreement.in_force_date", in_force, first
    yield "feedback_date", dispute.feedback_date, dispute.closed_date
    yield "confirmation.applied_date", applied, in_force
    yield "confirmation.result_date", dispute.confirmation.result_date, applied
    yield "fulfilled_date", dispute.fulfilled_date, in_force
    yield "defaulted_date", dispute.defaulted_date, in_force
    for index, visit in enumerate(dispute.return_visits):
        yield f"return_visits[{index}].visit_date", visit.visit_date, accepted
    for index, escalation in enumerate(dispute.escalations):
        yield f"escalations[{index}].escalated_date", escalation.escalated_date, registered
    for index, prevention in enumerate(dispute.preventions):
        yield f"preventions[{index}].prevented_date", prevention.prevented_date, registered
