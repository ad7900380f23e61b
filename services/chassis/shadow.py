"""Messages read quickly: a shadow has the wire format of a message, but keeps the messages inside it as their bytes.

Building a Python object for every message inside a message costs more than all the rest of reading it.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

Proto = descriptor_pb2.FieldDescriptorProto
_TYPES: dict[Any, Any] = {FieldDescriptor.TYPE_MESSAGE: Proto.TYPE_BYTES, FieldDescriptor.TYPE_ENUM: Proto.TYPE_INT32}


def shadow(descriptor: Any) -> type[Message]:
    """Return a message with the same fields that has bytes for messages and numbers for enums; a map stays a map."""
    file = descriptor_pb2.FileDescriptorProto(name=f"shadow/{descriptor.full_name}.proto", syntax="proto3")
    _add(file.message_type.add(name="Shadow"), descriptor)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName("Shadow"))


def _add(message: descriptor_pb2.DescriptorProto, descriptor: Any) -> None:
    for field in descriptor.fields:
        label = Proto.LABEL_REPEATED if field.is_repeated else Proto.LABEL_OPTIONAL
        added = message.field.add(name=field.name, number=field.number, label=label)
        inner = field.message_type
        if inner is not None and inner.GetOptions().map_entry:
            entry = message.nested_type.add(name=inner.name)
            entry.options.map_entry = True
            _add(entry, inner)
            added.type, added.type_name = Proto.TYPE_MESSAGE, f".{message.name}.{inner.name}"
        else:
            added.type = _TYPES.get(field.type, field.type)
