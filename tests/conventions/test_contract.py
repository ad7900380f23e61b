"""The contract says who may call, what things are called, and publishes nothing personal."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

from buf.validate import validate_pb2
from geju.options.v1 import options_pb2
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, FileDescriptor, MethodDescriptor

from services.chassis.errors import field_label

GEN = Path(__file__).parents[2] / "proto" / "gen"


def files() -> list[FileDescriptor]:
    """Import every generated module of the product."""
    names = sorted(str(p.relative_to(GEN))[:-3].replace("/", ".") for p in (GEN / "geju").rglob("*_pb2.py"))
    return [
        importlib.import_module(name).DESCRIPTOR
        for name in names
        if "cloudevents" not in name and "options" not in name
    ]


def messages() -> Iterator[Descriptor]:
    """Walk top-level messages."""
    for file in files():
        yield from file.message_types_by_name.values()


#: Whoever adds to these has thought of what the method tells strangers.
OPEN = {"geju.legalservices.v1.ComplaintStatusService.GetComplaintStatus"}


def says_who(method: MethodDescriptor) -> bool:
    """Tell whether a method has roles and scope, or is open and has a scope and nothing that strangers may not do."""
    access = method.GetOptions().Extensions[options_pb2.access]
    if method.full_name in OPEN:
        return access.open and bool(access.scope) and not (access.roles or access.mutates or access.reads_person)
    return bool(access.roles) and bool(access.scope) and not access.open


def test_every_method_says_who_may_call() -> None:
    """A method with neither roles and scope nor open and scope is not in the contract; open ones are known by name."""
    assert [] == [method.full_name for method in methods() if not says_who(method)]


def test_mutations_can_be_repeated_and_tried() -> None:
    """Every record-changing method takes request_id and validate_only."""
    lacking = [
        method.full_name
        for file in files()
        for service in file.services_by_name.values()
        for method in service.methods
        if method.GetOptions().Extensions[options_pb2.access].mutates
        and file.package.removeprefix("geju.").split(".")[0] not in {"facts", "aggregation"}
        and not {"request_id", "validate_only"} <= set(method.input_type.fields_by_name)
    ]
    assert lacking == []


ALLOWED_MESSAGES = {"google.type.Date", "google.protobuf.Timestamp"}
CODE_ENDINGS = (
    *("office", "place", "places", "earmark", "dispute", "committee", "centre", "mediator", "statement"),
    *("person", "base", "plan", "firm", "practitioner", "complaint", "case", "contract", "project", "group"),
    *("symposium", "station", "volunteer", "enterprise", "school", "market", "activity", "facilities"),
)


def offending(field: FieldDescriptor) -> bool:
    """Tell whether a facts field could carry something personal."""
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return field.message_type.full_name not in ALLOWED_MESSAGES
    if field.type == FieldDescriptor.TYPE_STRING:
        return not field.name.endswith(CODE_ENDINGS)
    return field.type in {FieldDescriptor.TYPE_BYTES, FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT}


def test_facts_hold_nothing_personal() -> None:
    """Facts hold enums, dates, timestamps, yes/no, integers, uuids and codes of the profile only."""
    found = [f.full_name for m in messages() if m.name.endswith("Facts") for f in m.fields if offending(f)]
    assert found == []


def test_kinds_have_facts_of_the_same_name() -> None:
    """Every record message that is a kind has a facts message of the same kind."""
    kinds = {m.GetOptions().Extensions[options_pb2.kind].name for m in messages() if not m.name.endswith("Facts")}
    facts = {m.GetOptions().Extensions[options_pb2.kind].name for m in messages() if m.name.endswith("Facts")}
    assert kinds - {""} == facts - {""}


def enums() -> Iterator[EnumDescriptor]:
    """Walk the enums of the product's packages that people see."""
    for file in files():
        for enum in file.enum_types_by_name.values():
            if enum.name != "ErrorReason":
                yield enum


def test_enum_zero_is_unspecified() -> None:
    """Enum zero is UNSPECIFIED, so that nothing counts by default."""
    wrong = [enum.full_name for enum in enums() if not enum.values_by_number[0].name.endswith("_UNSPECIFIED")]
    assert wrong == []


def test_enum_values_have_chinese_labels() -> None:
    """Every value people can choose or see has a Chinese label."""
    bare = [
        f"{enum.full_name}.{value.name}"
        for enum in enums()
        for value in enum.values
        if value.number and not value.GetOptions().Extensions[options_pb2.value].zh
    ]
    assert bare == []


def test_record_fields_have_chinese_labels() -> None:
    """Every field of a record has a Chinese label."""
    bare = [
        field.full_name
        for message in messages()
        if message.GetOptions().HasExtension(options_pb2.kind) and not message.name.endswith("Facts")
        for field in message.fields
        if not field.GetOptions().Extensions[options_pb2.field].zh
    ]
    assert bare == []


def methods() -> Iterator[MethodDescriptor]:
    """Walk the methods of the product."""
    for file in files():
        for service in file.services_by_name.values():
            yield from service.methods


def test_every_field_of_a_request_has_a_label() -> None:
    """Whatever a request is refused for, people are told in Chinese which field it was."""
    bare = {
        f"{method.full_name}.{field.name}"
        for method in methods()
        for field in method.input_type.fields
        if not field_label(method.input_type, field.name)
    }
    assert set() == bare


def limited(field: FieldDescriptor) -> bool:
    """Tell whether the contract limits a field, otherwise than by leaving it to the rules of its record."""
    rules = field.GetOptions().Extensions[validate_pb2.field]
    return bool(rules.ListFields()) and rules.ignore != validate_pb2.IGNORE_ALWAYS


def test_a_bad_cell_is_its_row_s_verdict() -> None:
    """The limits of a row's cells are no limits of the request: one cell does not refuse the whole spreadsheet."""
    refusing = []
    for method in methods():
        rows = method.input_type.fields_by_name.get("rows")
        if rows is not None and any(map(limited, rows.message_type.fields)):
            rules = rows.GetOptions().Extensions[validate_pb2.field].repeated
            refusing += [rows.full_name] if rules.items.ignore != validate_pb2.IGNORE_ALWAYS else []
    assert [] == refusing


def roles(method: MethodDescriptor) -> set[int]:
    """Return who may call a method."""
    return set(method.GetOptions().Extensions[options_pb2.access].roles)


def test_a_record_is_made_by_the_same_people_everywhere() -> None:
    """Whichever other method makes a record of a kind is open to those alone who may create one."""
    creators = {
        field.message_type.full_name: roles(method)
        for method in methods()
        if method.name.startswith("Create")
        for field in method.input_type.fields
        if field.message_type is not None and method.name == f"Create{field.message_type.name}"
    }
    wider = [
        method.full_name
        for method in methods()
        if method.name.startswith(("Record", "Import"))
        for field in method.input_type.fields
        if field.message_type is not None
        for made in {field.message_type, *(inner.message_type for inner in field.message_type.fields)}
        if made is not None and made.full_name in creators and roles(method) - creators[made.full_name]
    ]
    assert wider == []
