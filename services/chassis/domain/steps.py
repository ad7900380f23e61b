"""Steps of a record along its table of transitions, and the days on which they are taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from google.protobuf.message import Message
from google.type.date_pb2 import Date

from services.chassis.contract import value_label
from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.errors import ImpossibleTransition
from services.chassis.domain.rules import Rules
from services.chassis.domain.step_errors import StepFact


class Transition(NamedTuple):
    """A step: its Chinese name, the states it is permitted in, the state it leads to (None: the same)."""

    zh: str
    permitted: frozenset[int]
    target: int | None = None


def permit(record: Any, transitions: Mapping[str, Transition], step: str) -> None:
    """Refuse a step that the table does not permit in the record's state. Raises ImpossibleTransition."""
    transition = transitions[step]
    if record.state not in transition.permitted:
        raise ImpossibleTransition("state", state=state_label(record), action=transition.zh)


def move(record: Any, transitions: Mapping[str, Transition], step: str) -> None:
    """Put the record where a permitted step leads."""
    target = transitions[step].target
    if target is not None:
        record.state = target


def state_label(record: Any) -> str:
    """Return the Chinese label of a record's state; "?" for a number that the contract does not know."""
    known = record.DESCRIPTOR.fields_by_name["state"].enum_type.values_by_number.get(record.state)
    return "?" if known is None else value_label(known)


def check_steps(new: Any, old: Any, fields: Iterable[str]) -> None:
    """Refuse what a step records in a new record or a plain update. Raises StepFact."""
    before = type(new)() if old is None else old
    for name in fields:
        if getattr(new, name) != getattr(before, name):
            raise StepFact(name)


def put(message: Message, field: str, day: date | None) -> None:
    """Write a date into a field; None leaves it unset."""
    if day is None:
        message.ClearField(field)
    else:
        set_date(getattr(message, field), day)


def day(rules: Rules, field: str, message: Date, *after: Date) -> date:
    """Return the day of a step: as given, else today; not in the future, not before any day in `after`.

    Raises InvalidField, FutureDate, DateOrder.
    """
    earliest = max((known for other in after if (known := to_date(other)) is not None), default=None)
    found = rules.past(field, message, earliest)
    if found is None:
        rules.check_past(field, rules.today, earliest)
        return rules.today
    return found
