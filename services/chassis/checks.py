"""Checks every record goes through beside the contract's limits: dates, enum values, office and place."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from services.chassis import validation
from services.chassis.contract import DATE, field_option
from services.chassis.domain.dates import EXPECTED, to_date
from services.chassis.domain.errors import InvalidField, UnknownEnumValue
from services.chassis.domain.rules import Rules

_Check = Callable[[Any, str, Rules], None]


def check_request(request: Message, rules: Rules) -> None:
    """Refuse dates that are none or not yet, and unknown enum values, in a request but for what is judged apart.

    Raises InvalidField, FutureDate, UnknownEnumValue.
    """
    _walk(request, "", rules)


def check_row(row: Message, rules: Rules) -> None:
    """Refuse an import row that breaks the contract; what it carries of a record is checked as a record."""
    validation.check(row)
    _walk(row, "", rules)


def check_record(record: Any, old: Any | None, rules: Rules) -> None:
    """Refuse a whole record that breaks the contract. Raises as `check_request`; InvalidRequest, UnknownOffice, …."""
    validation.check(record)
    _walk(record, "", rules)
    if old is None or (record.office, record.place) != (old.office, old.place):
        rules.check_office(record.office, record.place)


def _walk(message: Message, path: str, rules: Rules) -> None:
    checks = _checks(message.DESCRIPTOR)
    if not checks:
        return
    for field, value in message.ListFields():
        check = checks.get(field.number)
        if check is not None:
            check(value, path + field.name, rules)


@cache
def _checks(descriptor: Descriptor) -> dict[int, _Check]:
    return {field.number: check for field in descriptor.fields if (check := _check(field))}


def _check(field: FieldDescriptor) -> _Check | None:
    single = _single(field)
    if single is None or not field.is_repeated:
        return single

    def each(values: Any, path: str, rules: Rules) -> None:
        for index, value in enumerate(values):
            single(value, f"{path}[{index}]", rules)

    return each


def _single(field: FieldDescriptor) -> _Check | None:
    if field.enum_type is not None:
        known = frozenset(field.enum_type.values_by_number)

        def enum(value: int, path: str, _rules: Rules) -> None:
            if value not in known:
                raise UnknownEnumValue(path, value=value)

        return enum
    message = field.message_type
    if message is None or message.GetOptions().map_entry or validation.judged_apart(field):
        return None
    option = field_option(field)
    if option.output_only:
        return None  # what the service sets itself is no claim of the caller's
    if message.full_name == DATE:
        check = _future if option.future else _past
        return _given(check) if field.GetOptions().Extensions[validate_pb2.field].required else check
    if message.full_name.startswith("google.") or not _worth_walking(message):
        return None
    return lambda value, path, rules: _walk(value, path + ".", rules)


@cache
def _worth_walking(descriptor: Descriptor, depth: int = 6) -> bool:
    return any(
        field.enum_type is not None
        or (
            field.message_type is not None
            and (field.message_type.full_name == DATE or (depth > 0 and _worth_walking(field.message_type, depth - 1)))
        )
        for field in descriptor.fields
    )


def _given(check: _Check) -> _Check:
    """Return the check of a day that must be given: an empty message is there for the contract's own limit."""

    def given(value: Any, path: str, rules: Rules) -> None:
        if not (value.year or value.month or value.day):
            raise InvalidField(path, expected=f"必填,{EXPECTED}")
        check(value, path, rules)

    return given


def _past(value: Any, path: str, rules: Rules) -> None:
    rules.past(path, value)


def _future(value: Any, path: str, _rules: Rules) -> None:
    try:
        to_date(value)
    except ValueError as error:
        raise InvalidField(path, expected=EXPECTED) from error
