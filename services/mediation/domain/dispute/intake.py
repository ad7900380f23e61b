"""From registration to the first session: register, accept, refuse, withdraw, assign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geju.mediation.v1 import dispute_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.dates import set_date
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import day, move, permit
from services.mediation.domain.dispute import clocks, lifecycle
from services.mediation.domain.dispute.lifecycle import TRANSITIONS
from services.mediation.domain.errors import (
    GroundRequired,
    MajorGroundRequired,
    MediatorRequired,
    PartiesRequired,
    ReferrerRequired,
    StepFact,
)

#: Set by a later step, never by registering or by a plain update.
STEP_FIELDS = (
    "accepted_date",
    "refused_date",
    "refusal_ground",
    "refusal_note",
    "withdrawn_date",
    "discussed_date",
    "discussion",
    "closed_date",
    "failure_ground",
    "agreement",
    "referral",
    "feedback_date",
    "feedback_reference",
    "confirmation",
    "fulfilled_date",
    "defaulted_date",
    "return_visits",
    "escalations",
    "preventions",
    "extended_due_date",
)


def register(dispute: pb.Dispute, rules: Rules) -> None:
    """Take a dispute in. Raises StepFact, MajorGroundRequired, BadReference, FutureDate."""
    for name in STEP_FIELDS:
        if is_set(dispute, name):
            raise StepFact(name)
    check_description(dispute)
    registered = day(rules, "registered_date", dispute.registered_date)
    set_date(dispute.registered_date, registered)
    if not dispute.kind:
        dispute.kind = pb.DISPUTE_KIND_PEOPLE
    dispute.state = lifecycle.REGISTERED
    clocks.sync(dispute, rules)


def check_description(dispute: pb.Dispute) -> None:
    """Refuse contradictions in what describes a dispute. Raises MajorGroundRequired, BadReference."""
    if dispute.major != bool(dispute.major_ground):
        raise MajorGroundRequired("major_ground")
    check_reference("committee", dispute.committee, "committees")
    check_reference("centre", dispute.centre, "centres")
    check_reference("mediator", dispute.mediator, "mediators")
    check_reference("origin", dispute.origin, "disputes")
    for index, mediator in enumerate(dispute.co_mediators):
        check_reference(f"co_mediators[{index}]", mediator, "mediators")


def accept(dispute: pb.Dispute, on: Date, rules: Rules) -> date:
    """Accept a dispute and start its clock; return the day. Raises PartiesRequired, ReferrerRequired, …."""
    permit(dispute, TRANSITIONS, "accept")
    accepted = day(rules, "accepted_date", on, dispute.registered_date)
    check_complete(dispute)
    set_date(dispute.accepted_date, accepted)
    move(dispute, TRANSITIONS, "accept")
    clocks.sync(dispute, rules)
    return accepted


def check_complete(dispute: pb.Dispute) -> None:
    """Refuse what cannot be accepted. Raises PartiesRequired, ReferrerRequired."""
    sides = {party.side for party in dispute.parties}
    if not {pb.PARTY_SIDE_APPLICANT, pb.PARTY_SIDE_RESPONDENT} <= sides:
        raise PartiesRequired("parties")
    if lifecycle.is_referral(dispute) and not dispute.referrer.unit:
        raise ReferrerRequired("referrer.unit")


def refuse(dispute: pb.Dispute, on: Date, ground: pb.RefusalGround.ValueType, note: str, rules: Rules) -> date:
    """Refuse a dispute on a ground; return the day. Raises GroundRequired, ImpossibleTransition."""
    permit(dispute, TRANSITIONS, "refuse")
    refused = day(rules, "refused_date", on, dispute.registered_date)
    if not ground:
        raise GroundRequired("ground")
    set_date(dispute.refused_date, refused)
    dispute.refusal_ground = ground
    dispute.refusal_note = note
    move(dispute, TRANSITIONS, "refuse")
    clocks.sync(dispute, rules)
    return refused


def withdraw(dispute: pb.Dispute, on: Date, rules: Rules) -> date:
    """Record that the applicant withdrew; return the day. A dispute that was accepted is closed by it."""
    permit(dispute, TRANSITIONS, "withdraw")
    withdrawn = day(rules, "withdrawn_date", on, *so_far(dispute))
    set_date(dispute.withdrawn_date, withdrawn)
    if dispute.state != lifecycle.REGISTERED:
        set_date(dispute.closed_date, withdrawn)
    move(dispute, TRANSITIONS, "withdraw")
    dispute.outcome = pb.DISPUTE_OUTCOME_WITHDRAWN
    clocks.sync(dispute, rules)
    return withdrawn


def so_far(dispute: pb.Dispute) -> tuple[Date, ...]:
    """Return the days that the end of a dispute cannot precede; unset ones among them."""
    reopened = [reopening.reopened_date for reopening in dispute.reopenings]
    steps = (dispute.registered_date, dispute.accepted_date, dispute.last_session_date, dispute.discussed_date)
    return (*steps, dispute.expert_date, *reopened)


def assign(dispute: pb.Dispute, mediator: str, others: Iterable[str], *, committee: str = "", centre: str = "") -> None:
    """Put mediators on an open dispute, in place of those it had. Raises MediatorRequired, BadReference."""
    permit(dispute, TRANSITIONS, "assign")
    if not mediator:
        raise MediatorRequired("mediator")
    del dispute.co_mediators[:]
    place(dispute, mediator=mediator, others=others, committee=committee, centre=centre)


def place(
    dispute: pb.Dispute, *, mediator: str = "", others: Iterable[str] = (), committee: str = "", centre: str = ""
) -> None:
    """Say who handles a dispute; what is empty stays. Raises BadReference."""
    check_reference("mediator", mediator, "mediators")
    check_reference("committee", committee, "committees")
    check_reference("centre", centre, "centres")
    named = list(dict.fromkeys(other for other in others if other != mediator))
    for index, other in enumerate(named):
        check_reference(f"co_mediators[{index}]", other, "mediators")
    dispute.mediator = mediator or dispute.mediator
    dispute.committee = committee or dispute.committee
    dispute.centre = centre or dispute.centre
    if named:
        dispute.co_mediators[:] = named


def is_set(dispute: pb.Dispute, name: str) -> bool:
    """Tell whether a field says anything."""
    value = getattr(dispute, name)
    return bool(value.ByteSize()) if hasattr(value, "ByteSize") else bool(value)
