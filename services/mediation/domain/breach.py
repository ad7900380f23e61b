"""Breaches of conduct by mediators (违反行为规范) and what they do to the appointment."""

from __future__ import annotations

from geju.mediation.v1 import breach_pb2, mediator_pb2

from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import in_force
from services.mediation.domain.errors import NotInOffice

Breach = breach_pb2.Breach
Mediator = mediator_pb2.Mediator
DISMISSED = mediator_pb2.MEDIATOR_ENDING_DISMISSED


def check(new: Breach, _old: Breach | None, _rules: Rules) -> None:
    """Guard a breach on every change. Raises BadReference."""
    check_reference("mediator", new.mediator, "mediators")


def effect(breach: Breach) -> tuple[object, ...]:
    """Return what a breach says about the appointment: a change of anything else leaves it alone."""
    return breach.office, breach.mediator, breach.measure, to_date(breach.found_date)


def of(mediator: Mediator, given: Breach) -> Breach:
    """Return the breach of a mediator as given, with the mediator's name, office and place."""
    breach = Breach()
    breach.CopyFrom(given)
    breach.mediator, breach.office, breach.place = mediator.name, mediator.office, mediator.place
    return breach


def take_back(mediator: Mediator, old: Breach) -> None:
    """Take back what an earlier breach did to the appointment.

    The end of a term that was set before the dismissal is not known any more: the appointment is open again.
    """
    if dismisses(old) and mediator.ending == DISMISSED and mediator.to_date == old.found_date:
        mediator.ClearField("to_date")
        mediator.ClearField("ending")


def apply(mediator: Mediator, new: Breach) -> None:
    """Let a breach end the appointment if it dismisses. Raises NotInOffice, InvalidField."""
    if new.office != mediator.office:
        raise InvalidField("office", expected="应与调解员所属司法所一致")
    found = to_date(new.found_date)
    if found is not None and not in_force(mediator, found):
        raise NotInOffice("found_date", date=found)
    if dismisses(new):
        set_date(mediator.to_date, found)
        mediator.ending = DISMISSED


def dismisses(breach: Breach) -> bool:
    """Tell whether a breach ended the appointment."""
    return breach.measure == breach_pb2.BREACH_MEASURE_DISMISSAL
