"""The days on which invented persons owe reports and are due to be visited, by the schedule of the profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import count, takewhile
from typing import Literal

from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.domain.calendar import add_working_days
from services.chassis.domain.supervision import KeyPeriod, ScheduleRule, Supervision, in_force
from services.demo.supervised import Supervised

_LEVELS = {
    pb.SUPERVISION_LEVEL_STRICT: "strict",
    pb.SUPERVISION_LEVEL_ORDINARY: "ordinary",
    pb.SUPERVISION_LEVEL_LENIENT: "lenient",
}


def due(
    supervision: Supervision, person: Supervised, duty: Literal["report", "home_visit"], *, anew: bool = True
) -> list[dt.date]:
    """Return the days on which the most frequent of the rules that fit asks for something.

    What a key period asks for is counted anew in the next one; without `anew` it is also counted on.
    """
    rules = [rule for rule in supervision.schedule if rule.duty == duty]
    found: set[dt.date] = set()
    for rule in rules:
        for start, last in _runs(supervision.key_periods, person, rule, anew=anew):
            days = takewhile(last.__ge__, (rule.day(start, n) for n in count(1)))
            found.update(day for day in days if _strictest(supervision, person, rules, day) is rule)
    return sorted(_moved(person, found) if duty == "report" else found)


def _runs(
    periods: Iterable[KeyPeriod], person: Supervised, rule: ScheduleRule, *, anew: bool
) -> Iterator[tuple[dt.date, dt.date]]:
    """Give from when to when a rule's acts are counted."""
    assert person.taken is not None
    if rule.duty == "report" or rule.during == "always":
        yield person.taken, person.until
    else:
        for one in periods:
            yield max(person.taken, one.valid_from), min(person.until, one.valid_to) if anew else person.until


def _strictest(
    supervision: Supervision, person: Supervised, rules: Iterable[ScheduleRule], day: dt.date
) -> ScheduleRule | None:
    special = any(True for _ in in_force(supervision.key_periods, day))
    fitting = (
        rule
        for rule in in_force(rules, day)
        if (rule.who in {"everyone", _LEVELS[person.record.level]} or (rule.who == "key_person" and person.key_person))
        and (special or rule.during == "always")
    )
    return min(fitting, key=lambda rule: (rule.density, not rule.stricter), default=None)


def _moved(person: Supervised, days: set[dt.date]) -> set[dt.date]:
    """Put what would fall into a leave on the first working day after it."""
    for leave in person.leaves:
        away = {day for day in days if leave.covers(day)}
        if away and leave.last is not None:
            days = (days - away) | {add_working_days(leave.last, 1)}
    return days
