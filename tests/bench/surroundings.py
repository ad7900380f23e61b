"""What a bench stands on: a PostgreSQL and a NATS that wait for the disk, keys, tokens, and child processes.

Everything listens on 127.0.0.1 and is ended by its process id when the block ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from services.chassis import migrations, testing
from services.chassis.embedded import Nats, Postgres, Urls, free_port
from services.chassis.embedded.process import end, tail

ROOT = Path(__file__).parents[2]
PROFILE = ROOT / "deploy" / "districts" / "lucheng"
READY_SECONDS = 60.0
LOOK = 0.05


@dataclass(frozen=True)
class Child:
    """A running child process with the ports it was told to listen on."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int
    metrics_port: int = 0

    def cpu_seconds(self) -> float:
        """Return the processor time it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self) -> float:
        """Return the memory it holds, in MB (RSS)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


@dataclass(frozen=True)
class Surroundings:
    """Servers and keys of one bench."""

    folder: Path
    postgres: testing.Server
    nats: Nats
    tokens: testing.Tokens
    keys: Path

    async def database(self, service: str) -> Urls:
        """Make a fresh database of a service, migrated."""
        urls = await self.postgres.database(service)
        await migrations.upgrade(urls.owner, migrations.schema_of(service))
        return urls

    @asynccontextmanager
    async def serving(self, service: str, urls: Urls, **settings: str) -> AsyncIterator[Child]:
        """Run a service of the product as the process it is anywhere else."""
        async with self.product(["services.cli", "serve", service], **urls.settings(), **settings) as child:
            yield child

    @asynccontextmanager
    async def product(self, command: Sequence[str], **settings: str) -> AsyncIterator[Child]:
        """Run a module with the chassis in it; returns when it serves."""
        port, metrics_port = free_port(), free_port()
        given = {
            "profile": str(PROFILE),
            "nats_url": self.nats.url,
            "record_keys": str(self.keys),
            "jwt_keys": str(self.tokens.public),
            "grpc_listen": f"127.0.0.1:{port}",
            "metrics_listen": f"127.0.0.1:{metrics_port}",
            "drain_seconds": "0",
            **settings,
        }
        environment = {f"GEJU_{name.upper()}": value for name, value in given.items()}
        async with self.child(command, port, environment, metrics_port) as child:
            await _serves(child, metrics_port)
            yield child

    @asynccontextmanager
    async def plain(self, module: str, url: str) -> AsyncIterator[Child]:
        """Run a baseline: `python -m module URL PORT`; returns when it listens."""
        port = free_port()
        async with self.child([module, url, str(port)], port, {}) as child:
            await _listens(child, port)
            yield child

    @asynccontextmanager
    async def child(
        self, command: Sequence[str], port: int, environment: dict[str, str], metrics_port: int = 0
    ) -> AsyncIterator[Child]:
        """Run `python -m …`; ended by its process id with the block."""
        log = self.folder / f"{command[0]}-{port}.log"
        own = {name: value for name, value in os.environ.items() if not name.startswith("GEJU_")}
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: ASYNC220 - starting takes no time
                [sys.executable, "-m", *command], cwd=ROOT, env={**own, **environment}, stdout=output, stderr=output
            )
        try:
            yield Child(process, log, port, metrics_port)
        finally:
            await end(process, signal.SIGTERM, 15)


async def _listens(child: Child, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if child.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"it did not start; the end of its log:\n{tail(child.log)}") from None
            await asyncio.sleep(LOOK)
        else:
            writer.close()
            return


async def _serves(child: Child, metrics_port: int) -> None:
    await _listens(child, metrics_port)
    while not (await fetch(metrics_port, "/healthz")).startswith(b"ok"):
        await asyncio.sleep(LOOK)


async def fetch(port: int, path: str) -> bytes:
    """Return the body of a page over HTTP."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".encode())
        answer = await reader.read()
    finally:
        writer.close()
    return answer.partition(b"\r\n\r\n")[2]


@asynccontextmanager
async def surroundings() -> AsyncIterator[Surroundings]:
    """Start PostgreSQL and NATS with their safe settings; both are gone with the block."""
    with testing.workspace() as folder:
        postgres, nats = Postgres(folder / "postgres", free_port()), Nats(folder / "nats", free_port())
        (folder / "jwt").mkdir()
        try:
            await postgres.start()
            await nats.start()
            tokens = testing.Tokens(folder / "jwt")
            yield Surroundings(folder, testing.Server(postgres), nats, tokens, testing.record_keys(folder))
        finally:
            await nats.stop(patience=5)
            await postgres.stop(patience=5)


def sources(**ports: int) -> str:
    """Return the setting that tells the aggregation service where its sources are."""
    return json.dumps({service: f"127.0.0.1:{port}" for service, port in ports.items()})
