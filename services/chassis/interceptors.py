"""What every RPC goes through: identity, permission, size, validation, deadline, errors, metrics, log, in one layer.

Handlers are wrapped once, when a service is registered, rather than looked up by interceptors on every call: health and
reflection are registered beside it and so are exempt, and the hot path is one coroutine deep.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import grpc
import structlog
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from services.chassis import permissions, validation
from services.chassis.access_log import AccessLog
from services.chassis.context import NOBODY, Call, continue_trace, enter
from services.chassis.door import Door
from services.chassis.errors import as_rule_error, internal, to_status
from services.chassis.identity import Verifier
from services.chassis.metrics import MethodMetrics, Metrics
from services.chassis.open_calls import OpenCalls
from services.chassis.refusals import MessageTooLarge, NotServed, UnreadableMessage
from services.chassis.streams import bounded, until

#: The largest message that is taken. The transport takes more, so that a larger one gets a good answer.
MESSAGE_LIMIT = 4 * 1024 * 1024
TRANSPORT_LIMIT = 16 * 1024 * 1024
PURPOSE_HEADER = "x-geju-purpose"

Context = Any  # grpc.aio.ServicerContext; its stubs are generic over types that are not known here

_log = structlog.get_logger(__name__)
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class InFlight:
    """Counts the calls being served, so that a drain can end as soon as there is none."""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def enter(self) -> None:
        """Count a call in."""
        self._count += 1
        self._idle.clear()

    def leave(self) -> None:
        """Count a call out."""
        self._count -= 1
        if not self._count:
            self._idle.set()

    async def idle(self) -> None:
        """Wait until no call is being served."""
        await self._idle.wait()


@dataclass(frozen=True)
class Guard:
    """Wraps the handlers of services with what the process knows: keys, metrics, log, calls under way, its end."""

    verifier: Verifier
    metrics: Metrics
    access_log: AccessLog
    in_flight: InFlight
    open_calls: OpenCalls
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def wrap(self, service: ServiceDescriptor, handlers: Mapping[str, grpc.RpcMethodHandler[Any, Any]]) -> Door:
        """Return guarded handlers. Raises UndeclaredAccess when a method says not who may call it."""
        allowed = permissions.allowed_roles(service)
        door = Door(service.full_name, self.verifier.knows)
        for name, handler in handlers.items():
            method = self._method(service, name, handler, allowed[name])
            turned_away: Any = grpc.stream_unary_rpc_method_handler(method.stream_unary(_nothing))
            door.add(name, _guarded(method, handler), None if allowed[name] is None else turned_away)
        return door

    def _method(self, service: ServiceDescriptor, name: str, handler: Any, allowed: frozenset[str] | None) -> _Method:
        request = GetMessageClass(service.methods_by_name[name].input_type)
        kind = _KINDS[handler.request_streaming, handler.response_streaming]
        metrics = self.metrics.method(kind, service.full_name, name)
        return _Method(self, f"/{service.full_name}/{name}", request, allowed, metrics)


def _guarded(method: _Method, handler: Any) -> grpc.RpcMethodHandler[Any, Any]:
    serialize = handler.response_serializer
    # No deserializer: the wire form is measured, parsed and searched here, where errors get their details.
    if handler.request_streaming and handler.response_streaming:
        return grpc.stream_stream_rpc_method_handler(method.stream_stream(handler.stream_stream), None, serialize)
    if handler.response_streaming:
        return grpc.unary_stream_rpc_method_handler(method.unary_stream(handler.unary_stream), None, serialize)
    if handler.request_streaming:
        return grpc.stream_unary_rpc_method_handler(method.stream_unary(handler.stream_unary), None, serialize)
    return grpc.unary_unary_rpc_method_handler(method.unary_unary(handler.unary_unary), None, serialize)


async def _nothing(_requests: object, _context: Context) -> Any:
    """Answer nobody: whoever is turned away does not get so far."""
    raise NotServed


_KINDS = {
    (False, False): "unary",
    (False, True): "server_stream",
    (True, False): "client_stream",
    (True, True): "bidi_stream",
}


class _Method:
    """One method's guard: everything about it that does not change from call to call."""

    __slots__ = (
        "access_log", "allowed", "in_flight", "metrics", "name", "open_calls", "request", "stopping", "verify",
    )  # fmt: skip

    def __init__(
        self, guard: Guard, name: str, request: type[Message], allowed: frozenset[str] | None, metrics: MethodMetrics
    ) -> None:
        self.verify = guard.verifier.verify
        self.access_log = guard.access_log
        self.in_flight, self.open_calls, self.stopping = guard.in_flight, guard.open_calls, guard.stopping
        self.name, self.request, self.allowed, self.metrics = name, request, allowed, metrics

    def unary_unary(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        async def call(raw: bytes, context: Context) -> Message:
            served = _Served(self)
            try:
                request = served.begin(raw, context)
                if context.time_remaining() is None:
                    response: Message = await bounded(handler(request, context))
                else:
                    response = await handler(request, context)
                self.metrics.sent += 1
            except BaseException as error:
                await served.fail(error, context)
                raise
            else:
                served.code = grpc.StatusCode.OK
                return response
            finally:
                served.end()

        return call

    def unary_stream(self, handler: Callable[..., AsyncIterator[Message]]) -> Callable[..., Any]:
        return self._answering(lambda served, raw, context: handler(served.listen(raw, context), context))

    def stream_stream(self, handler: Callable[..., AsyncIterator[Message]]) -> Callable[..., Any]:
        return self._answering(lambda served, raws, context: handler(served.requests(raws, context), context))

    def _answering(self, begin: Callable[..., AsyncIterator[Message]]) -> Callable[..., Any]:
        async def call(sent: Any, context: Context) -> AsyncIterator[Message]:
            served = _Served(self)
            try:
                async for response in begin(served, sent, context):
                    self.metrics.sent += 1
                    yield response
                served.code = grpc.StatusCode.OK
            except BaseException as error:
                await served.fail(error, context)
                raise
            finally:
                served.end()

        return call

    def stream_unary(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        async def call(raws: AsyncIterator[bytes], context: Context) -> Message:
            served = _Served(self)
            try:
                served.admit(context)
                response: Message = await handler((served.parse(raw) async for raw in raws), context)
                self.metrics.sent += 1
            except BaseException as error:
                await served.fail(error, context)
                raise
            else:
                served.code = grpc.StatusCode.OK
                return response
            finally:
                served.end()

        return call


class _Served:
    """One call on its way through the guard."""

    __slots__ = ("_authorization", "_begun", "_call", "code", "method")

    def __init__(self, method: _Method) -> None:
        self.method = method
        self._begun = time.perf_counter()
        self._call = Call(NOBODY, method.name)
        self._authorization = ""
        self.code = grpc.StatusCode.UNKNOWN
        method.metrics.started += 1
        method.in_flight.enter()

    def begin(self, raw: bytes, context: Context) -> Message:
        """Admit a caller with one message; returns the message."""
        self.admit(context)
        request = self.parse(raw)
        purpose = getattr(request, "purpose", "")
        if purpose and isinstance(purpose, str):
            self._call.purpose = purpose
        return request

    def listen(self, raw: bytes, context: Context) -> Message:
        """Admit a caller who listens to a stream of answers; a long one asks again whether he still may."""
        request = self.begin(raw, context)
        self._call.admit = partial(self._identify, context)
        return request

    def requests(self, raws: AsyncIterator[bytes], context: Context) -> AsyncIterator[Message]:
        """Admit a caller with a stream of messages, each checked when it is asked for; it ends with the service."""
        self.admit(context)
        return self._parsed(raws, context)

    async def _parsed(self, raws: AsyncIterator[bytes], context: Context) -> AsyncIterator[Message]:
        async for raw in until(self.method.stopping, raws):
            self._identify(context)  # the token may have expired since, its key been withdrawn
            yield self.parse(raw)

    def admit(self, context: Context) -> None:
        """Make this the current call. Raises a kind of Unauthenticated, PermissionDenied; RateLimited."""
        metadata = dict(context.invocation_metadata() or ())
        call = self._call
        call.traceparent = continue_trace(metadata.get("traceparent", ""), call.id)
        call.purpose = metadata.get(PURPOSE_HEADER, "")
        enter(call)
        self._authorization = metadata.get("authorization", "")
        self._identify(context)

    def _identify(self, context: Context) -> None:
        call = self._call
        if self.method.allowed is None:
            # Nobody calls: a token is not even looked at, so that it neither lends its rights nor is tried out here.
            self.method.open_calls.take(call.method, context.peer())
            return
        call.caller = self.method.verify(self._authorization)
        permissions.check(call.caller, self.method.allowed)

    def parse(self, raw: bytes) -> Message:
        """Return a message as sent, checked. Raises MessageTooLarge, UnreadableMessage, InvalidRequest."""
        self.method.metrics.received += 1
        if len(raw) > MESSAGE_LIMIT:
            raise MessageTooLarge(bytes=len(raw), limit=MESSAGE_LIMIT)
        try:
            message: Message = self.method.request.FromString(raw)
        except DecodeError:
            raise UnreadableMessage from None
        validation.check(message)
        return message

    async def fail(self, error: BaseException, context: Context) -> None:
        """End the call with the status of an exception; a status that is set already, and cancellation, stay."""
        if isinstance(error, asyncio.CancelledError):
            remaining = context.time_remaining()
            late = remaining is not None and remaining <= 0
            self.code = grpc.StatusCode.DEADLINE_EXCEEDED if late else grpc.StatusCode.CANCELLED
            return
        if isinstance(error, grpc.aio.AbortError | grpc.RpcError | GeneratorExit) or not isinstance(error, Exception):
            self.code = _CODES.get(context.code(), grpc.StatusCode.CANCELLED)
            return
        status = self._status(error)
        self.code = _CODES[status.code]
        trailer = (("grpc-status-details-bin", status.SerializeToString()),)
        await context.abort(self.code, status.message, trailer)

    def _status(self, error: Exception) -> Any:
        if isinstance(error, NotImplementedError):
            error = NotServed()
        rule = as_rule_error(error)
        if rule is None:
            _log.error("call_failed", exc_info=error)
            return internal(self._call.id)
        if rule is not error:
            _log.warning("outage", exc_info=error)
        descriptor: Any = self.method.request.DESCRIPTOR
        return to_status(rule, descriptor)

    def end(self) -> None:
        """Count and log the end of the call."""
        method, seconds = self.method, time.perf_counter() - self._begun
        method.in_flight.leave()
        method.metrics.ended(self.code, seconds)
        method.access_log.write(self._call, self.code, seconds)
