"""Calling the services as a program does: by method name, with fields; refusals come back as what they say."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any
from uuid import uuid4

import grpc

from services.chassis.client import Channel, Failure
from services.chassis.contract import Method, method

PACKAGES = {
    **dict.fromkeys(("FundEntryService",), "geju.funds.v1"),
    **dict.fromkeys(("AuditService", "LimitService", "SubjectService"), "geju.common.v1"),
    **dict.fromkeys(("BoardService", "FigureService", "ReportService", "ProofService"), "geju.aggregation.v1"),
    **dict.fromkeys(("FactsSourceService",), "geju.facts.v1"),
}
#: Of the domain services.
DOMAIN = tuple(
    f"geju.{service}.v1" for service in ("mediation", "correction", "legalservices", "legalaid", "publicity")
)
#: What an outage looks like from outside; anything else is an answer.
AWAY = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}
#: What asyncio's client says instead of the answer when a stream is ended while it still sends (grpc/grpc#36066).
ANSWER_LOST = "Internal error from Core"


class Refused(Exception):  # noqa: N818 (an answer, not a fault)
    """The service said no."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.code.name} {failure.reason} {failure.message}")
        self.failure = failure


class Caller:
    """Somebody who calls one service, and others too where there are channels to them by their names.

    What every service has is called of the one, of another as "correction.FundEntryService/CreateFundEntry".
    """

    def __init__(self, channel: Channel, others: Mapping[str, Channel] | None = None) -> None:
        self._channel, self._others = channel, others or {}

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
                return await self.raw(found, request.SerializeToString(), service_of(name))
            except Refused as refused:
                if refused.failure.code not in AWAY or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(0.1)

    def prepare(self, request: Any) -> None:
        """Change a request before it is sent; callers of a special kind do."""

    async def raw(self, found: Method, request: bytes, service: str = "", **options: Any) -> Any:
        """Send bytes as the request of a method. Raises Refused."""
        channel = self._others.get(service or found.full_name.split(".")[1], self._channel)
        call = channel.unary_unary(
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

    async def exchange(self, name: str, patience: float, requests: Sequence[Any]) -> Sequence[Any]:
        """Send requests to "Service/Method", a stream in both directions; returns the answers. Raises Refused.

        During an outage the same requests are sent again for `patience` seconds; so they are when the client library
        has lost the answer.
        """
        found, deadline = find(name), time.monotonic() + patience
        call = self._others.get(found.full_name.split(".")[1], self._channel).stream_stream(
            found.full_name,
            request_serializer=found.request.SerializeToString,
            response_deserializer=found.response.FromString,
        )
        while True:
            try:
                return [answer async for answer in call(requests)]
            except grpc.aio.AioRpcError as error:
                lost = error.details() == ANSWER_LOST
                if not lost and (error.code() not in AWAY or time.monotonic() > deadline):
                    raise Refused(Failure.of(error)) from error
            await asyncio.sleep(0.1)

    async def refused(self, name: str, /, **fields: Any) -> Failure:
        """Call what must be refused; returns the refusal."""
        try:
            answer = await self(name, **fields)
        except Refused as refused:
            return refused.failure
        raise AssertionError(f"{name} was not refused: {answer}")


def service_of(name: str) -> str:
    """Return the service that "service.Service/Method" names; empty when it names none."""
    return name.rpartition(".")[0]


def find(name: str) -> Method:
    """Return the RPC "Service/Method"."""
    service, _, verb = name.rpartition(".")[2].partition("/")
    package = PACKAGES.get(service) or _package(f"{snake(service)}_pb2")
    importlib.import_module(f"{package}.{snake(service)}_pb2")
    return method(f"/{package}.{service}/{verb}")


def _package(module: str) -> str:
    """Return the package of the domain service that has a module."""
    return next(package for package in DOMAIN if find_spec(f"{package}.{module}") is not None)


def snake(name: str) -> str:
    """Return "fund_entry" for FundEntry."""
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")
