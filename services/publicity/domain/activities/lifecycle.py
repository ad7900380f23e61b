"""Where an activity may go from where it stands: the one table that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from geju.publicity.v1 import activity_pb2 as pb

from services.chassis.domain.steps import Transition

PLANNED = pb.Activity.STATE_PLANNED
HELD = pb.Activity.STATE_HELD
CANCELLED = pb.Activity.STATE_CANCELLED

TRANSITIONS: Mapping[str, Transition] = {
    "hold": Transition("登记举办", frozenset({PLANNED}), HELD),
    "cancel": Transition("取消活动", frozenset({PLANNED}), CANCELLED),
}
#: What a state is called in what is published.
CHANGES: Mapping[int, str] = {PLANNED: "planned", HELD: "held", CANCELLED: "cancelled"}


def state_of(activity: pb.Activity) -> pb.Activity.State.ValueType:
    """Return where an activity stands by the days that are recorded."""
    if activity.HasField("held_date"):
        return HELD
    return CANCELLED if activity.HasField("cancelled_date") else PLANNED


def transition(new: pb.Activity, old: pb.Activity | None) -> str:
    """Name the step that a change takes; empty when it takes none."""
    return CHANGES[new.state] if old is None or old.state != new.state else ""


def is_cancelled(activity: pb.Activity) -> bool:
    """Tell whether an activity is cancelled: it is corrected from then on, not updated."""
    return activity.state == CANCELLED
