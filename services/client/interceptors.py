"""What every call carries: who calls, how long it may take, and, for a mutation, its request id."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc


@dataclass(frozen=True)
class _Details(grpc.ClientCallDetails):
    """A call's details with other values."""

    method: str
    timeout: float | None
    metadata: Any
    credentials: Any
    wait_for_ready: Any
    compression: Any


class Caller(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor, grpc.StreamStreamClientInterceptor):
    """Adds the token, the default deadline (unary calls only) and a missing request_id."""

    def __init__(self, token: str | Callable[[], str], timeout: float) -> None:
        self._token = token
        self._timeout = timeout

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        """Send a unary call."""
        if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:
            request.request_id = str(uuid.uuid4())
        timeout = self._timeout if details.timeout is None else details.timeout
        return continuation(self._with(details, timeout), request)

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        """Open a stream."""
        return continuation(self._with(details, details.timeout), request)

    def intercept_stream_stream(self, continuation: Any, details: Any, requests: Any) -> Any:
        """Open a stream in both directions."""
        return continuation(self._with(details, details.timeout), requests)

    def _with(self, details: Any, timeout: float | None) -> _Details:
        token = self._token() if callable(self._token) else self._token
        metadata = list(details.metadata or [])
        if token:
            metadata.append(("authorization", f"Bearer {token}"))
        rest = {name: getattr(details, name, None) for name in ("credentials", "wait_for_ready", "compression")}
        return _Details(method=details.method, timeout=timeout, metadata=metadata, **rest)
