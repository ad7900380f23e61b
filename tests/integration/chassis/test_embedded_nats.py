"""NATS as `geju run` has it: what its health is taken from."""

from __future__ import annotations

import asyncio
import urllib.request

import pytest

from services.chassis.embedded import Nats


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()
    writer.close()


async def test_a_proxy_is_not_asked_for_its_health(shared_nats: Nats, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment, which knows nothing of this server, does not have NATS taken for frozen."""
    async with await asyncio.start_server(_refuse, "127.0.0.1", 0) as proxy:
        port = proxy.sockets[0].getsockname()[1]
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(urllib.request, "_opener", None)
        assert not await shared_nats.frozen()
