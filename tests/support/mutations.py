"""Ways to spoil a request: its texts, numbers, days and lists, or its bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from services.chassis.contract import DATE, Method
from services.chassis.interceptors import MESSAGE_LIMIT
from tests.support.requests import fields_of

TEXTS = (
    "测试\x00甲", "\u202e甲测试", "测试\u200b甲", "\ufeff测试甲", "\u2066甲\u2069", "\U000e0041甲", "\x1b[31m甲",
    '=HYPERLINK("http://x.example")', "@SUM(1+1)", "'; DROP TABLE dispute; --", "{{ 7 * 7 }}{% raw %}", "%s%n$1{0}",
    "../../etc/passwd", "<w:p/>&amp;]]>", "*", "*,!sealed", ",", " ", "", "\u0301" * 500, "🏛️" * 50, "甲" * 100_000,
    "disputes/", "disputes/../fundEntries/1", "-1", "9" * 400, "2012-13", "nan", "\ud7ff\ue000\uffff", "ﷺ" * 300,
)  # fmt: skip
PATHS = ("", "*", ".", "a.b.c.d.e.f", "name.name", "state", "office.office", "\x00", "limits", "甲", "x" * 50_000)
_INTEGERS = {
    FieldDescriptor.TYPE_INT32: (-(2**31), -1, 0, 2**31 - 1),
    FieldDescriptor.TYPE_INT64: (-(2**63), -1, 2**31, 2**53 + 1, 2**63 - 1),
    FieldDescriptor.TYPE_UINT32: (0, 2**31, 2**32 - 1),
    FieldDescriptor.TYPE_UINT64: (0, 2**63, 2**64 - 1),
    FieldDescriptor.TYPE_ENUM: (-(2**31), -1, 99, 2**31 - 1),
}
_DATES = (
    (0, 0, 0),
    (9999, 12, 31),
    (1, 1, 1),
    (2012, 2, 30),
    (2012, 13, 1),
    (-1, -1, -1),
    (2**31 - 1, 1, 1),
    (2012, 0, 0),
)
_MANY = 30_000


def text(message: Any, chance: random.Random) -> bytes:
    """Put a text that deceives, breaks or overflows in the place of another."""
    for holder, field in _some(message, chance, FieldDescriptor.TYPE_STRING):
        _put(holder, field, chance.choice(TEXTS))
    return bytes(message.SerializeToString())


def number(message: Any, chance: random.Random) -> bytes:
    """Put a number at the end of its range, or an enum value that there is not, in the place of another."""
    for holder, field in _some(message, chance, *_INTEGERS):
        _put(holder, field, chance.choice(_INTEGERS[field.type]))
    return bytes(message.SerializeToString())


def moment(message: Any, chance: random.Random) -> bytes:
    """Put a day or instant that there is not in the place of one, and paths that lead nowhere into a mask."""
    for holder, field in fields_of(message, FieldDescriptor.TYPE_MESSAGE):
        for inner in getattr(holder, field.name) if field.is_repeated else [getattr(holder, field.name)]:
            if field.message_type.full_name == DATE and chance.random() < 0.5:
                inner.year, inner.month, inner.day = chance.choice(_DATES)
            elif field.message_type.full_name == "google.protobuf.Timestamp":
                inner.seconds, inner.nanos = chance.choice((-(2**63), 2**63 - 1, 0)), chance.choice((-1, 2**31 - 1, 0))
    if "update_mask" in message.DESCRIPTOR.fields_by_name:
        message.update_mask.paths.extend(chance.sample(PATHS, 2))
    return bytes(message.SerializeToString())


def crowd(message: Any, chance: random.Random) -> bytes:
    """Repeat the elements of lists many times over, or fill a list with empty elements up to the limit of bytes."""
    lists = [both for both in fields_of(message, *range(1, 19)) if both[1].is_repeated]
    if not lists:
        return bytes(message.SerializeToString()) * 50
    holder, field = chance.choice(lists)
    values = getattr(holder, field.name)
    values.extend([values[0]] * min(_MANY, (MESSAGE_LIMIT // 2) // (1 + _size(values[0]))))
    return bytes(message.SerializeToString())


def nest(message: Any, chance: random.Random) -> bytes:
    """Nest groups and messages deeper than any parser should follow."""
    depth = chance.choice((50, 101, 10_000))
    inner = b""
    if chance.random() < 0.5:
        return bytes(message.SerializeToString()) + b"\xfb\x3f" * depth + b"\xfc\x3f" * depth
    for _ in range(min(depth, 1000)):
        inner = b"\x0a" + _varint(len(inner)) + inner
    return inner


def flip(message: Any, chance: random.Random) -> bytes:
    """Change, cut, repeat and insert bytes, among them some that are no UTF-8."""
    raw = bytearray(message.SerializeToString())
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(4):
            case 0:
                raw[at : at + 1] = chance.choice((b"\xff", b"\xc0\x80", b"\xed\xa0\x80", chance.randbytes(1)))
            case 1:
                del raw[at : at + chance.randint(1, 5)]
            case 2:
                raw[at:at] = raw[: chance.randint(0, 40)]
            case _:
                raw[at:at] = chance.randbytes(chance.randint(1, 9))
    return bytes(raw)


def noise(message: Any, chance: random.Random) -> bytes:
    """Send bytes that have nothing to do with the message."""
    del message
    return chance.randbytes(chance.choice((1, 7, 200, 5000)))


def large(message: Any, chance: random.Random) -> bytes:
    """Send more than is taken, in a field that nobody knows."""
    size = chance.choice((MESSAGE_LIMIT - 1000, MESSAGE_LIMIT + 1))
    return bytes(message.SerializeToString()) + b"\xfa\x3f" + _varint(size) + bytes(size)


def nothing(message: Any, chance: random.Random) -> bytes:
    """Leave a request as it is: it may well be lawful."""
    del chance
    return bytes(message.SerializeToString())


#: Ways with how often each is gone.
WAYS: Sequence[tuple[Callable[[Any, random.Random], bytes], float]] = (
    (nothing, 2), (text, 4), (number, 3), (moment, 3), (flip, 3), (noise, 1), (nest, 1), (crowd, 0.5), (large, 0.05),
)  # fmt: skip


def spoil(message: Any, chance: random.Random) -> tuple[str, bytes]:
    """Return bytes made of a request in a random way, and the name of the way."""
    [way] = chance.choices([way for way, _ in WAYS], [weight for _, weight in WAYS])
    return way.__name__, way(message, chance)


def with_token(method: Method, request: Any, token: str) -> bytes:
    """Return a request for the page that a token stands for."""
    made = method.request()
    made.CopyFrom(request)
    made.page_token = token
    return made.SerializeToString()


def _some(message: Message, chance: random.Random, *types: int) -> list[tuple[Any, FieldDescriptor]]:
    found = [both for both in fields_of(message, *types) if both[1].name != "request_id"]
    return chance.sample(found, min(len(found), chance.randint(1, 2)))


def _put(holder: Any, field: FieldDescriptor, value: Any) -> None:
    if field.is_repeated:
        values = getattr(holder, field.name)
        values[len(values) - 1] = value
    else:
        setattr(holder, field.name, value)


def _size(value: Any) -> int:
    return int(value.ByteSize()) if isinstance(value, Message) else len(str(value).encode())


def _varint(value: int) -> bytes:
    found = b""
    while value > 127:
        found += bytes([value & 127 | 128])
        value >>= 7
    return found + bytes([value])
