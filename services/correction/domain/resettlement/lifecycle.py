"""Where a released person's file may go from where it stands: the one table that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from geju.correction.v1 import released_person_pb2 as pb

from services.chassis.domain.steps import Transition

ANNOUNCED = pb.ReleasedPerson.STATE_ANNOUNCED
NOT_LINKED = pb.ReleasedPerson.STATE_NOT_LINKED
LINKED = pb.ReleasedPerson.STATE_LINKED
REGISTERED = pb.ReleasedPerson.STATE_REGISTERED
CLOSED = pb.ReleasedPerson.STATE_CLOSED

OPEN = frozenset({ANNOUNCED, NOT_LINKED, LINKED, REGISTERED})

#: A person who was not linked up with may be found later; whoever died or moved away first is closed from any state.
TRANSITIONS: Mapping[str, Transition] = {
    "link": Transition("衔接", frozenset({ANNOUNCED, NOT_LINKED}), LINKED),
    "not_linked": Transition("认定未衔接", frozenset({ANNOUNCED}), NOT_LINKED),
    "register": Transition("列管", frozenset({LINKED}), REGISTERED),
    "list": Transition("确认双列管", OPEN),
    "close": Transition("撤管", OPEN, CLOSED),
    "close_after_five_years": Transition("期满撤管", frozenset({REGISTERED}), CLOSED),
}

#: What steps record: changed by the step, by correcting or, where it was empty, by an import.
STEP_FIELDS = ("listed_date", "linked_date", "not_linked_date", "registered_date", "closed_date", "close_ground")


def state_of(person: pb.ReleasedPerson) -> pb.ReleasedPerson.State.ValueType:
    """Return where a person stands by the days that are recorded."""
    if person.HasField("closed_date"):
        return CLOSED
    if person.HasField("registered_date"):
        return REGISTERED
    if person.HasField("linked_date"):
        return LINKED
    return NOT_LINKED if person.HasField("not_linked_date") else ANNOUNCED


def is_closed(person: pb.ReleasedPerson) -> bool:
    """Tell whether a file is closed: it is corrected from then on, not updated."""
    return person.state == CLOSED
