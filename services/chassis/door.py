"""Lets the calls of a service in by what their headers say, before anything else of them is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc

AUTHORIZATION = "authorization"


class Door(grpc.ServiceRpcHandler):
    """The handlers of a service, by method.

    A request can be as large as a message may be, and as many as streams and connections allow can be under way. gRPC
    reads the one message of a unary call before it asks its handler: so that nobody without a valid token has any read,
    his call is handled as a stream, and refused before the first message.
    """

    def __init__(self, name: str, knows: Callable[[str], bool]) -> None:
        """`knows` tells whether an `authorization` header is worth reading a message for."""
        self._name, self._knows = name, knows
        self._handlers: dict[str, tuple[Any, Any]] = {}

    def add(self, method: str, handler: Any, turned_away: Any) -> None:
        """Add a method; `turned_away` handles calls of those who are not known, None: anyone may call."""
        self._handlers[f"/{self._name}/{method}"] = handler, turned_away

    def service_name(self) -> str:
        """Return the full name of the service."""
        return self._name

    def service(self, details: grpc.HandlerCallDetails) -> Any:
        """Return what handles a call; None when the service has no such method."""
        found = self._handlers.get(details.method)
        if found is None:
            return None
        handler, turned_away = found
        if turned_away is None or self._knows(_authorization(details)):
            return handler
        return turned_away


def _authorization(details: grpc.HandlerCallDetails) -> str:
    for name, value in details.invocation_metadata or ():
        if name == AUTHORIZATION:
            return value if isinstance(value, str) else ""
    return ""
