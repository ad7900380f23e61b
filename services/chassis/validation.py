"""Checks a message against the limits written in the contract, and its texts for characters that deceive."""

# Docstrings of error classes are Chinese messages to the user; classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from buf.validate import validate_pb2
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from protovalidate import Validator
from protovalidate import Violation as EngineViolation

from services.chassis.crowds import crowd
from services.chassis.domain.errors import BadText, MissingRequestId, RuleError, UnknownEnumValue
from services.chassis.validation_messages import translate

#: Control characters cannot be stored (NUL) or put into a document; others turn the direction of the text around and so
#: hide what it says, or are seen by nobody, so that two names that look the same are not found by each other.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\u00ad\u200b-\u200d\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
)

_validator = Validator()


class Violation(NamedTuple):
    """One broken limit of a field: its path in the message, the reason and the message in Chinese."""

    field: str
    reason: str
    message: str


class InvalidRequest(RuleError):
    """请求内容不正确,请按提示修改后重试。"""

    reason = "INVALID_FIELD"
    code = "INVALID_ARGUMENT"

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        """Hold every violation; the first gives the error its reason."""
        self.violations = violations
        self.reason = violations[0].reason  # type: ignore[misc]  # the class's reason is only the default
        super().__init__(violations[0].field)


def check(message: Message) -> None:
    """Refuse a message that breaks a limit of the contract. Raises InvalidRequest with every violation.

    A list that is too long is refused by itself: what is in it is not looked at.
    """
    if (many := crowd(message)) is not None:
        together = f"(各列表合计最多 {many.most} 项)" if many.together else f"最多 {many.most} 项"
        raise InvalidRequest((Violation(many.field, InvalidRequest.reason, together),))
    found = (*map(_violation, _validator.collect_violations(message)), *_bad_texts(message, ""))
    if found:
        raise InvalidRequest(found)


def _violation(violation: EngineViolation) -> Violation:
    proto = violation.proto
    path = "" if proto.field is None else _path(proto.field.elements)
    rule = proto.rule_id
    if path.endswith("request_id"):
        return Violation(path, MissingRequestId.reason, MissingRequestId().message)
    if rule == "enum.defined_only":
        return Violation(path, UnknownEnumValue.reason, UnknownEnumValue(value=violation.field_value).message)
    return Violation(path, InvalidRequest.reason, translate(rule, proto.message))


def _path(elements: Iterable[Any]) -> str:
    parts = []
    for element in elements:
        subscript = element.subscript
        index = f"[{subscript.value}]" if subscript is not None and subscript.field == "index" else ""
        parts.append(f"{element.field_name}{index}")
    return ".".join(parts)


def _bad_texts(message: Message, prefix: str) -> Iterator[Violation]:
    for field, value in message.ListFields():
        if _skipped(field):
            continue
        repeated = field.is_repeated and not _is_map(field)
        for index, item in enumerate(value if repeated else (value,)):
            path = f"{prefix}{field.name}[{index}]" if repeated else f"{prefix}{field.name}"
            if isinstance(item, Message):
                yield from _bad_texts(item, path + ".")
            elif isinstance(item, str) and (match := _FORBIDDEN.search(item)):
                yield Violation(path, BadText.reason, BadText(character=f"U+{ord(match.group()):04X}").message)


@cache
def _skipped(field: FieldDescriptor) -> bool:
    """Rows of an import and partial records are checked on their own, later; most fields hold no text at all."""
    rules = field.GetOptions().Extensions[validate_pb2.field]
    return judged_apart(field) or bool(rules.ignore == validate_pb2.IGNORE_ALWAYS) or not _holds_text(field)


@cache
def _holds_text(field: FieldDescriptor, depth: int = 6) -> bool:
    inner = field.message_type
    if inner is None:
        return bool(field.type == FieldDescriptor.TYPE_STRING)
    return depth == 0 or any(_holds_text(one, depth - 1) for one in inner.fields)


@cache
def judged_apart(field: FieldDescriptor) -> bool:
    """Tell whether a field holds many things that are each judged on their own: import rows, records of a batch."""
    rules = field.GetOptions().Extensions[validate_pb2.field]
    row = field.message_type is not None and field.message_type.full_name.endswith("ImportRow")
    return row or bool(rules.repeated.items.ignore == validate_pb2.IGNORE_ALWAYS)


@cache
def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)
