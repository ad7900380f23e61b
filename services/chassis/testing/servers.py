"""Real servers for tests: started in a second, ended with the block, gone without trace."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from services.chassis.clock import Clock
from services.chassis.embedded import Nats, Postgres, Urls, bootstrap, free_port
from services.chassis.rights.broker import Rights
from services.chassis.server import App, Running, serving
from services.chassis.settings import Settings

LOOK = 0.02


class Server:
    """A PostgreSQL server that hands out fresh databases."""

    def __init__(self, process: Postgres) -> None:
        self.process = process

    @property
    def admin_url(self) -> str:
        """URL of the superuser."""
        return self.process.admin_url

    async def database(self, service: str) -> Urls:
        """Make an empty database for a service, with its roles, and return how to reach it."""
        name = f"geju_{service}_{uuid4().hex[:12]}"
        # No secret guards a database of a minute: each role's password is its name.
        return await bootstrap(self.admin_url, service, str, database=name)


@contextmanager
def workspace() -> Iterator[Path]:
    """Give a folder that the account of a server run as root can enter; removed with the block."""
    folder = Path(tempfile.mkdtemp(prefix="geju-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def postgres() -> AsyncIterator[Server]:
    """Run a PostgreSQL server for the length of the block."""
    with workspace() as folder:
        process = Postgres(folder / "postgres", free_port(), durable=False)
        try:
            await process.start()
            yield Server(process)
        finally:
            await process.stop(patience=5)


@asynccontextmanager
async def nats_server(
    *, durable: bool = False, users: Mapping[str, Rights] = MappingProxyType({})
) -> AsyncIterator[Nats]:
    """Run a NATS server for the length of the block, with `users` beside the operator."""
    with workspace() as folder:
        process = Nats(folder / "nats", free_port(), durable=durable, users=users)
        try:
            await process.start()
            yield process
        finally:
            await process.stop(patience=5)


@asynccontextmanager
async def service(app: App, clock: Clock | None = None, **settings: Any) -> AsyncIterator[Running]:
    """Run a service in this process for the length of the block; it stops without waits."""
    quick = {"drain_seconds": 0, "stop_seconds": 2, **settings}
    async with serving(app, Settings(**quick), clock) as running:
        yield running


async def eventually(condition: Callable[[], bool | Awaitable[bool]], patience: float = 20) -> None:
    """Wait until a condition holds. Raises AssertionError after `patience` seconds."""
    deadline = time.monotonic() + patience
    while True:
        outcome = condition()
        if outcome if isinstance(outcome, bool) else await outcome:
            return
        assert time.monotonic() < deadline, "it did not come to pass"
        await asyncio.sleep(LOOK)
