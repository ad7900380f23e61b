"""A day that must be given is given as a day: an empty message is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from services.chassis import profile_file
from services.chassis.checks import check_request
from services.chassis.contract import DATE, field_option
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.rules import Rules
from services.chassis.kinds import Kind
from tests.support.installation import PROFILE
from tests.support.system import KINDS

RULES = Rules(profile_file.load(PROFILE), datetime(2012, 6, 1, 4, tzinfo=UTC))


def required(descriptor: Descriptor, above: tuple[FieldDescriptor, ...] = ()) -> Iterator[tuple[FieldDescriptor, ...]]:
    """Walk the ways to the days that must be given anywhere in a record."""
    for field in descriptor.fields:
        if field.message_type is None or field_option(field).output_only:
            continue
        if field.message_type.full_name == DATE:
            if field.GetOptions().Extensions[validate_pb2.field].required:
                yield (*above, field)
        elif len(above) < 3:
            yield from required(field.message_type, (*above, field))


DAYS = [(kind, way) for kinds in KINDS.values() for kind in kinds for way in required(kind.message.DESCRIPTOR)]


@pytest.mark.parametrize(
    ("kind", "way"), DAYS, ids=[f"{kind.name}.{'.'.join(f.name for f in way)}" for kind, way in DAYS]
)
def test_an_empty_day_is_not_given(kind: Kind[Any], way: tuple[FieldDescriptor, ...]) -> None:
    """A record whose required day is there but says nothing is refused for it, in every kind."""
    record = holder = kind.message()
    for field in way:
        holder = getattr(holder, field.name).add() if field.is_repeated else getattr(holder, field.name)
        if not field.is_repeated:
            holder.SetInParent()
    with pytest.raises(InvalidField) as refused:
        check_request(record, RULES)
    assert way[-1].name == refused.value.field.rpartition(".")[2]
