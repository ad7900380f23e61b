"""First steps of a complaint: accepted, refused, handed on, or waiting for a supplement."""

from __future__ import annotations

from datetime import date

from geju.legalservices.v1 import complaint_pb2 as pb

from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.errors import DateOrder
from services.chassis.domain.step_errors import StateMismatch
from services.chassis.domain.steps import move, permit, put
from services.legalservices.domain.complaints import clocks, lifecycle
from services.legalservices.domain.complaints.errors import TimeOver
from services.legalservices.domain.complaints.lifecycle import TRANSITIONS, Complaint


def accept(complaint: Complaint, on: date) -> None:
    """Accept a complaint. Raises ImpossibleTransition."""
    permit(complaint, TRANSITIONS, "accept")
    put(complaint, "accepted_date", on)
    move(complaint, TRANSITIONS, "accept")


def refuse(complaint: Complaint, ground: pb.ComplaintRefusalGround.ValueType, on: date, told: date) -> None:
    """Decide not to accept a complaint. Raises ImpossibleTransition, StateMismatch (not supplied, but no time over)."""
    permit(complaint, TRANSITIONS, "refuse")
    if ground == pb.COMPLAINT_REFUSAL_GROUND_NOT_SUPPLIED and not _unsupplied(complaint, on):
        raise StateMismatch("refusal_ground", expected="要求补正且补正截止日期已过的,方可以逾期未补正为由不予受理")
    complaint.refusal_ground = ground
    put(complaint, "refused_date", on)
    put(complaint, "refusal_told_date", told)
    move(complaint, TRANSITIONS, "refuse")


def _unsupplied(complaint: Complaint, on: date) -> bool:
    due = to_date(complaint.pauses[-1].supplement_due_date) if complaint.pauses else None
    return due is not None and due < on


def transfer(complaint: Complaint, unit: str, on: date, told: date) -> None:
    """Hand a complaint to the unit that is competent. Raises ImpossibleTransition."""
    permit(complaint, TRANSITIONS, "transfer")
    complaint.transferred_unit = unit
    put(complaint, "transferred_date", on)
    put(complaint, "refusal_told_date", told)
    move(complaint, TRANSITIONS, "transfer")


def request_supplement(complaint: Complaint, requested: str, on: date, due: date) -> None:
    """Ask for a supplement: the clocks stop. Raises ImpossibleTransition, TimeOver, DateOrder."""
    permit(complaint, TRANSITIONS, "request_supplement")
    last = clocks.last_day_to_ask(complaint)
    if last is not None and on > last:
        raise TimeOver("from_date", last=last)
    if due < on:
        raise DateOrder("supplement_due_date", date=due, earliest=on)
    pause = complaint.pauses.add(requested=requested)
    set_date(pause.from_date, on)
    set_date(pause.supplement_due_date, due)
    move(complaint, TRANSITIONS, "request_supplement")


def record_supplement(complaint: Complaint, on: date) -> None:
    """Record that the supplement came or was given up: the clocks go on, the complaint is where it was.

    Raises ImpossibleTransition.
    """
    permit(complaint, TRANSITIONS, "record_supplement")
    set_date(complaint.pauses[-1].to_date, on)
    complaint.state = lifecycle.state_of(complaint)
