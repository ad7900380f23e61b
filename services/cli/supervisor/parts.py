"""The parts of an installation: each can start, say whether it lives, stop and be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Protocol

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.chassis.embedded import Nats, Postgres
from services.chassis.embedded.process import end, end_leftover, tail
from services.cli.failure import Exit, Failure
from services.cli.supervisor.leash import PARENT
from services.client import Home

START_SECONDS = 60.0
STOP_SECONDS = 25.0
MAX_LOG = 10 * 2**20
_POLL = 0.1


class Part(Protocol):
    """One process that the supervisor keeps."""

    name: str

    async def start(self) -> None:
        """Return once the part can be used. Errors: Failure, ServerError."""

    async def stop(self) -> None:
        """Stop in good order; harmless when it does not run."""

    def alive(self) -> bool:
        """Say whether the process runs."""

    def kill(self) -> None:
        """End it at once."""


class Server:
    """PostgreSQL or NATS as a part."""

    def __init__(self, name: str, server: Postgres | Nats) -> None:
        self.name = name
        self._server = server

    async def start(self) -> None:
        """Start the server."""
        await self._server.start()

    async def stop(self) -> None:
        """Stop the server in good order."""
        await self._server.stop()

    def alive(self) -> bool:
        """Say whether the server runs."""
        return self._server.pid is not None

    def kill(self) -> None:
        """Kill the server."""
        self._server.kill()


class Service:
    """One service of the product as a child process `geju serve NAME`."""

    def __init__(self, name: str, home: Home, environment: Mapping[str, str]) -> None:
        self.name = name
        self.log = home.logs / f"{name}.log"
        self._pid_file = pid_file(home, name)
        self._environment = {**environment, PARENT: str(os.getpid())}
        self._target = environment["GEJU_GRPC_LISTEN"]
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start the process and return once its health service says SERVING."""
        _rotate(self.log)
        self._process = launch(["serve", self.name], self._environment, self.log)
        self._pid_file.parent.mkdir(parents=True, exist_ok=True)
        self._pid_file.write_text(str(self._process.pid), encoding="ascii")
        try:
            async with asyncio.timeout(START_SECONDS):
                while not await serving(self._target):
                    if self._process.poll() is not None:
                        raise self._broken(f"服务 {self.name} 启动时退出(代码 {self._process.returncode})")
                    await asyncio.sleep(_POLL)
        except TimeoutError:
            await self.stop()
            raise self._broken(f"服务 {self.name} 在 {START_SECONDS:.0f} 秒内没有就绪") from None

    async def stop(self) -> None:
        """Ask the service to drain and wait for its end."""
        if self._process:
            await end(self._process, signal.SIGTERM, STOP_SECONDS)
            self._pid_file.unlink(missing_ok=True)

    def alive(self) -> bool:
        """Say whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """Kill the process."""
        if self._process:
            self._process.kill()

    def _broken(self, message: str) -> Failure:
        return Failure(message, Exit.UNREACHABLE, f"日志 {self.log} 的末尾:\n{tail(self.log)[-1500:]}")


class External:
    """A part that runs already, elsewhere; it is neither started nor stopped here."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def start(self) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""

    def alive(self) -> bool:
        """Say yes: services wait for it by themselves when it is away."""
        return True

    def kill(self) -> None:
        """Do nothing."""


def launch(arguments: list[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start the command itself with other arguments, in a session of its own, its output going to a log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - this program itself
            [sys.executable, "-m", "services.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=True,
        )


async def serving(target: str) -> bool:
    """Ask a service over gRPC whether it serves."""
    async with grpc.aio.insecure_channel(target) as channel:
        try:
            answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=2)
        except grpc.aio.AioRpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def pid_file(home: Home, service: str) -> Path:
    """Return where the process id of a service is kept."""
    return home.pids / f"{service}.pid"


def end_leftovers(home: Home, services: list[str]) -> None:
    """End what an earlier, killed supervisor left running in the folder: services first, then NATS and PostgreSQL."""
    for service in services:
        end_leftover(pid_file(home, service), f"serve {service}", signal.SIGTERM)
    nats, data = home.nats, home.postgres / "data"
    end_leftover(nats / "nats.pid", str(nats / "nats.conf"), signal.SIGTERM)
    end_leftover(data / "postmaster.pid", str(data), signal.SIGINT)


async def restart(part: Part, pause: Callable[[float], Awaitable[None]], seconds: float) -> bool:
    """Start a part again after a pause; says whether that worked."""
    await pause(seconds)
    try:
        await part.start()
    except Exception:  # noqa: BLE001 - whatever it was, it is tried again
        return False
    return True


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > MAX_LOG:
        log.replace(log.with_suffix(".log.1"))
