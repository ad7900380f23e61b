"""The agreement: its form, confirmation by the court, fulfilment, the visits after it, the word to the referrer."""

from __future__ import annotations

from datetime import date

from geju.mediation.v1 import dispute_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.errors import AlreadyRecorded, DateOrder, InvalidField
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import day, permit, put
from services.mediation.domain.dispute import clocks, lifecycle
from services.mediation.domain.dispute.lifecycle import TRANSITIONS
from services.mediation.domain.errors import (
    AgreementRequired,
    ConfirmationNotApplied,
    ConfirmationTooEarly,
    ConfirmationTooLate,
    FulfilmentDueRequired,
    NoReferrer,
    OutcomeRequired,
    StatusNotConfirmable,
    WrittenAgreementRequired,
)


def conclude(dispute: pb.Dispute, agreement: pb.Agreement, closed: date, rules: Rules) -> None:
    """Take over the parties' agreement. Raises AgreementRequired, WrittenAgreementRequired, FulfilmentDueRequired."""
    in_force = rules.past("agreement.in_force_date", agreement.in_force_date, to_date(dispute.first_session_date))
    check(dispute, agreement, in_force or closed)
    dispute.agreement.CopyFrom(agreement)
    set_date(dispute.agreement.in_force_date, in_force or closed)
    if not agreement.subject:
        dispute.agreement.subject = _subject(dispute)
    if agreement.performed_on_spot:
        set_date(dispute.fulfilled_date, in_force or closed)
    settle_right(dispute, rules)


def check(dispute: pb.Dispute, agreement: pb.Agreement, in_force: date) -> None:
    """Refuse an agreement that the rules on its form and fulfilment do not permit. Raises as `conclude`."""
    if not agreement.form:
        raise AgreementRequired("agreement.form")
    if agreement.form != pb.AGREEMENT_FORM_WRITTEN and needs_writing(dispute, agreement):
        raise WrittenAgreementRequired("agreement.form")
    due = to_date(agreement.fulfilment_due_date)
    if agreement.performed_on_spot == (due is not None):
        raise FulfilmentDueRequired("agreement.fulfilment_due_date")
    if due is not None and due < in_force:
        raise DateOrder("agreement.fulfilment_due_date", date=due, earliest=in_force)


def needs_writing(dispute: pb.Dispute, agreement: pb.Agreement) -> bool:
    """Tell whether an oral agreement would not do."""
    return dispute.major or not agreement.performed_on_spot or any(party.asks_written for party in dispute.parties)


def _subject(dispute: pb.Dispute) -> pb.AgreementSubject.ValueType:
    marriage = dispute.type == pb.DISPUTE_TYPE_MARRIAGE
    return pb.AGREEMENT_SUBJECT_MARRIAGE if marriage else pb.AGREEMENT_SUBJECT_PROPERTY


def settle_right(dispute: pb.Dispute, rules: Rules) -> None:
    """Set the last day for asking the court to confirm: a right, so it is never overdue."""
    agreement = dispute.agreement
    in_force = to_date(agreement.in_force_date)
    rule = rules.profile.limit_rule(clocks.CONFIRMATION, in_force) if in_force else None
    confirmable = agreement.subject == pb.AGREEMENT_SUBJECT_PROPERTY
    put(agreement, "confirmation_due_date", rule.end(in_force) if rule and in_force and confirmable else None)


def apply_confirmation(dispute: pb.Dispute, on: Date, court: str, rules: Rules) -> date:
    """Record the joint application to the court; return the day.

    Raises StatusNotConfirmable, ConfirmationTooEarly, ConfirmationTooLate, AlreadyRecorded.
    """
    permit(dispute, TRANSITIONS, "apply_confirmation")
    if dispute.HasField("confirmation"):
        raise AlreadyRecorded("confirmation")
    if dispute.agreement.subject != pb.AGREEMENT_SUBJECT_PROPERTY:
        raise StatusNotConfirmable("agreement.subject")
    due = to_date(dispute.agreement.confirmation_due_date)
    if due is None:
        raise ConfirmationTooEarly("applied_date", date=to_date(dispute.agreement.in_force_date))
    applied = day(rules, "applied_date", on, dispute.agreement.in_force_date)
    if applied > due:
        raise ConfirmationTooLate("applied_date", due=due)
    set_date(dispute.confirmation.applied_date, applied)
    dispute.confirmation.court = court
    return applied


def record_confirmation(
    dispute: pb.Dispute, on: Date, result: pb.ConfirmationResult.ValueType, reference: str, rules: Rules
) -> date:
    """Record the court's answer; return the day. Raises ConfirmationNotApplied, OutcomeRequired, AlreadyRecorded."""
    permit(dispute, TRANSITIONS, "confirm")
    if not dispute.HasField("confirmation"):
        raise ConfirmationNotApplied("confirmation")
    if dispute.confirmation.result:
        raise AlreadyRecorded("confirmation.result")
    if not result:
        raise OutcomeRequired("result")
    answered = day(rules, "result_date", on, dispute.confirmation.applied_date)
    dispute.confirmation.result = result
    dispute.confirmation.reference = reference
    set_date(dispute.confirmation.result_date, answered)
    return answered


def record_fulfilment(dispute: pb.Dispute, on: Date, rules: Rules, *, defaulted: bool) -> date:
    """Record that the agreement was fulfilled, or that it was not; return the day. Raises AlreadyRecorded.

    A default does not bar a later fulfilment; a fulfilment is final.
    """
    permit(dispute, TRANSITIONS, "fulfil")
    if to_date(dispute.fulfilled_date) or (defaulted and to_date(dispute.defaulted_date)):
        raise AlreadyRecorded("fulfilled_date")
    found = day(rules, "date", on, dispute.agreement.in_force_date)
    set_date(dispute.defaulted_date if defaulted else dispute.fulfilled_date, found)
    return found


def record_visit(dispute: pb.Dispute, visit: pb.ReturnVisit, rules: Rules) -> date:
    """Record a return visit; return the day. Visits are kept in order of their day. Raises ImpossibleTransition, …."""
    permit(dispute, TRANSITIONS, "visit")
    visited = day(rules, "return_visit.visit_date", visit.visit_date, dispute.agreement.in_force_date)
    made = dispute.return_visits.add()
    made.CopyFrom(visit)
    set_date(made.visit_date, visited)
    dispute.return_visits.sort(key=lambda other: to_date(other.visit_date) or date.min)
    clocks.sync(dispute, rules)
    return visited


def report_feedback(dispute: pb.Dispute, on: Date, reference: str, rules: Rules) -> date:
    """Record that the referrer was told the outcome; return the day. Raises NoReferrer, AlreadyRecorded."""
    permit(dispute, TRANSITIONS, "report")
    if not lifecycle.is_referral(dispute):
        raise NoReferrer("referrer")
    if to_date(dispute.feedback_date):
        raise AlreadyRecorded("feedback_date")
    reported = day(rules, "feedback_date", on, dispute.closed_date, dispute.withdrawn_date)
    set_date(dispute.feedback_date, reported)
    dispute.feedback_reference = reference
    clocks.sync(dispute, rules)
    return reported


def check_visits(dispute: pb.Dispute) -> None:
    """Refuse visits without a day. Raises InvalidField."""
    for index, visit in enumerate(dispute.return_visits):
        if to_date(visit.visit_date) is None:
            raise InvalidField(f"return_visits[{index}].visit_date", expected="须填写回访日期")
