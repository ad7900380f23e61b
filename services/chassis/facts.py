"""Filling in a record's facts."""

from __future__ import annotations

from typing import Any, TypeVar

from google.protobuf.message import Message

F = TypeVar("F", bound=Message)


def copied(record: Message, facts: F, *names: str) -> F:
    """Copy fields that are called the same in record and facts; an unset date stays unset."""
    values: Any = {field.name: value for field, value in record.ListFields() if field.name in names}
    facts.MergeFrom(type(facts)(**values))
    return facts
