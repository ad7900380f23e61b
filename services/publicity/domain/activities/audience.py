"""The audience of an activity: people per group, and in all, each once.

Nobody is counted twice inside a group; somebody of two groups counts in both, and once in the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geju.publicity.v1 import activity_pb2 as pb

from services.chassis.contract import value_label
from services.publicity.domain.errors import GroupTwice, TotalMismatch

#: Groups by the names that facts and spreadsheets call them by: "officials", "pupils", ….
GROUPS: Mapping[str, pb.AudienceGroup.ValueType] = {
    name.removeprefix("AUDIENCE_GROUP_").lower(): number for name, number in pb.AudienceGroup.items() if number
}


def by_group(activity: pb.Activity) -> dict[str, int]:
    """Return people per group by its name; groups that were not there are left out."""
    people = {entry.group: entry.people for entry in activity.audience}
    return {name: people[number] for name, number in GROUPS.items() if number in people}


def total(activity: pb.Activity) -> int:
    """Return how many people an activity reached: as said, else the sum of the groups."""
    return activity.people or sum(entry.people for entry in activity.audience)


def check(activity: pb.Activity) -> None:
    """Refuse a group given twice and a total that the groups cannot make. Raises GroupTwice, TotalMismatch."""
    check_once("audience", activity.audience, "group")
    people = [entry.people for entry in activity.audience]
    if activity.people and not max(people, default=0) <= activity.people <= sum(people):
        least, most = max(people, default=0), sum(people)
        raise TotalMismatch("people", people=activity.people, least=least, most=most)


def check_once(field: str, entries: Iterable[Any], name: str) -> None:
    """Refuse entries of which two are of the same value of an enum. Raises GroupTwice."""
    seen: set[int] = set()
    for index, entry in enumerate(entries):
        value = getattr(entry, name)
        if value in seen:
            choice = entry.DESCRIPTOR.fields_by_name[name].enum_type.values_by_number[value]
            raise GroupTwice(f"{field}[{index}].{name}", value=value_label(choice))
        seen.add(value)
