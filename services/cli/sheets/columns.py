"""The columns of a kind's spreadsheet, from its import row in the contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from geju.common.v1 import import_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from services.cli.sheets import cells, labels

HINT_MARK = "※"
_LONG = 60
# Which cells of a row say 0 or no: the service is told, people fill in no column for it.
CLEARED = "cleared"
_UNSEEN = {"row", CLEARED}


@dataclass(frozen=True)
class Column:
    """One column: where its value goes in the row message and what people call it.

    `each`: the column of a field of a repeated message; its cell holds one value for each of them, in their order.
    """

    path: tuple[str, ...]
    field: FieldDescriptor
    label: str
    yuan: bool = True
    each: bool = False

    @property
    def required(self) -> bool:
        """An empty cell is refused."""
        return not self.each and (self.field.name in {"office", "key"} or labels.required(self.field))

    @property
    def listed(self) -> bool:
        """A cell may hold several values."""
        return self.each or self.field.is_repeated

    @property
    def choices(self) -> list[str]:
        """Labels to choose from; empty when the cell is free."""
        if self.field.type == FieldDescriptor.TYPE_ENUM:
            return labels.choices(labels.enum_of(self.field))
        return ["是", "否"] if self.field.type == FieldDescriptor.TYPE_BOOL else []

    @property
    def hint(self) -> str:
        """How to fill the column in: what the contract says, then what its type says."""
        said = labels.option(self.field).hint
        parts = [
            "必填" if self.required else "",
            said or self._by_type(),
            "多个用、隔开" if self.listed else "",
        ]
        return HINT_MARK + (",".join(part for part in parts if part) or "可空")

    def _by_type(self) -> str:
        if labels.is_message(self.field, labels.DATE):
            return "日期,如 2012-03-05"
        if labels.is_message(self.field, labels.TIMESTAMP):
            return "时间,如 2012-03-05 14:30"
        if labels.is_money(self.field) and self.yuan:
            return "单位元,如 1200.50"
        listed = "、".join(self.choices)
        return listed if len(listed) <= _LONG else "从下拉列表中选择"

    def put(self, message: Message, cell: object) -> None:
        """Read `cell` into `message`. Errors: CellError."""
        if self.each:
            self._put_each(message, cell)
            return
        target = self._parent(message)
        name = self.field.name
        if self.field.is_repeated:
            values = [cells.parse(part, self.field, yuan=self.yuan) for part in cells.parts(cell)]
            getattr(target, name).extend(values)
        elif self.field.type == FieldDescriptor.TYPE_MESSAGE:
            getattr(target, name).CopyFrom(cells.parse(cell, self.field, yuan=self.yuan))
        else:
            setattr(target, name, cells.parse(cell, self.field, yuan=self.yuan))

    def get(self, message: Message) -> Any:
        """Return what people see of the column in `message`; None when empty."""
        if self.each:
            elements = getattr(self._parent(message, 2), self.path[-2])
            found = [cells.shown_field(element, self.field) for element in elements]
            return cells.joined(value or None for value in found) if any(found) else None
        for name in self.path[:-1]:
            if not message.HasField(name):
                return None
            message = getattr(message, name)
        return cells.shown_field(message, self.field)

    def _put_each(self, message: Message, cell: object) -> None:
        elements = getattr(self._parent(message, 2), self.path[-2])
        # An empty part keeps its place: the second telephone is that of the second person.
        for index, part in enumerate(cells.places(cell)):
            if index == len(elements):
                elements.add()
            if part.strip():
                Column((self.field.name,), self.field, self.label, self.yuan).put(elements[index], part)

    def _parent(self, message: Message, above: int = 1) -> Message:
        for name in self.path[:-above]:
            message = getattr(message, name)
        return message


def of_row(row: Descriptor) -> list[Column]:
    """Return the columns of an import row: its own fields, and those of the record that it carries."""
    columns: list[Column] = []
    for field in row.fields:
        if _is_group(field) and f"{labels.message_of(field).name}ImportRow" == row.name:
            columns += _of(labels.message_of(field), (field.name,), "", exported=False)
        elif field.name not in _UNSEEN:
            columns += _of_field(field, (), "", exported=False)
    # Where the row has a column of its own for a group, that is the one way to write it.
    own = {column.label for column in columns}
    return [column for column in columns if not (column.each and column.label.partition("·")[0] in own)]


def of_record(record: Descriptor) -> list[Column]:
    """Return the columns of an export: every field of the record, what the service sets included."""
    return list(_of(record, (), "", exported=True))


def _of(message: Descriptor, path: tuple[str, ...], prefix: str, *, exported: bool) -> Iterator[Column]:
    for field in message.fields:
        yield from _of_field(field, path, prefix, exported=exported)


def _of_field(field: FieldDescriptor, path: tuple[str, ...], prefix: str, *, exported: bool) -> Iterator[Column]:
    """Yield the field's column; a nested message becomes one column for each of its fields."""
    if not exported and (labels.option(field).output_only or _computed(field)):
        return
    name = prefix + labels.heading(field)
    if _is_group(field) and not field.is_repeated:
        yield from _of(labels.message_of(field), (*path, field.name), f"{name}·", exported=exported)
    elif _is_group(field) and not exported:
        plain = (inner for inner in labels.message_of(field).fields if not inner.is_repeated and not _is_group(inner))
        for inner in plain:
            yield Column((*path, field.name, inner.name), inner, f"{name}·{labels.heading(inner)}", each=True)
    else:
        yield Column((*path, field.name), field, name)


def _is_group(field: FieldDescriptor) -> bool:
    return labels.is_message(field) and labels.message_of(field).full_name not in {labels.DATE, labels.TIMESTAMP}


def _computed(field: FieldDescriptor) -> bool:
    return labels.is_message(field, labels.LIMIT)


def row_error(field: str, name: str, message: str) -> import_pb2.RowError:
    """Return a broken rule found on this side, in the form in which the service reports its own."""
    return import_pb2.RowError(field=field, label=name, message=message, reason="UNREADABLE_CELL")
