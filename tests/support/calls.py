"""Calling the services as a program does: by method name, with fields; refusals come back as what they say."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import grpc

from services.chassis.client import Channel, Failure
from services.chassis.contract import Method, method

PACKAGES = {
    **dict.fromkeys(("FundEntryService",), "geju.funds.v1"),
    **dict.fromkeys(("AuditService", "LimitService"), "geju.common.v1"),
    **dict.fromkeys(("BoardService", "ReportService", "ProofService"), "geju.aggregation.v1"),
    **dict.fromkeys(("FactsSourceService",), "geju.facts.v1"),
}
#: What an outage looks like from outside; anything else is an answer.
AWAY = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}


class Refused(Exception):  # noqa: N818 (an answer, not a fault)
    """The service said no."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.code.name} {failure.reason} {failure.message}")
        self.failure = failure


class Caller:
    """Somebody who calls over one channel."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def __call__(self, name: str, patience: float = 0, /, **fields: Any) -> Any:
        """Call "Service/Method" with a fresh request id unless one is given. Raises Refused.

        During an outage the same request, under the same id, is sent again for `patience` seconds.
        """
        found = find(name)
        if "request_id" in found.request.DESCRIPTOR.fields_by_name:
            fields.setdefault("request_id", str(uuid4()))
        request, deadline = found.request(**fields), time.monotonic() + patience
        self.prepare(request)
        while True:
            try:
                return await self.raw(found, request.SerializeToString())
            except Refused as refused:
                if refused.failure.code not in AWAY or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(0.1)

    def prepare(self, request: Any) -> None:
        """Change a request before it is sent; callers of a special kind do."""

    async def raw(self, found: Method, request: bytes, **options: Any) -> Any:
        """Send bytes as the request of a method. Raises Refused."""
        call = self._channel.unary_unary(
            found.full_name, request_serializer=bytes, response_deserializer=found.response.FromString
        )
        try:
            return await call(request, **options)
        except grpc.aio.AioRpcError as error:
            raise Refused(Failure.of(error)) from error

    async def stream(self, name: str, /, **fields: Any) -> AsyncIterator[Any]:
        """Call "Service/Method" that answers with a stream."""
        found = find(name)
        call = self._channel.unary_stream(
            found.full_name,
            request_serializer=found.request.SerializeToString,
            response_deserializer=found.response.FromString,
        )
        async for answer in call(found.request(**fields)):
            yield answer

    async def refused(self, name: str, /, **fields: Any) -> Failure:
        """Call what must be refused; returns the refusal."""
        try:
            answer = await self(name, **fields)
        except Refused as refused:
            return refused.failure
        raise AssertionError(f"{name} was not refused: {answer}")


def find(name: str) -> Method:
    """Return the RPC "Service/Method"."""
    service, _, verb = name.partition("/")
    package = PACKAGES.get(service, "geju.mediation.v1")
    importlib.import_module(f"{package}.{_snake(service)}_pb2")
    return method(f"/{package}.{service}/{verb}")


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")
