"""Materials handed out (资料发放): by themselves, or at an activity, on the day it was held."""

from __future__ import annotations

from collections.abc import Sequence

from geju.publicity.v1 import activity_pb2, material_handout_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import UnknownReference
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.publicity.domain.activities.audience import check_once
from services.publicity.domain.activities.lifecycle import HELD
from services.publicity.domain.errors import HandoutsLeft, NotHeldThen

Activity = activity_pb2.Activity
Handout = material_handout_pb2.MaterialHandout
Count = material_handout_pb2.MaterialCount
#: What the numbers of handouts add to that of their activity.
_MARK = "·"
MAX_ACTIVITY_KEY = 64 - len(_MARK) - 1


def check(new: Handout, _old: Handout | None, _rules: Rules) -> None:
    """Guard a handout on every change. Raises BadReference."""
    check_reference("activity", new.activity, "activities")


def check_activity(handout: Handout, activity: Activity) -> None:
    """Refuse another office's activity, one not held, and another day. Raises UnknownReference, NotHeldThen."""
    if activity.office != handout.office:
        raise UnknownReference("activity", name=handout.activity)
    if activity.state != HELD or handout.handed_out_date != activity.held_date:
        raise NotHeldThen("handed_out_date", expected=to_date(activity.held_date) or "该活动尚未登记举办")


def check_none_left(field: str, handouts: int) -> None:
    """Refuse to delete an activity at which materials were handed out, or to take its day away. Raises HandoutsLeft."""
    if handouts:
        raise HandoutsLeft(field, handouts=handouts)


def of_activity(activity: Activity, counts: Sequence[Count]) -> list[Handout]:
    """Return the handouts at an activity, one for each kind, not yet made. Raises GroupTwice."""
    check_once("materials", counts, "kind")
    return [at(activity, count.kind, count.copies) for count in counts]


def key_of(activity_key: str, kind: int) -> str:
    """Return the office's number of what was handed out at an activity, by which a sheet finds it again.

    Empty where the activity has none, or one that leaves no room.
    """
    return f"{activity_key}{_MARK}{kind}" if 0 < len(activity_key) <= MAX_ACTIVITY_KEY else ""


def renumbered(found: Sequence[Handout], old_key: str, new_key: str) -> list[str]:
    """Return the numbers of an activity's handouts once it has another number itself.

    Those which a sheet knows by the old number have to be found by the new one, or the sheet makes them again. Of
    several of a kind that had none, the first gets it; what the office numbered in a way of its own keeps its number.
    """
    keys: list[str] = []
    for one in found:
        key = key_of(new_key, one.kind) if one.key == key_of(old_key, one.kind) else one.key
        keys.append(one.key if key in keys else key)
    return keys


def at(activity: Activity, kind: material_handout_pb2.MaterialKind.ValueType, copies: int) -> Handout:
    """Return a handout at an activity: where and when it was held."""
    return Handout(
        office=activity.office,
        place=activity.place,
        key=key_of(activity.key, kind),
        kind=kind,
        copies=copies,
        handed_out_date=activity.held_date,
        activity=activity.name,
    )
