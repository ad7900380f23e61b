"""Lists too long to be looked at: found by counting, before anything in them is.

Judging one element costs far more than sending it: two bytes on the wire, 75 microseconds and some kilobytes when it is
wrong. A message within the limit of bytes can hold two million; judged one by one they would hold up a service for
minutes, and all who call it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

#: Elements of a list for which the contract names no limit: those that the service fills in, mostly.
MOST_OF_A_LIST = 1000
#: Elements of all lists of a message together, those within the rows of an import too.
MOST = 20_000
#: Elements take two bytes each at least; a shorter message holds no crowd.
_SHORT = 512


class Crowd(NamedTuple):
    """A list that is too long: its path in the message and how many there may be, in it or in all lists together."""

    field: str
    most: int
    together: bool = False


def crowd(message: Message) -> Crowd | None:
    """Return the first list that is too long by itself, or that makes all lists together too long."""
    return None if message.ByteSize() < _SHORT else next(_crowds(message, "", [MOST]), None)


def _crowds(message: Any, prefix: str, left: list[int]) -> Iterator[Crowd]:
    for field, most, inner in _lists(message.DESCRIPTOR):
        path = prefix + field.name
        if not field.is_repeated:
            if message.HasField(field.name):
                yield from _crowds(getattr(message, field.name), f"{path}.", left)
            continue
        elements = getattr(message, field.name)
        if len(elements) > most:
            yield Crowd(path, most)
        left[0] -= len(elements)
        if left[0] < 0:
            yield Crowd(path, MOST, together=True)
        for index, element in enumerate(elements if inner else ()):
            yield from _crowds(element, f"{path}[{index}].", left)


@cache
def _lists(descriptor: Descriptor) -> tuple[tuple[FieldDescriptor, int, bool], ...]:
    """Return the fields that are lists or hold some: how many elements they may have, and whether these hold lists."""
    found = []
    for field in descriptor.fields:
        inner = field.message_type is not None and _holds_lists(field.message_type, frozenset())
        if field.is_repeated or inner:
            rules = field.GetOptions().Extensions[validate_pb2.field]
            found.append((field, int(rules.repeated.max_items) or MOST_OF_A_LIST, inner))
    return tuple(found)


def _holds_lists(descriptor: Descriptor, above: frozenset[str]) -> bool:
    return descriptor.full_name not in above and any(
        field.is_repeated
        or (field.message_type is not None and _holds_lists(field.message_type, above | {descriptor.full_name}))
        for field in descriptor.fields
    )
