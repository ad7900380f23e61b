"""Reads facts bytes quickly: through a shadow of the message, in which a date is its bytes, looked up in a cache."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from services.aggregation.kinds import BY_NAME
from services.aggregation.tables import TIMESTAMP, column_order
from services.chassis.shadow import shadow

# Days of a century and more, in every kind of record.
DAYS = 65_536


@cache
def decoder(kind: str) -> Callable[[bytes], list[Any]]:
    """Return the function that turns facts bytes of a kind into values in the order of its table's columns."""
    descriptor = BY_NAME[kind].facts.DESCRIPTOR
    plain, days, others = column_order(descriptor)
    # A date that every message has stands in twice where there are fewer: attrgetter gives a tuple from two names on.
    read_plain, read_days = (attrgetter(*(f.name for f in fields)) for fields in (plain, [days[0], *days]))
    special = [(attrgetter(f.name), _converter(f)) for f in others]
    parse = shadow(descriptor).FromString

    def decode(facts: bytes) -> list[Any]:
        message = parse(facts)
        values = [*read_plain(message), *map(day, read_days(message)[1:])]
        if special:
            values += [convert(read(message)) for read, convert in special]
        return values

    return decode


def _converter(field: FieldDescriptor) -> Callable[[Any], Any]:
    if field.message_type is None:
        return list
    one = moment if field.message_type.full_name == TIMESTAMP else day
    return (lambda many: [one(m) for m in many]) if field.is_repeated else one


@lru_cache(maxsize=DAYS)
def day(data: bytes) -> date | None:
    """Return the date of a serialized google.type.Date. Raises ValueError when it is no day of the calendar."""
    message = Date.FromString(data)
    return date(message.year, message.month, message.day) if data and message.year else None


def moment(data: bytes) -> datetime | None:
    """Return the instant of a serialized Timestamp."""
    return Timestamp.FromString(data).ToDatetime(tzinfo=UTC) if data else None
