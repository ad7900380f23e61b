"""What the contract's options say, read once: labels, personal fields, access, response shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from geju.options.v1 import options_pb2
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor, EnumValueDescriptor, FieldDescriptor
from google.protobuf.message import Message

DATE = "google.type.Date"


def field_option(field: FieldDescriptor) -> options_pb2.Field:
    """Return the `field` option of a field; an empty one when it has none."""
    return field.GetOptions().Extensions[options_pb2.field]


def kind_option(descriptor: Descriptor) -> options_pb2.Kind:
    """Return the `kind` option of a record or facts message."""
    return descriptor.GetOptions().Extensions[options_pb2.kind]


def role_name(role: options_pb2.Role.ValueType) -> str:
    """Return a role as tokens write it: "office_head"."""
    return options_pb2.Role.Name(role).removeprefix("ROLE_").lower()


def sealed_for(descriptor: Descriptor) -> str:
    """Return the role that sees sealed records of a record or facts message, as tokens write it."""
    return role_name(kind_option(descriptor).sealed_for or options_pb2.ROLE_SEALED_FILES)


def value_label(value: EnumValueDescriptor) -> str:
    """Return an enum value's Chinese label, its name when it has none."""
    return value.GetOptions().Extensions[options_pb2.value].zh or value.name


@cache
def label(descriptor: Descriptor, path: str) -> str:
    """Return the Chinese label of a field path ("parties[0].phone"), the innermost label that there is."""
    return next((option.zh for option in reversed(_options(descriptor, path)) if option.zh), "")


@cache
def hint(descriptor: Descriptor, path: str) -> str:
    """Return what the contract says about filling in the field at the end of a path; empty when it says nothing."""
    options = _options(descriptor, path)
    return options[-1].hint if options else ""


def _options(descriptor: Descriptor, path: str) -> list[options_pb2.Field]:
    """Return the options of the fields along a path, as far as it leads."""
    found: list[options_pb2.Field] = []
    current = descriptor
    for part in path.split("."):
        field = current.fields_by_name.get(part.partition("[")[0])
        if field is None:
            break
        found.append(field_option(field))
        if field.message_type is None:
            break
        current = field.message_type
    return found


@dataclass(frozen=True, slots=True)
class Method:
    """One RPC as the chassis needs it: its access option and the message it answers with."""

    full_name: str
    access: options_pb2.Access
    request: type[Message]
    response: type[Message]

    @property
    def district(self) -> bool:
        """The method is not filtered by office."""
        return self.access.scope == options_pb2.SCOPE_DISTRICT

    def answer(self, value: Message) -> Message:
        """Return `value` as the response: itself when it is one, else in the response's field of its type."""
        if isinstance(value, self.response):
            return value
        wrapped = self.response()
        getattr(wrapped, _holder(self.response.DESCRIPTOR, value.DESCRIPTOR)).CopyFrom(value)
        return wrapped


@cache
def _holder(response: Descriptor, content: Descriptor) -> str:
    for field in response.fields:
        if field.message_type is not None and field.message_type.full_name == content.full_name:
            return str(field.name)
    msg = f"{response.full_name} has no field of type {content.full_name}"
    raise TypeError(msg)


@cache
def method(full_name: str) -> Method:
    """Return the RPC of a full method name "/geju.mediation.v1.DisputeService/GetDispute"."""
    service, _, name = full_name.removeprefix("/").rpartition("/")
    found = descriptor_pool.Default().FindServiceByName(service).methods_by_name[name]
    return Method(
        full_name,
        found.GetOptions().Extensions[options_pb2.access],
        message_factory.GetMessageClass(found.input_type),
        message_factory.GetMessageClass(found.output_type),
    )


@cache
def searchable(descriptor: Descriptor) -> frozenset[str]:
    """Return the names of searchable personal fields anywhere below a message."""
    return frozenset(field.name for field in _below(descriptor, frozenset()) if field_option(field).searchable)


def subjects(descriptor: Descriptor) -> list[FieldDescriptor]:
    """Return the fields anywhere below a message that name the person it is about."""
    return [field for field in _below(descriptor, frozenset()) if field_option(field).subject]


@cache
def identities(descriptor: Descriptor) -> tuple[str, ...]:
    """Return the names of a message's own fields that hold a number by which a person is known everywhere."""
    return tuple(field.name for field in descriptor.fields if field_option(field).identity)


@cache
def of_own_office(descriptor: Descriptor) -> tuple[str, ...]:
    """Return the names of a message's own fields that only callers of the record's office are shown."""
    return tuple(field.name for field in descriptor.fields if field_option(field).own_office)


@cache
def unsearched(descriptor: Descriptor) -> tuple[str, ...]:
    """Return the paths of personal fields below a message ("helpers.phone") that no search finds."""
    return tuple(_unsearched(descriptor, "", frozenset()))


def _unsearched(descriptor: Descriptor, path: str, above: frozenset[str]) -> Iterator[str]:
    for field in descriptor.fields:
        option = field_option(field)
        if option.personal:
            if not option.searchable:
                yield path + field.name
        elif field.message_type is not None and field.message_type.full_name not in above:
            yield from _unsearched(field.message_type, f"{path}{field.name}.", above | {descriptor.full_name})


@cache
def has_personal(descriptor: Descriptor) -> bool:
    """Tell whether a message or anything below it holds a personal field."""
    return any(field_option(field).personal for field in _below(descriptor, frozenset()))


def _below(descriptor: Descriptor, above: frozenset[str]) -> Iterator[FieldDescriptor]:
    for field in descriptor.fields:
        yield field
        if field.message_type is not None and field.message_type.full_name not in above:
            yield from _below(field.message_type, above | {descriptor.full_name})


def search_values(message: Message) -> list[str]:
    """Return every value of a searchable personal field that is set, at any depth."""
    found: list[str] = []
    _gather(message, found)
    return found


def _gather(message: Any, found: list[str]) -> None:
    wanted, nested = _search_plan(message.DESCRIPTOR)
    for name in wanted:
        value = getattr(message, name)
        if isinstance(value, str):
            if value:
                found.append(value)
        else:
            found.extend(value)
    for name, repeated in nested:
        if repeated:
            for child in getattr(message, name):
                _gather(child, found)
        elif message.HasField(name):
            _gather(getattr(message, name), found)


@cache
def _search_plan(descriptor: Descriptor) -> tuple[tuple[str, ...], tuple[tuple[str, bool], ...]]:
    wanted = tuple(f.name for f in descriptor.fields if field_option(f).searchable)
    nested = tuple(
        (f.name, f.is_repeated) for f in descriptor.fields if f.message_type is not None and searchable(f.message_type)
    )
    return wanted, nested


def erase(message: Message) -> bool:
    """Clear every personal field at every depth, repeated messages included; tell whether anything was there."""
    erased = False
    for field, value in message.ListFields():
        if field_option(field).personal:
            message.ClearField(field.name)
            erased = True
        elif field.message_type is not None and has_personal(field.message_type):
            children = value if field.is_repeated else (value,)
            erased |= sum(map(erase, children)) > 0
    return erased
