"""A real server with a small servicer: what every RPC goes through, and how a service ends."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import grpc
import pytest
from geju.common.v1 import limit_service_pb2, limit_service_pb2_grpc
from geju.funds.v1 import fund_entry_pb2, fund_entry_service_pb2, fund_entry_service_pb2_grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from services.chassis.client import Failure, connect
from services.chassis.domain.errors import NotFound
from services.chassis.server import CannotStart, Runtime
from tests.integration.chassis.toy import EMPTY, bench, failure_of, get


async def test_a_call_knows_its_caller(tmp_path: Path) -> None:
    """A handler sees who calls, with which roles and offices, and the caller's trace."""
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    async with bench(tmp_path) as b:
        await b.stub.ListLimits(limit_service_pb2.ListLimitsRequest(), metadata=(("traceparent", trace),))
        call = b.limits.calls[0]
    assert ("clerk1", {"clerk"}, {"wuma"}) == (call.caller.subject, call.caller.roles, call.caller.offices)
    assert call.method == "/geju.common.v1.LimitService/ListLimits"
    assert call.trace_id == trace[3:35]


async def test_no_token_no_service(tmp_path: Path) -> None:
    """A call without a token is UNAUTHENTICATED and reaches no handler."""
    async with bench(tmp_path) as b, connect(f"127.0.0.1:{b.running.port}") as channel:
        stub = limit_service_pb2_grpc.LimitServiceStub(channel)
        failure = await failure_of(stub.ListLimits(limit_service_pb2.ListLimitsRequest()))
        assert b.limits.calls == []
    assert (failure.code, failure.reason) == (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_MISSING")
    assert "令牌" in failure.message


async def test_a_role_not_named_is_refused(tmp_path: Path) -> None:
    """A caller without any role that the method names is refused before the request is looked at."""
    async with bench(tmp_path) as b, b.connect({"operations"}, {"*"}) as channel:
        stub = limit_service_pb2_grpc.LimitServiceStub(channel)
        failure = await failure_of(stub.ListLimits(limit_service_pb2.ListLimitsRequest(page_size=-1)))
    assert failure.code == grpc.StatusCode.PERMISSION_DENIED


async def test_fields_are_named_in_chinese(tmp_path: Path) -> None:
    """A request that breaks limits of the contract names every field, by its Chinese label where it has one."""
    entry = fund_entry_pb2.FundEntry(office="wuma", kind=77, year=1)
    request = fund_entry_service_pb2.CreateFundEntryRequest(fund_entry=entry)
    async with bench(tmp_path) as b, b.connect({"department"}, {"*"}) as channel:
        stub = fund_entry_service_pb2_grpc.FundEntryServiceStub(channel)
        failure = await failure_of(stub.CreateFundEntry(request))
    assert failure.code == grpc.StatusCode.INVALID_ARGUMENT
    by_field = {path: (reason, message) for path, reason, message in failure.fields}
    assert by_field["fund_entry.year"] == ("INVALID_FIELD", "年度:应不小于 2000,且不大于 2100")
    assert by_field["fund_entry.kind"][0] == "UNKNOWN_ENUM_VALUE"
    assert by_field["request_id"][0] == "MISSING_REQUEST_ID"


async def test_a_broken_rule_is_typed(tmp_path: Path) -> None:
    """A broken rule arrives with its code, reason, facts and Chinese message."""

    async def handler(_: Any) -> Any:
        raise NotFound(name="disputes/1")

    async with bench(tmp_path) as b:
        b.limits.handler = handler
        failure = await failure_of(b.stub.ListLimits(limit_service_pb2.ListLimitsRequest()))
    assert (
        Failure(grpc.StatusCode.NOT_FOUND, "NOT_FOUND", "没有找到记录“disputes/1”。", {"name": "disputes/1"}, ())
        == failure
    )


async def test_an_unknown_exception_says_nothing(tmp_path: Path) -> None:
    """An unknown exception becomes INTERNAL with an id and none of its text."""

    async def handler(_: Any) -> Any:
        raise ValueError("张某某")

    async with bench(tmp_path) as b:
        b.limits.handler = handler
        failure = await failure_of(b.stub.ListLimits(limit_service_pb2.ListLimitsRequest()))
        call = b.limits.calls[0]
    assert (failure.code, failure.facts) == (grpc.StatusCode.INTERNAL, {"id": call.id})
    assert "张某某" not in failure.message


async def test_an_outage_can_be_retried(tmp_path: Path) -> None:
    """A lost database is UNAVAILABLE, and the client tries again by itself."""

    async def handler(_: Any) -> Any:
        if len(b.limits.calls) < 2:
            raise ConnectionRefusedError
        return EMPTY

    async with bench(tmp_path) as b:
        b.limits.handler = handler
        assert await b.stub.ListLimits(limit_service_pb2.ListLimitsRequest()) == EMPTY
    assert len(b.limits.calls) == 2


async def test_a_large_message_is_refused(tmp_path: Path) -> None:
    """A message of 5 MB is RESOURCE_EXHAUSTED with the limit in its facts, and the channel goes on."""
    async with bench(tmp_path) as b:
        request = limit_service_pb2.ListLimitsRequest(office="x" * 5_000_000)
        failure = await failure_of(b.stub.ListLimits(request))
        await b.stub.ListLimits(limit_service_pb2.ListLimitsRequest())
    assert (failure.code, failure.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE")
    assert failure.facts["limit"] == str(4 * 1024 * 1024)


async def test_bytes_that_are_no_message(tmp_path: Path) -> None:
    """Bytes that are no message of the method are INVALID_ARGUMENT, not INTERNAL."""
    async with bench(tmp_path) as b:
        call = b.channel.unary_unary("/geju.common.v1.LimitService/ListLimits")
        failure = await failure_of(call(b"\xff\xff\xff"))
    assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "UNREADABLE_MESSAGE")


async def test_a_deadline_ends_the_handler(tmp_path: Path) -> None:
    """When the caller's deadline passes, the handler is cancelled and the call counted as such."""
    cancelled = asyncio.Event()

    async def handler(_: Any) -> Any:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    async with bench(tmp_path) as b:
        b.limits.handler = handler
        failure = await failure_of(b.stub.ListLimits(limit_service_pb2.ListLimitsRequest(), timeout=0.2))
        await asyncio.wait_for(cancelled.wait(), 5)
        text = await get(b.running.metrics_port, "/metrics")
    assert failure.code == grpc.StatusCode.DEADLINE_EXCEEDED
    assert 'grpc_code="DeadlineExceeded"' in text or 'grpc_code="Canceled"' in text


async def test_a_method_not_implemented(tmp_path: Path) -> None:
    """A method that the service does not implement is UNIMPLEMENTED."""
    request = fund_entry_service_pb2.GetFundEntryRequest(name="fundEntries/1")
    async with bench(tmp_path) as b:
        stub = fund_entry_service_pb2_grpc.FundEntryServiceStub(b.channel)
        failure = await failure_of(stub.GetFundEntry(request))
    assert failure.code == grpc.StatusCode.UNIMPLEMENTED


async def test_metrics_have_the_names_of_go_grpc_middleware(tmp_path: Path) -> None:
    """The metrics carry the names and labels that ready-made dashboards expect, and the service's own lines."""
    async with bench(tmp_path) as b:
        b.running.runtime.metrics.add_text(lambda: b"geju_extra 1\n")
        await b.stub.ListLimits(limit_service_pb2.ListLimitsRequest())
        await failure_of(b.stub.ListLimits(limit_service_pb2.ListLimitsRequest(page_size=-1)))
        text = await get(b.running.metrics_port, "/metrics")
    method = 'grpc_method="ListLimits",grpc_service="geju.common.v1.LimitService",grpc_type="unary"'
    for line in (
        f"grpc_server_started_total{{{method}}} 2.0",
        f'grpc_server_handled_total{{grpc_code="OK",{method}}} 1.0',
        f'grpc_server_handled_total{{grpc_code="InvalidArgument",{method}}} 1.0',
        f"grpc_server_msg_received_total{{{method}}} 2.0",
        f"grpc_server_msg_sent_total{{{method}}} 1.0",
        f"grpc_server_handling_seconds_count{{{method}}} 2.0",
        "geju_extra 1",
    ):
        assert line in text
    assert "process_resident_memory_bytes" in text
    assert "_created" not in text


async def test_health_by_name_and_reflection(tmp_path: Path) -> None:
    """Health answers for each service by its full name without a token, and reflection lists the services."""
    async with bench(tmp_path, health_listen="127.0.0.1:0") as b:
        async with connect(f"127.0.0.1:{b.running.health_port}") as channel:
            stub = health_pb2_grpc.HealthStub(channel)
            answer = await stub.Check(health_pb2.HealthCheckRequest(service="geju.common.v1.LimitService"))
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
        async with connect(f"127.0.0.1:{b.running.port}") as channel:
            lister = reflection_pb2_grpc.ServerReflectionStub(channel)
            request = reflection_pb2.ServerReflectionRequest(list_services="")
            async for listed in lister.ServerReflectionInfo(iter([request])):
                names = {service.name for service in listed.list_services_response.service}
                break
        assert "200 OK" in await get(b.running.metrics_port, "/healthz")
    assert {"geju.common.v1.LimitService", "geju.funds.v1.FundEntryService"} <= names


async def test_a_drain_goes_in_order(tmp_path: Path) -> None:
    """A drain says NOT_SERVING first, lets the call under way finish, then ends background work, then connections."""
    order: list[str] = []
    entered = asyncio.Event()

    async def handler(_: Any) -> Any:
        entered.set()
        await b.running.runtime.stopping.wait()
        order.append("call")
        return EMPTY

    def hook(runtime: Runtime) -> None:
        async def work() -> None:
            await runtime.closing.wait()
            order.append("background")

        async def unsubscribe() -> None:
            order.append("unsubscribed")

        runtime.background("work", work)
        runtime.at_close(unsubscribe)

    async with bench(tmp_path, hook, stop_seconds=30) as b:
        b.limits.handler = handler
        health = health_pb2_grpc.HealthStub(b.channel)
        watch = health.Watch(health_pb2.HealthCheckRequest(service=""))
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.SERVING
        call = asyncio.ensure_future(b.stub.ListLimits(limit_service_pb2.ListLimitsRequest()))
        await entered.wait()
        begun = asyncio.get_running_loop().time()
        stop = asyncio.create_task(b.running.stop())
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
        assert await call == EMPTY
        await stop
        took = asyncio.get_running_loop().time() - begun
    assert order[:3] == ["call", "background", "unsubscribed"]
    assert took < 10, "an open Health/Watch must not hold the drain"


async def test_background_work_is_begun_again(tmp_path: Path) -> None:
    """Background work that fails is begun again until the service closes."""
    attempts: list[int] = []
    third = asyncio.Event()

    def hook(runtime: Runtime) -> None:
        async def work() -> None:
            attempts.append(1)
            if len(attempts) < 3:
                raise RuntimeError
            third.set()
            await runtime.closing.wait()

        runtime.background("flaky", work)

    async with bench(tmp_path, hook):
        await asyncio.wait_for(third.wait(), 10)


async def test_a_taken_port_is_named(tmp_path: Path) -> None:
    """A port in use stops the start with a message that names the address and the setting."""
    async with bench(tmp_path) as b:
        address = f"127.0.0.1:{b.running.port}"
        with pytest.raises(CannotStart, match=f"{address}.*GEJU_GRPC_LISTEN"):
            async with bench(tmp_path, grpc_listen=address):
                pass
