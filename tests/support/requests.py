"""Requests of any method, made up from the contract: lawful by its limits, as far as one can tell."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from services.chassis.contract import DATE, Method, field_option

_WORDS = ("测试甲", "张某某", "登记有误", "示例", "核对数字", "2012", "wuma")
_DEEP = 4


class Maker:
    """Makes up requests; what refers to records refers to some that there are, by the names that it is given."""

    def __init__(self, chance: random.Random, names: Mapping[str, Sequence[str]], offices: Sequence[str]) -> None:
        """`names` are resource names of records by their kinds' codes ("supervised_person")."""
        self.chance, self._offices = chance, offices
        self._names = {kind: some for kind, some in names.items() if some}
        self._all = [name for some in names.values() for name in some]

    def request(self, method: Method) -> Any:
        """Return a request of a method."""
        made = method.request()
        self._fill(made, _DEEP, self._names.get(_kind_of(method), self._all))
        return made

    def _fill(self, message: Any, depth: int, own: Sequence[str]) -> None:
        descriptor: Descriptor = message.DESCRIPTOR
        if descriptor.full_name == DATE:
            message.year, message.month = self.chance.choice((2011, 2012)), self.chance.randint(1, 6)
            message.day = self.chance.randint(1, 28)
        elif descriptor.full_name == "google.protobuf.Timestamp":
            message.seconds = self.chance.randint(1_300_000_000, 1_340_000_000)
        elif descriptor.full_name != "google.protobuf.FieldMask":
            for field in descriptor.fields:
                self._field(message, field, depth, own)

    def _field(self, message: Any, field: FieldDescriptor, depth: int, own: Sequence[str]) -> None:
        rules = field.GetOptions().Extensions[validate_pb2.field]
        wanted = (
            rules.required or rules.string.uuid or rules.string.min_len or (rules.enum.not_in) or field.name in _KEYS
        )
        if field.name in _LEFT_OUT or not (wanted or self.chance.random() < 0.4):
            return
        if field.message_type is not None and (depth == 0 or field_option(field).output_only):
            return
        if not field.is_repeated:
            self._single(message, field, depth, own)
            return
        values = getattr(message, field.name)
        for _ in range(max(1, int(rules.repeated.min_items), self.chance.randint(0, 2))):
            if field.message_type is not None:
                self._fill(values.add(), depth - 1, own)
            else:
                values.append(self._value(field, own))

    def _single(self, message: Any, field: FieldDescriptor, depth: int, own: Sequence[str]) -> None:
        if field.message_type is not None:
            getattr(message, field.name).SetInParent()
            self._fill(getattr(message, field.name), depth - 1, own)
        else:
            setattr(message, field.name, self._value(field, own))

    def _value(self, field: FieldDescriptor, own: Sequence[str]) -> Any:
        if field.enum_type is not None:
            return self.chance.choice([value.number for value in field.enum_type.values if value.number] or [0])
        if field.type == FieldDescriptor.TYPE_STRING:
            return self._text(field, own)
        if field.type == FieldDescriptor.TYPE_BOOL:
            return self.chance.random() < 0.5
        if field.type == FieldDescriptor.TYPE_BYTES:
            return self.chance.randbytes(8)
        return self.chance.choice((1, 1, 2, 3, 10, 100))

    def _text(self, field: FieldDescriptor, own: Sequence[str]) -> str:
        rules = field.GetOptions().Extensions[validate_pb2.field].string
        singular = field.name.removesuffix("s")
        if rules.uuid:
            return str(UUID(bytes=self.chance.randbytes(16), version=4))
        if field.name in {"name", "record"}:
            return self.chance.choice(own) if own else "disputes/1"
        if "office" in field.name or field.name == "unit":
            return self.chance.choice(self._offices)
        if singular in self._names:
            return self.chance.choice(self._names[singular])
        if field.name == "person":
            return self.chance.choice(self._all)
        text = self.chance.choice(_WORDS)
        return text.ljust(int(rules.min_len), "甲")[: int(rules.max_len) or None]


#: Without these hardly any request gets anywhere.
_KEYS = {"name", "reason", "purpose", "office"}
#: What is tried by tests of its own, and what would keep every other request from having an effect.
_LEFT_OUT = {"page_token", "etag", "place", "key"}


def _kind_of(method: Method) -> str:
    service = method.full_name.split("/")[1].rpartition(".")[2].removesuffix("Service")
    return "".join("_" + c.lower() if c.isupper() else c for c in service).lstrip("_")


def fields_of(message: Message, *types: int) -> list[tuple[Any, FieldDescriptor]]:
    """Return every field of some types that is set, at any depth, with the message that holds it."""
    found: list[tuple[Any, FieldDescriptor]] = []
    for field, value in message.ListFields():
        if field.type in types:
            found.append((message, field))
        if field.message_type is not None:
            for inner in value if field.is_repeated else (value,):
                found += fields_of(inner, *types)
    return found
