"""People's mediators (人民调解员), appointed to a committee from a day to a day."""

from __future__ import annotations

from geju.mediation.v1 import committee_pb2, mediator_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import InvalidField, NotInForce
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, in_force

Mediator = mediator_pb2.Mediator


def check(new: Mediator, _old: Mediator | None, _rules: Rules) -> None:
    """Guard a mediator on every change. Raises DateOrder, InvalidField, BadReference.

    Trainings are put in order of their day and their hours added up.
    """
    check_span(new)
    check_reference("committee", new.committee, "committees")
    if new.ending and not new.HasField("to_date"):
        raise InvalidField("to_date", expected="填写离任原因时须填终止日期")
    trainings = sorted(new.trainings, key=lambda t: (t.held_date.year, t.held_date.month, t.held_date.day))
    del new.trainings[:]
    new.trainings.extend(trainings)
    new.training_hours = sum(training.hours for training in trainings)


def needs_committee(new: Mediator, old: Mediator | None) -> bool:
    """Tell whether the committee must be looked at: a change of anything else leaves a past appointment alone."""
    return old is None or (new.committee, new.from_date) != (old.committee, old.from_date)


def check_committee(new: Mediator, committee: committee_pb2.Committee) -> None:
    """Refuse a committee that was not in force when the appointment began. Raises NotInForce."""
    first = to_date(new.from_date)
    if first is not None and not in_force(committee, first):
        raise NotInForce("committee", date=first)
