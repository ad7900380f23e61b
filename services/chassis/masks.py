"""Merging what a caller sent into a record: update masks, output-only fields."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeVar, cast

from google.protobuf.descriptor import Descriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from services.chassis.contract import field_option
from services.chassis.domain.errors import InvalidField

M = TypeVar("M", bound=Message)


@cache
def service_fields(descriptor: Descriptor) -> frozenset[str]:
    """Return the fields that only the service sets; limits are among them, they follow from the work done."""
    fields = {field.name for field in descriptor.fields if field_option(field).output_only}
    return frozenset(fields | ({"limits"} & set(descriptor.fields_by_name)))


def without_service_fields(sent: M) -> M:
    """Return a copy of a record as sent, without what only the service sets."""
    record = type(sent)()
    record.CopyFrom(sent)
    for name in service_fields(record.DESCRIPTOR):
        record.ClearField(name)
    return record


def merged(old: M, sent: M, paths: Sequence[str] = ()) -> M:
    """Return a copy of `old` with the named fields of `sent`, every set field when none is named.

    A message or repeated field is replaced whole. Output-only fields are ignored. Raises InvalidField.
    """
    ours = service_fields(old.DESCRIPTOR)
    named = [path for path in paths if path.partition(".")[0] not in ours]
    if not paths:
        named = [field.name for field, _ in sent.ListFields() if field.name not in ours]
    mask = FieldMask(paths=named)
    if not mask.IsValidForDescriptor(cast("Descriptor", old.DESCRIPTOR)):
        raise InvalidField("update_mask", expected="应为记录中的字段名")
    record = type(old)()
    record.CopyFrom(old)
    try:
        mask.MergeMessage(sent, record, replace_message_field=True, replace_repeated_field=True)
    except ValueError as error:  # a path below a repeated field
        raise InvalidField("update_mask", expected="应为记录中的字段名") from error
    return record
