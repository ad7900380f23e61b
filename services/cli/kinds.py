"""The kinds of records that have a spreadsheet, found in the contract."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message

from services.cli.failure import Exit, Failure
from services.cli.registry import COMMON, DOMAIN
from services.cli.sheets import labels
from services.cli.sheets.columns import Column, of_record, of_row


@dataclass(frozen=True)
class Kind:
    """One kind: the service that keeps it and the methods that import and list it."""

    name: str
    zh: str
    service: str
    record: Descriptor
    row: Descriptor
    importer: MethodDescriptor
    lister: MethodDescriptor | None
    exporter: MethodDescriptor | None = None

    @cached_property
    def columns(self) -> list[Column]:
        """Columns of the template."""
        return of_row(self.row)

    @cached_property
    def exported(self) -> list[Column]:
        """Columns of an export."""
        return of_record(self.record)

    @property
    def purpose(self) -> bool:
        """Every read of a record has to name its purpose."""
        return labels.kind(self.record).purpose

    @property
    def row_class(self) -> type[Message]:
        """Message class of a row."""
        return message_factory.GetMessageClass(self.row)


@cache
def all_kinds() -> dict[str, Kind]:
    """Return every kind by name. Funds are kept by each domain service: "fund_entry" is the first one's."""
    found: dict[str, Kind] = {}
    for service in DOMAIN:
        for package in (f"geju.{service}.v1", *COMMON):
            for kind in _of_package(package, service):
                name = kind.name if kind.name not in found else f"{service}.{kind.name}"
                found[name] = kind
    return found


def get(name: str) -> Kind:
    """Return the kind of that code or Chinese label. Errors: Failure listing the kinds."""
    kinds = all_kinds()
    if name in kinds:
        return kinds[name]
    for kind in kinds.values():
        if name == kind.zh:
            return kind
    known = "、".join(f"{code}({kind.zh})" for code, kind in kinds.items())
    raise Failure(f"没有名为 {name} 的记录种类", Exit.USAGE, f"可用的种类:{known}")


def _of_package(package: str, service: str) -> Iterator[Kind]:
    folder = importlib.import_module(package)
    for module in sorted(info.name for info in pkgutil.iter_modules(folder.__path__)):
        if module.endswith("_service_pb2"):
            descriptor = importlib.import_module(f"{package}.{module}").DESCRIPTOR
            for rpc in descriptor.services_by_name.values():
                yield from _of_service(rpc, service)


def _of_service(rpc: ServiceDescriptor, service: str) -> Iterator[Kind]:
    for method in rpc.methods:
        rows = method.input_type.fields_by_name.get("rows")
        if not method.name.startswith("Import") or rows is None or not rows.is_repeated:
            continue
        row = labels.message_of(rows)
        record = descriptor_pool.Default().FindMessageTypeByName(row.full_name.removesuffix("ImportRow"))
        option = labels.kind(record)
        lister, exporter = _lister(rpc, "List", record), _lister(rpc, "Export", row)
        yield Kind(option.name, option.zh, service, record, row, method, lister, exporter)


def _lister(rpc: ServiceDescriptor, verb: str, record: Descriptor) -> MethodDescriptor | None:
    """Return the method that gives records, or rows of them, page by page."""
    for method in rpc.methods:
        if method.name.startswith(verb) and "page_token" in method.input_type.fields_by_name:
            answers = [field.message_type for field in method.output_type.fields if field.is_repeated]
            if answers == [record]:
                return method
    return None
