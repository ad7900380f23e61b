"""Disputes that got out of hand, and those that mediation kept from it."""

from __future__ import annotations

from datetime import date

from geju.mediation.v1 import dispute_pb2 as pb

from services.chassis.domain.dates import set_date
from services.chassis.domain.errors import AlreadyRecorded
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import day, permit
from services.mediation.domain.dispute.lifecycle import TRANSITIONS
from services.mediation.domain.errors import EvidenceRequired, GroundRequired


def escalate(dispute: pb.Dispute, escalation: pb.Escalation, rules: Rules) -> date:
    """Record what a dispute turned into, once for each kind; return the day. Raises AlreadyRecorded, GroundRequired."""
    permit(dispute, TRANSITIONS, "escalate")
    on = day(rules, "escalation.escalated_date", escalation.escalated_date, dispute.registered_date)
    if not escalation.kind:
        raise GroundRequired("escalation.kind")
    if any(other.kind == escalation.kind for other in dispute.escalations):
        raise AlreadyRecorded("escalation.kind")
    made = dispute.escalations.add()
    made.CopyFrom(escalation)
    set_date(made.escalated_date, on)
    return on


def prevent(dispute: pb.Dispute, prevention: pb.Prevention, rules: Rules) -> date:
    """Record what mediation prevented, once for each kind, with its evidence; return the day.

    Raises EvidenceRequired, AlreadyRecorded, GroundRequired.
    """
    permit(dispute, TRANSITIONS, "prevent")
    on = day(rules, "prevention.prevented_date", prevention.prevented_date, dispute.registered_date)
    if not prevention.kind:
        raise GroundRequired("prevention.kind")
    if not prevention.evidence.strip():
        raise EvidenceRequired("prevention.evidence")
    if any(other.kind == prevention.kind for other in dispute.preventions):
        raise AlreadyRecorded("prevention.kind")
    made = dispute.preventions.add()
    made.CopyFrom(prevention)
    set_date(made.prevented_date, on)
    return on
