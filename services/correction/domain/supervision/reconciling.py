"""Bringing the duties that are there to those that a new plan wants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from geju.correction.v1 import duty_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.steps import put
from services.correction.domain.supervision.duty import BY_DAY
from services.correction.domain.supervision.planning import Wanted

Duty = duty_pb2.Duty
REPLANNED, ENDED = duty_pb2.DUTY_EXCUSE_REPLANNED, duty_pb2.DUTY_EXCUSE_ENDED
#: Excuses that a plan has given and another one may take back.
OF_PLANS = frozenset({REPLANNED, ENDED})


@dataclass
class Changes:
    """What a plan changes: duties to make, and duties as they are now to be."""

    made: list[Duty] = field(default_factory=list)
    changed: list[Duty] = field(default_factory=list)


def reconcile(
    existing: Iterable[Duty], wanted: Iterable[Wanted], since: date, excuse: duty_pb2.DutyExcuse.ValueType = REPLANNED
) -> Changes:
    """Return what it takes to owe what is wanted from a day on; what is done or excused by somebody stays.

    Duties that are due before the day stay whatever they are.
    """
    changes, left = Changes(), defaultdict[tuple[int, date], list[Duty]](list)
    for duty in existing:
        if _due(duty) >= since:
            left[_key(duty)].append(duty)
    for one in wanted:
        if one.due < since:
            continue
        found = _take(left, one)
        if found is None:
            changes.made.append(_new(one))
        elif _fit(found, one):
            changes.changed.append(found)
    for duty in (duty for duties in left.values() for duty in duties):
        if _is_owed(duty):
            duty.excuse = excuse
            changes.changed.append(duty)
    return changes


def _take(left: dict[tuple[int, date], list[Duty]], one: Wanted) -> Duty | None:
    """Take out the duty that is wanted: where it is due, done before owed before off; else where a leave found it."""
    found = left.get(one.key, [])
    if not found:
        moved = [duty for day in one.replaces for duty in left.get((one.kind, day), ())]
        # What was done before leaving need not be done once more.
        found = [duty for duty in moved if _is_owed(duty)] or moved
    if not found:
        return None
    best = max(found, key=lambda duty: (duty.HasField("met_date"), duty.excuse not in OF_PLANS, _due(duty)))
    left[_key(best)].remove(best)
    return best


def _is_owed(duty: Duty) -> bool:
    return not duty.HasField("met_date") and not duty.excuse


def _fit(duty: Duty, one: Wanted) -> bool:
    """Make an outstanding duty what is wanted; tell whether that changed it."""
    if duty.HasField("met_date") or (duty.excuse and duty.excuse not in OF_PLANS):
        return False
    before = Duty()
    before.CopyFrom(duty)
    duty.ClearField("excuse")
    duty.required_hours, duty.stricter = one.hours, one.stricter
    put(duty, "due_date", one.due)
    return before != duty


def _new(one: Wanted) -> Duty:
    duty = Duty(kind=one.kind, required_hours=one.hours, stricter=one.stricter)
    put(duty, "due_date", one.due)
    put(duty, "month_date", one.month)
    return duty


def _due(duty: Duty) -> date:
    found = to_date(duty.due_date)
    assert found is not None, "the contract requires the day"
    return found


def _key(duty: Duty) -> tuple[int, date]:
    month = None if duty.kind in BY_DAY else to_date(duty.month_date)
    return duty.kind, month or _due(duty)
