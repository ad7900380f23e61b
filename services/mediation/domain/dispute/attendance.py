"""Sessions as their dispute sees them: the first, how many, the first with somebody invited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import session_pb2
from google.type.date_pb2 import Date

from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.errors import DateOrder
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import day, move, permit, put, state_label
from services.mediation.domain.dispute import lifecycle
from services.mediation.domain.dispute.lifecycle import TRANSITIONS
from services.mediation.domain.errors import MediatorRequired, StateMismatch


class Attended(NamedTuple):
    """What a dispute keeps of a session."""

    held: date
    invited: bool


def record(dispute: pb.Dispute, held: Date, rules: Rules, *, invited: bool) -> date:
    """Hold a session; return the day. Raises ImpossibleTransition, MediatorRequired, DateOrder, FutureDate."""
    permit(dispute, TRANSITIONS, "session")
    on = day(rules, "held_date", held, dispute.registered_date, dispute.accepted_date)
    if not dispute.mediator:
        raise MediatorRequired("mediator")
    first, expert = to_date(dispute.first_session_date), to_date(dispute.expert_date)
    last = to_date(dispute.last_session_date)
    set_date(dispute.first_session_date, min(first or on, on))
    set_date(dispute.last_session_date, max(last or on, on))
    if invited:
        set_date(dispute.expert_date, min(expert or on, on))
    dispute.sessions += 1
    move(dispute, TRANSITIONS, "session")
    return on


def recount(dispute: pb.Dispute, sessions: Iterable[Attended], rules: Rules) -> None:
    """Take the sessions as they are now, after one was changed or deleted. Raises StateMismatch, DateOrder."""
    kept = list(sessions)
    held = sorted(session.held for session in kept)
    if not held and dispute.state in lifecycle.MEDIATED:
        raise StateMismatch("first_session_date", state=state_label(dispute))
    for on in held:
        rules.check_past("held_date", on, to_date(dispute.accepted_date))
    closed = to_date(dispute.closed_date)
    if held and closed is not None and held[-1] > closed:
        raise DateOrder("closed_date", date=closed, earliest=held[-1])
    put(dispute, "first_session_date", held[0] if held else None)
    put(dispute, "last_session_date", held[-1] if held else None)
    put(dispute, "expert_date", min((s.held for s in kept if s.invited), default=None))
    dispute.sessions = len(held)
    if not held and dispute.state == lifecycle.IN_MEDIATION:
        dispute.state = lifecycle.ACCEPTED


def attended(session: session_pb2.Session) -> Attended:
    """Return what a dispute keeps of a session."""
    held = to_date(session.held_date)
    assert held is not None, "the contract requires the day"
    return Attended(held, bool(session.invited))


def check_session(session: session_pb2.Session, _old: session_pb2.Session | None, rules: Rules) -> None:
    """Refuse a session that contradicts itself; on its own it knows only its day and references."""
    rules.past("held_date", session.held_date)
    check_reference("dispute", session.dispute, "disputes")
    for index, mediator in enumerate(session.mediators):
        check_reference(f"mediators[{index}]", mediator, "mediators")
    if not session.outcome:
        session.outcome = session_pb2.SESSION_OUTCOME_CONTINUED
