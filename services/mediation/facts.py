"""Facts of disputes and sessions: what counting needs of a record, and nothing personal."""

from __future__ import annotations

from collections.abc import Mapping

from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import session_pb2
from geju.mediation.v1.facts_pb2 import DisputeFacts, SessionFacts
from google.type.date_pb2 import Date

from services.chassis.domain import limits
from services.chassis.domain.dates import set_date
from services.chassis.domain.references import uuid_of
from services.mediation.domain.dispute import clocks

_AS_THEY_ARE = (
    "type",
    "channel",
    "kind",
    "major",
    "difficult",
    "amount_fen",
    "state",
    "refusal_ground",
    "sessions",
    "outcome",
    "failure_ground",
)
_DATES = (
    "registered_date",
    "accepted_date",
    "refused_date",
    "withdrawn_date",
    "first_session_date",
    "discussed_date",
    "expert_date",
    "closed_date",
    "feedback_date",
    "fulfilled_date",
    "defaulted_date",
)
_OF_ANY: Mapping[str, str] = {"answer_due": clocks.ANSWER}
#: What belongs to an ending goes with it when the dispute is opened again, though it was met.
_OF_CLOSED: Mapping[str, str] = {"feedback_due": clocks.FEEDBACK}
_OF_AGREED: Mapping[str, str] = {"visit1_due": clocks.VISIT, "visit2_due": clocks.MAJOR_VISIT}
_ESCALATED: Mapping[int, str] = {
    pb.ESCALATION_KIND_CRIME: "escalated_crime_date",
    pb.ESCALATION_KIND_MASS_INCIDENT: "escalated_mass_date",
}
_PREVENTED: Mapping[int, str] = {
    pb.PREVENTION_KIND_CRIME: "prevented_crime_date",
    pb.PREVENTION_KIND_MASS_INCIDENT: "prevented_mass_date",
    pb.PREVENTION_KIND_SUICIDE: "prevented_suicide_date",
    pb.PREVENTION_KIND_ARMED_FIGHT: "prevented_fight_date",
}


def dispute_facts(dispute: pb.Dispute) -> DisputeFacts:
    """Return the facts of a dispute; office, place and the day of the change are filled in by the caller."""
    facts = DisputeFacts(
        people=dispute.people or sum(party.count or 1 for party in dispute.parties),
        committee=uuid_of(dispute.committee),
        centre=uuid_of(dispute.centre),
        mediator=uuid_of(dispute.mediator),
        withdrawn=dispute.HasField("withdrawn_date"),
        reopened=bool(dispute.reopenings),
        aid_case=uuid_of(dispute.aid_case),
        referred_to_aid=dispute.referral.to_legal_aid,
    )
    for name in _AS_THEY_ARE:
        setattr(facts, name, getattr(dispute, name))
    for name in _DATES:
        _copy(dispute, facts, name, name)
    _dues(dispute, facts, _OF_ANY)
    _close_due(dispute, facts)
    if dispute.HasField("closed_date"):
        _dues(dispute, facts, _OF_CLOSED)
    if dispute.HasField("agreement"):
        _agreement(dispute, facts)
    for escalation in dispute.escalations:
        _copy(escalation, facts, "escalated_date", _ESCALATED[escalation.kind])
    for prevention in dispute.preventions:
        _copy(prevention, facts, "prevented_date", _PREVENTED[prevention.kind])
    return facts


def _copy(
    source: pb.Dispute | pb.Agreement | pb.Confirmation | pb.Escalation | pb.Prevention,
    facts: DisputeFacts,
    name: str,
    into: str,
) -> None:
    """Copy a date; one that is no day counts as unset."""
    if source.HasField(name):  # type: ignore[arg-type]
        day: Date = getattr(source, name)
        if day.year:
            getattr(facts, into).CopyFrom(day)


def _dues(dispute: pb.Dispute, facts: DisputeFacts, rules: Mapping[str, str]) -> None:
    for name, rule in rules.items():
        due = clocks.limit_due(dispute, rule)
        if due is not None:
            getattr(facts, name).CopyFrom(due)


def _close_due(dispute: pb.Dispute, facts: DisputeFacts) -> None:
    closing = clocks.closing_limit(dispute)
    if closing is not None and not limits.is_suspended(closing):
        facts.close_due.CopyFrom(closing.due)


def _agreement(dispute: pb.Dispute, facts: DisputeFacts) -> None:
    agreement = dispute.agreement
    _dues(dispute, facts, _OF_AGREED)
    facts.agreement_form = agreement.form
    _copy(agreement, facts, "in_force_date" if agreement.performed_on_spot else "fulfilment_due_date", "fulfilment_due")
    first, second = clocks.visits(dispute)
    if first is not None:
        set_date(facts.visit1_date, first)
    if second is not None:
        set_date(facts.visit2_date, second)
    if dispute.HasField("confirmation"):
        _copy(dispute.confirmation, facts, "applied_date", "confirmation_applied_date")
        confirmed = dispute.confirmation.result == pb.CONFIRMATION_RESULT_CONFIRMED
        _copy(dispute.confirmation, facts, "result_date", "confirmed_date" if confirmed else "rejected_date")


def session_facts(session: session_pb2.Session) -> SessionFacts:
    """Return the facts of a session."""
    facts = SessionFacts(
        dispute=uuid_of(session.dispute),
        venue=session.venue,
        expert=bool(session.invited),
        outcome=session.outcome,
    )
    facts.held_date.CopyFrom(session.held_date)
    return facts
