"""How a dispute ends: discussion before it, closing, handing on, opening again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, cast

from geju.mediation.v1 import dispute_pb2 as pb
from google.protobuf.message import Message
from google.type.date_pb2 import Date

from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.errors import ReasonRequired
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import day, move, permit, put
from services.mediation.domain.dispute import agreements, clocks, lifecycle
from services.mediation.domain.dispute.intake import so_far
from services.mediation.domain.dispute.lifecycle import TRANSITIONS
from services.mediation.domain.errors import (
    AgreementRequired,
    GroundRequired,
    NotMajor,
    OutcomeRequired,
    ReferrerRequired,
)

_STEP_OF: Mapping[int, str] = {
    pb.DISPUTE_OUTCOME_AGREED: "agree",
    pb.DISPUTE_OUTCOME_FAILED: "fail",
    pb.DISPUTE_OUTCOME_REFUSED_BY_PARTY: "refused_by_party",
}
#: What belongs to an ending and goes with it when the dispute is opened again; visits and escalations stay.
_ENDING = (
    "refused_date",
    "refusal_ground",
    "refusal_note",
    "withdrawn_date",
    "closed_date",
    "outcome",
    "failure_ground",
    "agreement",
    "referral",
    "feedback_date",
    "feedback_reference",
    "confirmation",
    "fulfilled_date",
    "defaulted_date",
    "extended_due_date",
)


def discuss(dispute: pb.Dispute, on: Date, discussion: str, rules: Rules) -> date:
    """Record the discussion of a major dispute; return the day. The first day is kept. Raises NotMajor, …."""
    permit(dispute, TRANSITIONS, "discuss")
    if not dispute.major:
        raise NotMajor("major")
    discussed = day(rules, "discussed_date", on, dispute.accepted_date)
    first = to_date(dispute.discussed_date)
    set_date(dispute.discussed_date, min(first or discussed, discussed))
    dispute.discussion = "\n".join(text for text in (dispute.discussion, discussion) if text)
    return discussed


class Ending(NamedTuple):
    """How a dispute in mediation ends: with an agreement, without one on a ground, or broken off."""

    outcome: pb.DisputeOutcome.ValueType
    agreement: pb.Agreement | None = None
    ground: pb.FailureGround.ValueType = pb.FAILURE_GROUND_UNSPECIFIED


def close(dispute: pb.Dispute, on: Date, ending: Ending, rules: Rules) -> date:
    """Close a dispute in mediation; return the day.

    Raises OutcomeRequired, AgreementRequired, WrittenAgreementRequired, GroundRequired, ImpossibleTransition, ….
    """
    outcome, agreement, ground = ending
    step = _STEP_OF.get(outcome)
    if step is None:
        raise OutcomeRequired("outcome")
    permit(dispute, TRANSITIONS, step)
    closed = day(rules, "closed_date", on, *so_far(dispute))
    if (step == "agree") != (agreement is not None):
        raise AgreementRequired("agreement")
    if step == "fail" and not ground:
        raise GroundRequired("failure_ground")
    if agreement is not None:
        agreements.conclude(dispute, agreement, closed, rules)
    dispute.failure_ground = ground
    _end(dispute, step, closed, rules)
    return closed


def refer(dispute: pb.Dispute, on: Date, referral: pb.Referral, rules: Rules) -> date:
    """Hand a dispute on; return the day. Raises ReferrerRequired, ImpossibleTransition, DateOrder."""
    permit(dispute, TRANSITIONS, "refer")
    referred = day(rules, "referred_date", on, *so_far(dispute))
    if not referral.unit:
        raise ReferrerRequired("referral.unit")
    dispute.referral.CopyFrom(referral)
    _end(dispute, "refer", referred, rules)
    return referred


def _end(dispute: pb.Dispute, step: str, on: date, rules: Rules) -> None:
    set_date(dispute.closed_date, on)
    move(dispute, TRANSITIONS, step)
    dispute.outcome = lifecycle.OUTCOME_OF[dispute.state]
    clocks.sync(dispute, rules)


def reopen(dispute: pb.Dispute, on: Date, reason: str, rules: Rules) -> date:
    """Open a closed dispute again, its ending kept aside; return the day. Raises ReasonRequired, …."""
    permit(dispute, TRANSITIONS, "reopen")
    ended = (dispute.closed_date, dispute.refused_date, dispute.withdrawn_date)
    reopened = day(rules, "reopened_date", on, *ended)
    if len(reason.strip()) < 2:
        raise ReasonRequired("reason")
    kept = dispute.reopenings.add(reason=reason, outcome=dispute.outcome)
    set_date(kept.reopened_date, reopened)
    put(kept, "closed_date", to_date(dispute.closed_date))
    if dispute.HasField("agreement"):
        kept.agreement.CopyFrom(dispute.agreement)
    for name in _ENDING:
        cast("Message", dispute).ClearField(name)
    dispute.state = _before(dispute)
    clocks.sync(dispute, rules)
    return reopened


def _before(dispute: pb.Dispute) -> lifecycle.State.ValueType:
    if to_date(dispute.accepted_date) is None:
        return lifecycle.REGISTERED
    return lifecycle.IN_MEDIATION if dispute.sessions else lifecycle.ACCEPTED
