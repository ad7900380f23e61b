"""A full disk: what it freezes goes on when there is room again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from pathlib import Path
from uuid import uuid4

import nats
import pytest
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from rich.console import Console

from services.chassis.embedded import Nats, free_port
from services.chassis.stream import PREFIX, ensure_stream, facts_stream
from services.chassis.testing import eventually
from services.cli.supervisor import supervisor
from services.cli.supervisor.steps import Steps
from tests.chaos.disk import Disk, filled
from tests.chaos.fault import Skipped

MEGABYTES = 64


class Asked(Nats):
    """Counts how often it was asked whether it is frozen."""

    times = 0

    async def frozen(self) -> bool:
        """Answer and count."""
        found = await super().frozen()
        self.times += 1
        return found

    async def is_left_alone(self) -> None:
        """Wait until it would have been ended, were it to be."""
        until = self.times + 5
        await eventually(lambda: self.times >= until)
        assert self.pid is not None


@pytest.fixture
async def server(workspace: Path) -> AsyncIterator[Asked]:
    """Run NATS on a small disk."""
    with ExitStack() as stack:
        try:
            disk = stack.enter_context(Disk(workspace / "disk.img", workspace / "nats", MEGABYTES).lent())
        except Skipped as reason:
            pytest.skip(str(reason))
        made = Asked(disk.place, free_port())
        try:
            await made.start()
            yield made
        finally:
            await made.stop(patience=5)


async def _stores(js: JetStreamContext) -> bool:
    with suppress(NatsError, OSError, TimeoutError):
        return bool((await js.publish(f"{PREFIX}.mediation.dispute.{uuid4()}", b"x" * 100_000)).seq)
    return False


async def _refuses(js: JetStreamContext) -> bool:
    return not await _stores(js)


async def test_a_stream_that_a_full_disk_froze_is_thawed(server: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """While there is no room NATS is left alone; then it is ended, to be started again, and stores as before."""
    monkeypatch.setattr(supervisor, "_FROZEN_SECONDS", 0.1)
    client = await nats.connect(server.url, max_reconnect_attempts=-1, reconnect_time_wait=0.1)
    js = client.jetstream(timeout=2)
    await ensure_stream(js, facts_stream())
    keeper = asyncio.create_task(supervisor.keep_thawed(server, Steps(Console(quiet=True))))
    try:
        with filled(server.folder):
            await eventually(lambda: _refuses(js))
            await server.is_left_alone()
        assert await _refuses(js), "room alone does not thaw it"
        await eventually(lambda: server.pid is None)
        await server.start()
        await eventually(lambda: _stores(js))
        await server.is_left_alone()
    finally:
        keeper.cancel()
        await client.close()
