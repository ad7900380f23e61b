"""What a person's level was before, and when the person was a key person: plans of days gone by need both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.domain.dates import to_date
from services.chassis.domain.steps import put

Person = pb.SupervisedPerson


class KeySpan(NamedTuple):
    """Days as a key person; `last` None: still one."""

    first: date
    last: date | None

    def holds(self, on: date) -> bool:
        """Tell whether a day is one of them."""
        return self.first <= on and (self.last is None or on <= self.last)


def levels(person: Person) -> Sequence[tuple[date, pb.SupervisionLevel.ValueType]]:
    """Return the days from which levels applied, with the levels, in order of day."""
    found = [(to_date(one.from_date), one.level) for one in person.earlier_levels]
    found.append((to_date(person.level_date) or to_date(person.taken_over_date), person.level))
    return [(day, level) for day, level in found if day is not None]


def key_spans(person: Person) -> Sequence[KeySpan]:
    """Return the spans as a key person, in order of day."""
    found = [(to_date(one.from_date), to_date(one.to_date)) for one in person.earlier_key_spans]
    found.append((to_date(person.key_from_date), to_date(person.key_to_date)))
    return [KeySpan(first, last) for first, last in found if first is not None]


def keep(new: Person, old: Person) -> None:
    """Remember what a change puts an end to; what a correction of days leaves no room for was never so."""
    _keep_level(new, old)
    _keep_key_span(new, old)


def _keep_level(new: Person, old: Person) -> None:
    since, before = to_date(new.level_date), to_date(old.level_date)
    if since is not None and before is not None and new.level != old.level and before < since:
        put(new.earlier_levels.add(level=old.level), "from_date", before)
    # The first level begins when the person is taken over, whenever that turns out to have been.
    taken_over, was = to_date(new.taken_over_date), to_date(old.taken_over_date)
    for one in new.earlier_levels:
        if to_date(one.from_date) == was:
            put(one, "from_date", taken_over)
    fitting = [one for one in new.earlier_levels if _is_before(to_date(one.from_date), since)]
    del new.earlier_levels[:]
    new.earlier_levels.extend(fitting)


def _keep_key_span(new: Person, old: Person) -> None:
    since, first, last = (to_date(day) for day in (new.key_from_date, old.key_from_date, old.key_to_date))
    if since is not None and first is not None and last is not None and first < since and last < since:
        put(earlier := new.earlier_key_spans.add(), "from_date", first)
        put(earlier, "to_date", last)
    if since is not None:
        fitting = [one for one in new.earlier_key_spans if _is_before(to_date(one.to_date), since)]
        del new.earlier_key_spans[:]
        new.earlier_key_spans.extend(fitting)


def _is_before(day: date | None, since: date | None) -> bool:
    return day is not None and since is not None and day < since
