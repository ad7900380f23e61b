"""Messages as plain objects: a recount asks for their fields by the million."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message


def plain(message: Message) -> Any:
    """Return an object with the message's fields as attributes; dates are days, None where there is none."""
    made: Any = _shape(message.DESCRIPTOR)()
    own: dict[str, Any] = made.__dict__
    for field, value in message.ListFields():
        if field.is_repeated:
            own[field.name] = [as_day(one) for one in value] if field.message_type is not None else list(value)
        else:
            own[field.name] = as_day(value) if field.message_type is not None else value
    return made


def as_day(value: Any) -> date | None:
    """Return a google.type.Date as a day; None when it is none."""
    return date(value.year, value.month, value.day) if value.year else None


@cache
def _shape(descriptor: Descriptor) -> type:
    """Return a class that has what an unset field says as its attributes."""
    return type(str(descriptor.name), (), {field.name: _unset(field) for field in descriptor.fields})


def _unset(field: FieldDescriptor) -> Any:
    if field.is_repeated:
        return ()
    return None if field.message_type is not None else field.default_value
