"""The common RPCs of a kind, made from its contract: Get, List, Create, Update, Correct, Delete and Import."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor

from services.chassis.changes import check_change, create, update
from services.chassis.contract import method, value_label
from services.chassis.domain.errors import ImpossibleTransition, ReasonRequired
from services.chassis.importing import import_rows
from services.chassis.kinds import Kind
from services.chassis.masks import merged, without_service_fields
from services.chassis.query import filter_plan
from services.chassis.reads import read_page, read_record
from services.chassis.storage.statements import statements
from services.chassis.storage.store import Store
from services.chassis.unit_of_work import Work
from services.chassis.work import mutate

__all__ = ["check_change", "records"]

C = TypeVar("C", bound=type)
_MUTATIONS: dict[str, Callable[..., Awaitable[Any]]] = {}


def records(kind: Kind[Any]) -> Callable[[C], C]:
    """Give a servicer class the common RPCs of a kind that it does not define itself, and `__init__(store)`.

    The service is the one named after the record message: Dispute, DisputeService. Raises TypeError when contract and
    row do not fit each other, so that a service with a wrong kind does not start.
    """

    def decorate(servicer: C) -> C:
        service = _service(kind)
        statements(kind)
        _check_reads(kind, service)
        for rpc in service.methods:
            handler = _handler(kind, rpc)
            if handler is not None and _inherited(servicer, rpc.name):
                handler.__name__ = rpc.name
                setattr(servicer, rpc.name, handler)
        if "__init__" not in servicer.__dict__:
            servicer.__init__ = _init  # type: ignore[misc]
        return servicer

    return decorate


def _check_reads(kind: Kind[Any], service: ServiceDescriptor) -> None:
    """Refuse a contract that asks for the purpose of a read and keeps it nowhere. Raises TypeError."""
    record = kind.message.DESCRIPTOR.name
    for rpc in service.methods:
        shown = any(field.message_type is kind.message.DESCRIPTOR for field in rpc.output_type.fields)
        access = method(f"/{service.full_name}/{rpc.name}").access
        if kind.needs_purpose and shown and not (access.mutates or access.reads_person):
            msg = f"{rpc.full_name} shows a {record} and is not audited as a read: reads_person is missing"
            raise TypeError(msg)


def _init(self: Any, store: Store) -> None:
    self.store = store


def _service(kind: Kind[Any]) -> ServiceDescriptor:
    return descriptor_pool.Default().FindServiceByName(f"{kind.message.DESCRIPTOR.full_name}Service")


def _inherited(servicer: type, name: str) -> bool:
    """Tell whether a method is still the generated one, which answers UNIMPLEMENTED."""
    found = getattr(servicer, name, None)
    return found is None or found.__module__.endswith("_pb2_grpc")


def _handler(kind: Kind[Any], rpc: MethodDescriptor) -> Callable[..., Awaitable[Any]] | None:
    record = kind.message.DESCRIPTOR.name
    if rpc.name == f"Get{record}":
        return _get(kind)
    filters = rpc.input_type.fields_by_name.get("filter")
    shape = None if filters is None else filters.message_type
    if rpc.name.startswith("List") and shape is not None and shape.name == f"{record}Filter":
        filter_plan(kind, shape)
        return _list(kind, rpc)
    if rpc.name.startswith("Import") and "verdicts" in rpc.output_type.fields_by_name:
        return _mutation(partial(import_rows, kind, rpc.output_type))
    verb = rpc.name.removesuffix(record)
    return _mutation(partial(_MUTATIONS[verb], kind)) if verb in _MUTATIONS and verb != rpc.name else None


def _get(kind: Kind[Any]) -> Callable[..., Awaitable[Any]]:
    full_name = f"/{_service(kind).full_name}/Get{kind.message.DESCRIPTOR.name}"

    async def get(self: Any, request: Any, context: Any = None) -> Any:
        del context
        record = await read_record(self.store, kind, request.name, getattr(request, "purpose", ""))
        return method(full_name).answer(record)

    return get


def _list(kind: Kind[Any], rpc: MethodDescriptor) -> Callable[..., Awaitable[Any]]:
    full_name = f"/{_service(kind).full_name}/{rpc.name}"
    field = next(f.name for f in rpc.output_type.fields if f.message_type is kind.message.DESCRIPTOR)

    async def list_(self: Any, request: Any, context: Any = None) -> Any:
        del context
        page, token = await read_page(self.store, kind, request)
        return method(full_name).response(**{field: page, "next_page_token": token})

    return list_


def _mutation(handler: Callable[[Work, Any], Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def call(self: Any, request: Any, context: Any = None) -> Any:
        del context
        return await mutate(self.store, lambda work: handler(work, request), request)

    return call


async def _create(kind: Kind[Any], work: Work, request: Any) -> Any:
    return await create(work, kind, without_service_fields(getattr(request, kind.snake)))


async def _change(kind: Kind[Any], work: Work, request: Any, old: Any, change: str) -> Any:
    new = merged(old, getattr(request, kind.snake), request.update_mask.paths)
    return old if new == old else await update(work, kind, new, old, change)


def _state(record: Any) -> str:
    field = record.DESCRIPTOR.fields_by_name.get("state")
    if field is None:
        return "已结案"
    return value_label(field.enum_type.values_by_number[record.state])


def _need_reason(request: Any) -> None:
    if len(request.reason.strip()) < 2:
        raise ReasonRequired("reason")


async def _update(kind: Kind[Any], work: Work, request: Any) -> Any:
    sent = getattr(request, kind.snake)
    old = await work.load(kind, sent.name, sent.etag)
    if kind.closed is not None and kind.closed(old):
        raise ImpossibleTransition(state=_state(old), action="修改(已结案的记录请用更正)")
    return await _change(kind, work, request, old, "updated")


async def _correct(kind: Kind[Any], work: Work, request: Any) -> Any:
    _need_reason(request)
    sent = getattr(request, kind.snake)
    return await _change(kind, work, request, await work.load(kind, sent.name, sent.etag), "corrected")


async def _delete(kind: Kind[Any], work: Work, request: Any) -> Any:
    _need_reason(request)
    record = await work.load(kind, request.name, request.etag)
    if kind.guard is not None:
        await kind.guard(work, None, record)
    return work.delete(kind, record)


_MUTATIONS.update(Create=_create, Update=_update, Correct=_correct, Delete=_delete)
