"""Channels to the services with identity, deadlines, retries and request ids; stubs and pages on top of them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from services.client.batches import exchange
from services.client.home import Home
from services.client.interceptors import Caller

S = TypeVar("S")

TIMEOUT_SECONDS = 60.0
# As the server's: an import of a thousand rows with long texts.
MAX_MESSAGE = 4 * 2**20
PAGE_SIZE = 500
# A mutation is safe to send again: its request_id gives it one effect.
_RETRIES = {
    "methodConfig": [
        {
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": 5,
                "initialBackoff": "0.2s",
                "maxBackoff": "3s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}


class NoTarget(LookupError):  # noqa: N818 (named for what is missing)
    """No address was given of the service that the argument names."""


class Geju:
    """The services of one installation.

    `targets` gives the address of each service ({"mediation": "host:port"}), or one address that serves them all.
    `token` is a JSON web token, or a function that returns a fresh one. With `ca` (PEM) the channels speak TLS, with
    `certificate` (key, chain; PEM) mutual TLS. `timeout` is the deadline in seconds of calls that name none.
    Calls raise grpc.RpcError; what is UNAVAILABLE for a moment is tried again.
    """

    def __init__(
        self,
        targets: str | Mapping[str, str],
        token: str | Callable[[], str] = "",
        *,
        ca: bytes | None = None,
        certificate: tuple[bytes, bytes] | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._targets = targets
        self._caller = Caller(token, timeout)
        self._tls = grpc.ssl_channel_credentials(ca, *(certificate or (None, None))) if ca else None
        self._channels: dict[str, grpc.Channel] = {}

    @classmethod
    def local(cls, home: Path | None = None, *, timeout: float = TIMEOUT_SECONDS) -> Self:
        """Return the client of what `geju run` runs in the folder. Errors: NotRunning."""
        found = Home.find(home)
        return cls(found.targets(), found.owner_tokens(), timeout=timeout)

    def stub(self, kind: Callable[[grpc.Channel], S], service: str = "") -> S:
        """Return a generated stub, connected. `service` is needed for what several serve (funds, limits, audit)."""
        return kind(self.channel(service or service_of(kind.__module__)))

    def call(self, method: MethodDescriptor, request: Message, service: str = "", **options: Any) -> Any:
        """Call a unary method found in the contract's descriptors."""
        return self._multi(method, "unary_unary", service)(request, **options)

    def stream(self, method: MethodDescriptor, request: Message, service: str = "", **options: Any) -> Iterator[Any]:
        """Call a method that answers with a stream; ends when the server ends it."""
        answers: Iterator[Any] = self._multi(method, "unary_stream", service)(request, **options)
        return answers

    def records(self, method: Callable[[Any], Any], request: Any) -> Iterator[Any]:
        """Yield every record of a List method, page after page; `request` is left as it was."""
        page = type(request)()
        page.CopyFrom(request)
        page.page_size = page.page_size or PAGE_SIZE
        while True:
            answer = method(page)
            yield from getattr(answer, _records_field(answer))
            page.page_token = answer.next_page_token
            if not page.page_token:
                return

    def batches(self, method: Callable[[Any], Any], batches: Iterable[Any]) -> Iterator[Any]:
        """Send batches through a stub's stream in both directions and yield their answers; see `exchange`."""
        return exchange(method, batches)

    def channel(self, service: str) -> grpc.Channel:
        """Return the channel to a service, opened on first use. Errors: NoTarget for a service without a target."""
        target = self._targets if isinstance(self._targets, str) else self._targets.get(service, "")
        if not target:
            raise NoTarget(service)
        if target not in self._channels:
            options = [
                ("grpc.service_config", json.dumps(_RETRIES)),
                ("grpc.enable_retries", 1),
                ("grpc.max_receive_message_length", 64 * 2**20),
                ("grpc.initial_reconnect_backoff_ms", 100),
                ("grpc.max_reconnect_backoff_ms", 2000),
            ]
            plain = (
                grpc.secure_channel(target, self._tls, options) if self._tls else grpc.insecure_channel(target, options)
            )
            self._channels[target] = grpc.intercept_channel(plain, self._caller)
        return self._channels[target]

    def close(self) -> None:
        """Close every channel."""
        while self._channels:
            self._channels.popitem()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def _multi(self, method: MethodDescriptor, form: str, service: str) -> Any:
        channel = self.channel(service or service_of(method.containing_service.full_name))
        make = getattr(channel, form)
        return make(
            f"/{method.containing_service.full_name}/{method.name}",
            request_serializer=message_factory.GetMessageClass(method.input_type).SerializeToString,
            response_deserializer=message_factory.GetMessageClass(method.output_type).FromString,
        )


def request_id() -> str:
    """Return a fresh id for a mutation; sending the same one again has no second effect."""
    return str(uuid.uuid4())


def service_of(name: str) -> str:
    """Return the service that a generated module or full name belongs to: geju.mediation.v1.… is mediation."""
    return name.split(".")[1]


def _records_field(answer: Message) -> str:
    for field in answer.DESCRIPTOR.fields:
        if field.is_repeated and field.message_type is not None:
            return str(field.name)
    raise TypeError(f"{answer.DESCRIPTOR.full_name} is not a page of records")
