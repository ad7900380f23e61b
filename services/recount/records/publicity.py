"""Records of law publicity: what figures rest on that no record says by itself.

Whom an activity reached, in all and by group, and from when to when a school year lasts are worked out once more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from geju.publicity.v1 import activity_pb2 as ap


def _activity(record: Any, facts: Any, _: Any, __: Any) -> None:
    for entry in record.audience:
        setattr(facts, ap.AudienceGroup.Name(entry.group).removeprefix("AUDIENCE_GROUP_").lower(), entry.people)
    if not record.people:  # nobody was there twice
        facts.people = sum(entry.people for entry in record.audience)


def _school_year(record: Any, facts: Any, _: Any, __: Any) -> None:
    facts.begins_date.year, facts.begins_date.month, facts.begins_date.day = record.year, 9, 1
    facts.ends_date.year, facts.ends_date.month, facts.ends_date.day = record.year + 1, 8, 31
    for name in ("plan", "hours", "textbooks", "teachers"):
        if record.HasField(name):
            getattr(facts, f"{name}_date").CopyFrom(getattr(record, name).date)


FOLLOWING: Mapping[str, Callable[[Any, Any, Any, Any], None]] = {"activity": _activity, "school_year": _school_year}
