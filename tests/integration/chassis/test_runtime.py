"""What a service is built from, and the small HTTP server beside it."""

from __future__ import annotations

import asyncio
import io
import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest

from services.chassis import runtime as runtime_module
from services.chassis import traces
from services.chassis.access_log import AccessLog
from services.chassis.clock import ManualClock
from services.chassis.context import NOBODY, Call, continue_trace
from services.chassis.http import HttpServer, Page
from services.chassis.profile_file import load
from services.chassis.runtime import Runtime
from tests.integration.chassis.toy import PROFILE, get, make_settings


async def test_nats_is_one_connection_and_drains_at_once(tmp_path: Path, nats_url: str) -> None:
    """Whoever asks for NATS gets the same connection, with an inbox of the service's own; it drains without a stall."""
    runtime = Runtime("toy", make_settings(tmp_path, nats_url=nats_url), load(PROFILE))
    first, second = await asyncio.gather(runtime.nats(), runtime.nats())
    assert first is second
    assert first.new_inbox().startswith("_INBOX_toy.")
    begun = time.monotonic()
    await runtime.close()
    assert time.monotonic() - begun < 2
    assert first.is_closed


async def test_what_is_not_set_is_named(tmp_path: Path) -> None:
    """Asking for a connection whose setting is missing names the setting."""
    runtime = Runtime("toy", make_settings(tmp_path), load(PROFILE))
    with pytest.raises(ValueError, match="GEJU_DATABASE_URL"):
        _ = runtime.engine
    with pytest.raises(ValueError, match="GEJU_RECORD_KEYS"):
        _ = runtime.crypto
    with pytest.raises(ValueError, match="GEJU_NATS_URL"):
        await runtime.nats()


async def test_closing_goes_on_past_failures(tmp_path: Path) -> None:
    """What fails while closing does not keep the rest from being closed; the last added comes first."""
    order: list[int] = []
    runtime = Runtime("toy", make_settings(tmp_path), load(PROFILE))

    async def close(number: int) -> None:
        order.append(number)
        raise OSError

    for number in (1, 2):
        runtime.at_close(lambda number=number: close(number))
    await runtime.close()
    assert order == [2, 1]


async def test_closing_waits_for_nothing_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that gives back a dead connection when it is cancelled, and a pool that waits for one, are left behind."""
    monkeypatch.setattr(runtime_module, "BACKGROUND_SECONDS", 0.1)
    monkeypatch.setattr(runtime_module, "STEP_SECONDS", 0.1, raising=False)
    given_back, begun, order = asyncio.Event(), asyncio.Event(), list[str]()
    runtime = Runtime("toy", make_settings(tmp_path), load(PROFILE))

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.shield(given_back.wait())

    async def last() -> None:
        order.append("last")

    runtime.background("work", work)
    runtime.at_close(last)
    runtime.at_close(asyncio.Event().wait)  # type: ignore[arg-type]
    await begun.wait()
    await asyncio.wait_for(runtime.close(), 10)
    given_back.set()
    assert order == ["last"]


async def test_failures_beside_the_calls_are_counted(tmp_path: Path) -> None:
    """Work that fails is begun again and its failures counted; work that never failed shows a zero."""
    runtime, begun, tried = Runtime("toy", make_settings(tmp_path), load(PROFILE)), asyncio.Event(), [0]

    async def work() -> None:
        tried[0] += 1
        if tried[0] == 1:
            raise OSError
        begun.set()
        await runtime.closing.wait()

    runtime.background("fails", work)
    runtime.background("lasts", runtime.closing.wait)
    await asyncio.wait_for(begun.wait(), 5)
    page = runtime.metrics.render().decode()
    await runtime.close()
    counts = dict(re.findall(r'geju_background_failures_total{task="(\w+)"} (\S+)', page))
    assert {"fails": "1.0", "lasts": "0.0"} == counts


async def test_business_time_is_a_metric(tmp_path: Path) -> None:
    """The page tells the clock that records are dated by, moved or not."""
    clock = ManualClock(datetime(2012, 6, 1, 4, tzinfo=UTC))
    runtime = Runtime("toy", make_settings(tmp_path), load(PROFILE), clock)
    (told,) = re.findall(r"^geju_clock_timestamp_seconds (\S+)", runtime.metrics.render().decode(), re.MULTILINE)
    assert clock.now().timestamp() == float(told)


async def ask(port: int, request: bytes) -> bytes:
    """Send raw bytes and return all that comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer


async def test_http_answers_what_it_has_and_refuses_the_rest() -> None:
    """Known paths answer GET and HEAD, several to a connection; others are 404, other methods 405, nonsense nothing."""
    server = HttpServer({"/metrics": lambda: Page("格局 1\n".encode())})
    port = await server.start("127.0.0.1", 0)
    try:
        assert (await get(port, "/metrics?x=1")).endswith("格局 1\n")
        twice = b"GET /metrics HTTP/1.1\r\n\r\nHEAD /metrics HTTP/1.1\r\nConnection: close\r\n\r\n"
        answer = await ask(port, twice)
        assert (answer.count(b"200 OK"), answer.count(b"Content-Length: 9")) == (2, 2)
        assert b"404" in (await ask(port, b"GET / HTTP/1.0\r\n\r\n"))
        assert b"405" in (await ask(port, b"POST /metrics HTTP/1.1\r\n\r\n"))
        assert await ask(port, b"x" * 100_000) == b""
    finally:
        await server.stop()


def test_the_access_log_is_json() -> None:
    """A call's line is JSON with its method, code, time taken and trace; below the level nothing is written."""
    stream = io.StringIO()
    call = Call(NOBODY, "/geju.common.v1.LimitService/ListLimits", traceparent=continue_trace("", "0" * 16))
    AccessLog("toy", stream).write(call, grpc.StatusCode.OK, 0.0123)
    entry = json.loads(stream.getvalue())
    assert (entry["code"], entry["ms"], entry["trace_id"]) == ("OK", 12.3, call.trace_id)
    AccessLog("toy", stream, "error").write(call, grpc.StatusCode.NOT_FOUND, 0.1)
    AccessLog("toy", stream, "error").write(call, grpc.StatusCode.INTERNAL, 0.1)
    assert [json.loads(line)["level"] for line in stream.getvalue().splitlines()] == ["info", "error"]


def test_a_foreign_trace_is_continued_or_begun() -> None:
    """A proper traceparent is continued under a new span; anything else begins a new trace."""
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert continue_trace(parent, "1" * 16) == f"{parent[:36]}{'1' * 16}-01"
    for nonsense in ("", "00-" + "0" * 32 + "-b7ad6b7169203331-01", "x", parent + "\n,x"):
        assert continue_trace(nonsense, "1" * 16)[3:35] != parent[3:35]


def test_no_endpoint_no_traces() -> None:
    """Without an endpoint tracing is off and nothing of it is imported."""
    assert traces.setup("toy", "") is traces.OFF
