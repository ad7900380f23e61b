"""Channels to services: token, TLS, retries and deadlines, so that a stub is all a caller needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from services.chassis.context import current_or_none
from services.chassis.interceptors import TRANSPORT_LIMIT

#: Deadline of a call that sets none; streams have none.
DEFAULT_SECONDS = 30.0
Token = str | Callable[[], str]

# No "timeout" in here: it fails calls at once. Deadlines are set on each call instead. Every method may be tried
# again, as changes carry a request id.
_SERVICE_CONFIG = json.dumps(
    {
        "loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 4,
                    "initialBackoff": "0.1s",
                    "maxBackoff": "2s",
                    "backoffMultiplier": 3,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ],
    }
)


@dataclass(frozen=True)
class Tls:
    """Files of a TLS connection: the CA of the server, and the client's own certificate and key for mTLS."""

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    def credentials(self) -> grpc.ChannelCredentials:
        """Read the files."""
        read = [None if path is None else path.read_bytes() for path in (self.ca, self.key, self.cert)]
        return grpc.ssl_channel_credentials(*read)


class Channel:
    """A channel that adds the token, the trace and a deadline to every call; stubs take it as a channel.

    It wraps the making of calls rather than intercepting them, which costs a fraction.
    """

    def __init__(self, channel: grpc.aio.Channel, token: Token, seconds: float | None) -> None:
        self._channel, self._seconds = channel, seconds
        self._token = token if callable(token) else lambda: token

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self, grace: float | None = None) -> None:
        """Close the channel."""
        await self._channel.close(grace)

    async def ready(self) -> None:
        """Wait until the server answers."""
        await self._channel.channel_ready()

    def unary_unary(self, method: str, *args: Any, **options: Any) -> Callable[..., Any]:
        """Return the callable of a method."""
        return self._prepared(self._channel.unary_unary(method, *args, **options), self._seconds)

    def unary_stream(self, method: str, *args: Any, **options: Any) -> Callable[..., Any]:
        """Return the callable of a method that answers with a stream."""
        return self._prepared(self._channel.unary_stream(method, *args, **options), None)

    def stream_unary(self, method: str, *args: Any, **options: Any) -> Callable[..., Any]:
        """Return the callable of a method that takes a stream."""
        return self._prepared(self._channel.stream_unary(method, *args, **options), None)

    def stream_stream(self, method: str, *args: Any, **options: Any) -> Callable[..., Any]:
        """Return the callable of a method with streams both ways (health, reflection)."""
        return self._prepared(self._channel.stream_stream(method, *args, **options), None)

    def _prepared(self, call: Callable[..., Any], seconds: float | None) -> Callable[..., Any]:
        def begin(
            request: Any = None,
            *,
            timeout: float | None = seconds,
            metadata: tuple[tuple[str, str], ...] = (),
            **options: Any,
        ) -> Any:
            return call(request, timeout=timeout, metadata=self._metadata(metadata), **options)

        return begin

    def _metadata(self, own: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        token = self._token()
        metadata = (*own, ("authorization", f"Bearer {token}")) if token else tuple(own)
        call = current_or_none()
        if call is None or any(name == "traceparent" for name, _ in own):
            return metadata
        return (*metadata, ("traceparent", call.traceparent))


def connect(target: str, token: Token = "", tls: Tls | None = None, seconds: float = DEFAULT_SECONDS) -> Channel:
    """Open a channel to "host:port"; `token` is one, or what returns the current one (see `token_file`)."""
    options = [
        ("grpc.service_config", _SERVICE_CONFIG),
        ("grpc.enable_retries", 1),
        ("grpc.max_receive_message_length", TRANSPORT_LIMIT),
        ("grpc.max_send_message_length", TRANSPORT_LIMIT),
        ("grpc.keepalive_time_ms", 60_000),
    ]
    if tls is None:
        return Channel(grpc.aio.insecure_channel(target, options), token, seconds)
    return Channel(grpc.aio.secure_channel(target, tls.credentials(), options), token, seconds)


def token_file(path: Path) -> Callable[[], str]:
    """Return what reads a token from a file, again whenever the file has changed."""
    stamp, token = 0, ""

    def current() -> str:
        nonlocal stamp, token
        changed = path.stat().st_mtime_ns
        if changed != stamp:
            stamp, token = changed, path.read_text("utf-8").strip()
        return token

    return current


@dataclass(frozen=True)
class Failure:
    """What a failed call says: status code, reason, message to the user, facts and the fields that are wrong."""

    code: grpc.StatusCode
    reason: str
    message: str
    facts: dict[str, str]
    fields: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, error: grpc.aio.AioRpcError) -> Failure:
        """Read the details of an error; `fields` are (path, reason, message)."""
        status = rpc_status.from_call(error)
        info, bad, localized = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), ""
        text = error_details_pb2.LocalizedMessage()
        for detail in status.details if status else ():
            for target in (info, bad, text):
                if detail.Is(target.DESCRIPTOR):
                    detail.Unpack(target)
        localized = text.message or error.details() or ""
        fields = tuple((v.field, v.reason, v.description) for v in bad.field_violations)
        return cls(error.code(), info.reason, localized, dict(info.metadata), fields)
