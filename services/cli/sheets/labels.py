"""What the contract's descriptors say to people: labels, hints, choices."""

from __future__ import annotations

import unicodedata
from functools import cache

from buf.validate import validate_pb2
from geju.options.v1 import options_pb2
from google.protobuf.descriptor import Descriptor, EnumDescriptor, EnumValueDescriptor, FieldDescriptor

DATE = "google.type.Date"
TIMESTAMP = "google.protobuf.Timestamp"
LIMIT = "geju.common.v1.Limit"


def option(field: FieldDescriptor) -> options_pb2.Field:
    """Return the field's labels and handling; empty ones when it has none."""
    return field.GetOptions().Extensions[options_pb2.field]


def label(field: FieldDescriptor) -> str:
    """Return the field's Chinese label, or its name when it has none."""
    return option(field).zh or field.name


def kind(message: Descriptor) -> options_pb2.Kind:
    """Return what record kind the message is; an empty one when it is none."""
    return message.GetOptions().Extensions[options_pb2.kind]


def value_label(value: EnumValueDescriptor) -> str:
    """Return the Chinese label of an enum value, or its code when it has none."""
    return value.GetOptions().Extensions[options_pb2.value].zh or value_code(value)


def value_code(value: EnumValueDescriptor) -> str:
    """Return an enum value's name in lower case without the enum's prefix: DISPUTE_TYPE_LABOUR is labour."""
    prefix = value.type.values_by_number[0].name.removesuffix("UNSPECIFIED") if 0 in value.type.values_by_number else ""
    return value.name.removeprefix(prefix).lower()


def choices(enum: EnumDescriptor) -> list[str]:
    """Return the labels that a person may write for an enum field, in the contract's order."""
    return [value_label(value) for value in enum.values if value.number != 0]


def numbers(enum: EnumDescriptor) -> dict[str, int]:
    """Return an enum's numbers by everything that a person may write for them: label, code, full name."""
    if enum.full_name not in _NUMBERS:
        _NUMBERS[enum.full_name] = {
            plain(name): int(value.number)
            for value in enum.values
            if value.number != 0
            for name in (value.name, value_code(value), value_label(value))
        }
    return _NUMBERS[enum.full_name]


_NUMBERS: dict[str, dict[str, int]] = {}


def required(field: FieldDescriptor) -> bool:
    """Say whether the contract refuses the field when it is empty."""
    rules = field.GetOptions().Extensions[validate_pb2.field]
    if rules.required or rules.string.min_len > 0 or rules.repeated.min_items > 0:
        return True
    return 0 in list(rules.enum.not_in)


def is_message(field: FieldDescriptor, full_name: str = "") -> bool:
    """Say whether the field holds a message (of this type, when named)."""
    if field.type != FieldDescriptor.TYPE_MESSAGE:
        return False
    return not full_name or message_of(field).full_name == full_name


def message_of(field: FieldDescriptor) -> Descriptor:
    """Return the type of a message field."""
    assert field.message_type is not None
    return field.message_type


def enum_of(field: FieldDescriptor) -> EnumDescriptor:
    """Return the type of an enum field."""
    assert field.enum_type is not None
    return field.enum_type


def is_money(field: FieldDescriptor) -> bool:
    """Say whether the field is an amount: the contract counts fen, people write yuan."""
    return field.name.endswith("_fen")


def heading(field: FieldDescriptor) -> str:
    """Return the field's label as the heading of a column: amounts are headed in yuan."""
    return label(field).replace("(分)", "(元)").replace("(分)", "(元)") if is_money(field) else label(field)


def plain(text: str) -> str:
    """Return a heading without what people vary: width, spaces, required marks, brackets' width, letter case."""
    return _plain(str(text))


@cache
def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(ch for ch in folded if not ch.isspace() and ch not in "*※:：_")
