"""Second processes of the domain services that tell all they can: traces, to a collector here; logs from debug on."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import grpc

from services.chassis.embedded.process import end, free_ports
from services.chassis.testing import eventually
from services.cli.supervisor.leash import PARENT
from services.cli.supervisor.parts import launch, serving
from tests.support.system import DOMAIN, System

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


class Collector:
    """Takes in what is sent over OTLP, as bytes."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self._server = grpc.aio.server()
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        handlers = {EXPORT.rpartition("/")[2]: grpc.unary_unary_rpc_method_handler(self._take)}
        generic = grpc.method_handlers_generic_handler(EXPORT.split("/")[1], handlers)
        self._server.add_generic_rpc_handlers((generic,))

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.stop(5)

    async def _take(self, body: bytes, _context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        self.bodies.append(body)
        return b""


@asynccontextmanager
async def traced(system: System, collector: Collector) -> AsyncIterator[Mapping[str, str]]:
    """Run a second process of every domain service for the length of the block; gives their addresses by service.

    They work on the databases and the stream of the installation, beside its own. At the end their last spans are sent.
    """
    ports = dict(zip(DOMAIN, free_ports(len(DOMAIN)), strict=True))
    targets = {service: f"127.0.0.1:{port}" for service, port in ports.items()}
    own = {"GEJU_METRICS_LISTEN": "", "GEJU_LOG_LEVEL": "debug", "GEJU_DATABASE_POOL": "4", PARENT: str(os.getpid())}
    own["GEJU_OTLP_ENDPOINT"] = f"http://127.0.0.1:{collector.port}"
    started = []
    try:
        for service, target in targets.items():
            environment = {**_environment(system.pid(service)), **own, "GEJU_GRPC_LISTEN": target}
            log = system.home.logs / f"{service}.traced.log"
            started.append(launch(["serve", service], environment, log))
        for target in targets.values():
            await eventually(lambda target=target: serving(target), 60)  # type: ignore[misc]
        yield targets
    finally:
        await asyncio.gather(*(end(process, signal.SIGTERM, 30) for process in started))


def _environment(pid: int) -> dict[str, str]:
    """Return the environment that a process was started with."""
    pairs = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)
