"""Transitional grants (过渡性安置补助): granted, then paid against the funds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from geju.correction.v1 import transition_grant_pb2 as pb
from geju.funds.v1 import fund_entry_pb2

from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.errors import DateOrder
from services.chassis.domain.rules import Rules
from services.chassis.domain.step_errors import StepFact
from services.chassis.domain.steps import Transition, move, permit
from services.chassis.funds.rules import spending
from services.correction.domain.resettlement.errors import PaidGrant
from services.correction.domain.subjects import RELEASED, check_person

Grant = pb.TransitionGrant
GRANTED, PAID = Grant.STATE_GRANTED, Grant.STATE_PAID
#: What a grant's spending is for, by the earmarks of the profile.
PURPOSE = "transition_grant"

#: What may be done in which state.
TRANSITIONS: Mapping[str, Transition] = {"pay": Transition("发放", frozenset({GRANTED}), PAID)}


def check(new: Grant, old: Grant | None, _rules: Rules) -> None:
    """Guard a grant on every change; its state follows from its payment. Raises NotAPerson, BadReference, DateOrder."""
    check_person(new, old, RELEASED)
    granted, paid = to_date(new.granted_date), to_date(new.paid_date)
    if granted is not None and paid is not None and paid < granted:
        raise DateOrder("paid_date", date=paid, earliest=granted)
    new.state = PAID if paid is not None else GRANTED


def is_paid(grant: Grant) -> bool:
    """Tell whether a grant is paid: it is corrected from then on, not updated."""
    return grant.state == PAID


def check_deletion(grant: Grant) -> None:
    """Refuse to delete a grant that was paid. Raises PaidGrant."""
    if is_paid(grant):
        raise PaidGrant("state")


def check_payment(new: Grant, old: Grant | None) -> None:
    """Refuse a payment that no step made: a paid grant has its spending. Raises StepFact."""
    if is_paid(new) and (old is None or not is_paid(old)):
        raise StepFact("paid_date")


def payment(grant: Grant) -> tuple[int, date | None]:
    """Return what a grant's spending says of it."""
    return grant.amount_fen, to_date(grant.paid_date)


def pay(grant: Grant, on: date, earmark: str) -> fund_entry_pb2.FundEntry:
    """Record the payment of a grant and return the spending to enter. Raises ImpossibleTransition."""
    permit(grant, TRANSITIONS, "pay")
    set_date(grant.paid_date, on)
    move(grant, TRANSITIONS, "pay")
    entry = spending(grant, earmark, PURPOSE)
    follow(entry, grant)
    return entry


def follow(entry: fund_entry_pb2.FundEntry, grant: Grant) -> None:
    """Make the spending say what the grant says: amount, day and so its year."""
    entry.amount_fen = grant.amount_fen
    entry.entry_date.CopyFrom(grant.paid_date)
    entry.year = grant.paid_date.year
