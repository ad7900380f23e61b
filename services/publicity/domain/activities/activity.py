"""Activities (普法活动): planned, then held or cancelled; or recorded as held at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from geju.publicity.v1 import activity_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.references import check_references
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import day, permit, put
from services.publicity.domain.activities import audience
from services.publicity.domain.activities.lifecycle import CANCELLED, HELD, PLANNED, TRANSITIONS, state_of
from services.publicity.domain.errors import CancelledActivity, NoAudience, StateMismatch, StepFact

Activity = pb.Activity
#: A planned activity whose day has passed is to be recorded as held, or cancelled.
HOLD = "publicity.hold"
DUE_LABELS = {HOLD: "计划活动待登记举办或取消"}


class Held(NamedTuple):
    """What holding an activity brings: the day (empty: today), its audience, the facilities it touched (none: stay)."""

    held_date: Date
    audience: Iterable[pb.Audience]
    people: int
    facilities: Sequence[str]

    @classmethod
    def of(cls, request: Any) -> Held:
        """Return what a request to hold an activity says."""
        return cls(request.held_date, request.audience, request.people, request.facilities)


def check(new: Activity, _old: Activity | None, rules: Rules) -> None:
    """Guard an activity on every change; its state follows from its days.

    Raises BadReference, InvalidField, GroupTwice, TotalMismatch, NoAudience, StateMismatch.
    """
    check_references("facilities", new.facilities, "facilities")
    audience.check(new)
    if new.HasField("held_date"):
        new.ClearField("cancelled_date")  # it was held after all
        if not new.audience:
            raise NoAudience("audience")
    else:
        _check_planned(new, rules)
    new.state = state_of(new)


def _check_planned(new: Activity, rules: Rules) -> None:
    planned = to_date(new.planned_date)
    if planned is None:
        raise InvalidField("planned_date", expected="尚未举办的活动须填计划日期")
    if planned > date(rules.today.year + 1, 12, 31):
        raise InvalidField("planned_date", expected="不晚于明年年底的日期")
    if new.audience or new.people:
        raise StateMismatch("audience", expected="尚未举办的活动不填受众,举办后再登记")


def check_update(new: Activity, old: Activity) -> None:
    """Refuse an update that takes a step. Raises StepFact."""
    if new.state != old.state:
        raise StepFact("held_date")


def check_import(new: Activity, old: Activity) -> None:
    """Refuse a line that makes a cancelled activity a held one. Raises CancelledActivity."""
    if old.state == CANCELLED and new.state != CANCELLED:
        raise CancelledActivity("held_date")


def hold(activity: Activity, held: Held, rules: Rules) -> None:
    """Record that a planned activity was held. Raises ImpossibleTransition, FutureDate."""
    permit(activity, TRANSITIONS, "hold")
    put(activity, "held_date", day(rules, "held_date", held.held_date))
    del activity.audience[:]
    activity.audience.extend(held.audience)
    activity.people = held.people
    if held.facilities:
        activity.facilities[:] = held.facilities


def cancel(activity: Activity, given: Date, rules: Rules) -> None:
    """Record that a planned activity will not be held. Raises ImpossibleTransition, FutureDate."""
    permit(activity, TRANSITIONS, "cancel")
    put(activity, "cancelled_date", day(rules, "cancelled_date", given))


def happened(activity: Activity) -> date | None:
    """Return the day that an activity speaks of: it was held or cancelled then; None while it is planned."""
    return to_date(activity.held_date) or to_date(activity.cancelled_date)


def needed_on(activity: Activity) -> date | None:
    """Return the day on which its facilities are to be in use; None when it is cancelled."""
    if activity.state == CANCELLED:
        return None
    return to_date(activity.held_date if activity.state == HELD else activity.planned_date)


def dues(activity: Activity) -> list[tuple[date, str]]:
    """Return the day a planned activity is due on."""
    planned = to_date(activity.planned_date)
    return [(planned, HOLD)] if planned is not None and activity.state == PLANNED else []
