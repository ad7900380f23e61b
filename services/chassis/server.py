"""Starts a service and stops it in order: calls, background work, subscriptions, NATS, database."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import grpc
import structlog
import uvloop
from google.protobuf import descriptor_pool
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.chassis import logs, metrics, traces
from services.chassis.access_log import AccessLog
from services.chassis.certificates import tell_expiry
from services.chassis.clock import Clock
from services.chassis.http import HttpServer, Page
from services.chassis.identity import Verifier
from services.chassis.interceptors import Guard, InFlight
from services.chassis.open_calls import OpenCalls
from services.chassis.profile_file import ProfileError, load
from services.chassis.runtime import Runtime
from services.chassis.settings import Settings
from services.chassis.transport import server_options

__all__ = ["App", "CannotStart", "Registration", "Running", "Runtime", "main", "serve", "serving"]

_log = structlog.get_logger(__name__)


class CannotStart(Exception):  # noqa: N818 (reads as what happened)
    """The service cannot start; the message says what to change."""


@dataclass(frozen=True)
class Registration:
    """A servicer and the generated function that adds it: `add_DisputeServiceServicer_to_server`."""

    add: Callable[[Any, Any], None]
    servicer: object


@dataclass(frozen=True)
class App:
    """A service: its short name ("mediation") and what builds its servicers from a runtime."""

    name: str
    build: Callable[[Runtime], Awaitable[list[Registration]]]


class _Registrar:
    """Takes the place of the server in generated code; wraps what is registered."""

    def __init__(self, server: grpc.aio.Server, guard: Guard) -> None:
        self._server, self._guard = server, guard
        self.names: list[str] = []

    def add_generic_rpc_handlers(self, _handlers: object) -> None:
        """Ignored: the same handlers come by name."""

    def add_registered_method_handlers(self, name: str, handlers: dict[str, Any]) -> None:
        """Register the guarded handlers of a service. Raises UndeclaredAccess."""
        descriptor = descriptor_pool.Default().FindServiceByName(name)
        self._server.add_generic_rpc_handlers((self._guard.wrap(descriptor, handlers),))
        self.names.append(name)


class Running:
    """A service that serves; ports are those that the system gave."""

    def __init__(self, app: App, runtime: Runtime) -> None:
        self.app = app
        self.runtime = runtime
        self.port = self.metrics_port = self.health_port = 0
        self._in_flight = InFlight()
        self._hurry = asyncio.Event()
        self._servers: list[grpc.aio.Server] = []
        self._http: HttpServer | None = None
        self._tracing = traces.OFF

    async def start(self) -> None:
        """Build the servicers, listen, then say SERVING. Raises CannotStart, UndeclaredAccess."""
        settings = self.runtime.settings
        self._tracing = traces.setup(self.app.name, settings.otlp_endpoint)
        server = grpc.aio.server(interceptors=self._tracing.interceptors, options=server_options(settings))
        self._servers.append(server)
        registrar = _Registrar(server, self._guard())
        for registration in await self.app.build(self.runtime):
            registration.add(registration.servicer, registrar)
        for name in registrar.names:
            await self.runtime.set_serving(name, serving=True)
        health_pb2_grpc.add_HealthServicer_to_server(self.runtime.health, server)
        names = (*registrar.names, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, server)
        self.port = _listen(server, settings.grpc_listen, _credentials(settings))
        _tell_expiry(self.runtime)
        await server.start()
        await self._start_health(settings.health_listen)
        await self._start_http(settings.metrics_listen)

    async def stop(self) -> None:
        """Drain: NOT_SERVING, a wait for clients to notice, calls under way, background work, connections."""
        settings, runtime = self.runtime.settings, self.runtime
        _log.info("draining")
        await runtime.health.enter_graceful_shutdown()
        await self._wait(asyncio.sleep(settings.drain_seconds))
        runtime.stopping.set()
        await self._stop_servers(settings.stop_seconds)
        await runtime.close()
        if self._http is not None:
            await self._http.stop()
        self._tracing.shutdown()
        _log.info("stopped")

    def hurry(self) -> None:
        """Cut the waits of a stop short (a second signal)."""
        self._hurry.set()

    async def _stop_servers(self, seconds: float) -> None:
        refusing = [asyncio.create_task(server.stop(seconds)) for server in self._servers]
        await asyncio.sleep(0)
        # An open Health/Watch or reflection stream would hold stop() for all of its grace; only our calls count.
        await self._wait(self._in_flight.idle(), seconds)
        await asyncio.gather(*(server.stop(None) for server in self._servers))
        await asyncio.gather(*refusing)

    async def _wait(self, work: Any, seconds: float | None = None) -> None:
        tasks = [asyncio.ensure_future(work), asyncio.ensure_future(self._hurry.wait())]
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()

    def _guard(self) -> Guard:
        settings = self.runtime.settings
        if settings.jwt_keys is None:
            raise CannotStart(
                "GEJU_JWT_KEYS 未设置:须为存放公钥的文件夹 / set GEJU_JWT_KEYS to a folder of public keys"
            )
        try:
            verifier = Verifier(settings.jwt_keys, settings.jwt_issuer, settings.jwt_audience)
        except ValueError as error:
            raise CannotStart(str(error)) from None
        access_log = AccessLog(self.app.name, sys.stderr, settings.log_level)
        refused = self.runtime.metrics.counter(
            "geju_open_calls_refused", "Calls without a token beyond a limit.", ("method", "limit")
        )
        open_calls = OpenCalls(settings.open_calls_per_peer, settings.open_calls_total, refused)
        return Guard(verifier, self.runtime.metrics, access_log, self._in_flight, open_calls, self.runtime.stopping)

    async def _start_health(self, address: str) -> None:
        if not address:
            return
        # Probes of the kubelet speak no TLS: the same health, in plaintext, on a port of its own.
        server = grpc.aio.server(options=server_options(self.runtime.settings))
        self._servers.append(server)
        health_pb2_grpc.add_HealthServicer_to_server(self.runtime.health, server)
        self.health_port = _listen(server, address, None)
        await server.start()

    async def _start_http(self, address: str) -> None:
        if not address:
            return
        self._http = HttpServer({"/metrics": self._metrics_page, "/healthz": self._health_page, "/livez": _alive})
        host, _, port = address.rpartition(":")
        try:
            self.metrics_port = await self._http.start(host.strip("[]"), int(port))
        except OSError:
            raise _taken(address, "GEJU_METRICS_LISTEN") from None

    def _metrics_page(self) -> Page:
        return Page(self.runtime.metrics.render(), metrics.CONTENT_TYPE)

    async def _health_page(self) -> Page:
        request = health_pb2.HealthCheckRequest(service="")
        answer: Any = await self.runtime.health.Check(request, None)
        if answer.status == health_pb2.HealthCheckResponse.SERVING:
            return Page(b"ok\n")
        return Page(b"not serving\n", status=HTTPStatus.SERVICE_UNAVAILABLE)


def _alive() -> Page:
    return Page(b"ok\n")


def _credentials(settings: Settings) -> grpc.ServerCredentials | None:
    if settings.tls_cert is None:
        return None
    if settings.tls_key is None:
        raise CannotStart("GEJU_TLS_CERT 已设置而 GEJU_TLS_KEY 未设置 / GEJU_TLS_CERT is set without GEJU_TLS_KEY")
    pair = (settings.tls_key.read_bytes(), settings.tls_cert.read_bytes())
    ca = settings.tls_client_ca.read_bytes() if settings.tls_client_ca else None
    return grpc.ssl_server_credentials([pair], root_certificates=ca, require_client_auth=ca is not None)


def _tell_expiry(runtime: Runtime) -> None:
    try:
        tell_expiry(runtime.settings, runtime.metrics.registry)
    except (OSError, ValueError) as error:
        raise CannotStart(f"证书无法读取:{error} / a certificate cannot be read") from None


def _listen(server: grpc.aio.Server, address: str, credentials: grpc.ServerCredentials | None) -> int:
    try:
        if credentials is None:
            return server.add_insecure_port(address)
        return server.add_secure_port(address, credentials)
    except RuntimeError:
        raise _taken(address, "GEJU_GRPC_LISTEN") from None


def _taken(address: str, setting: str) -> CannotStart:
    return CannotStart(
        f"地址 {address} 已被占用或不可用,请停止占用它的程序或改 {setting} / "
        f"cannot listen on {address}: stop what uses it or change {setting}"
    )


@asynccontextmanager
async def serving(app: App, settings: Settings, clock: Clock | None = None) -> AsyncIterator[Running]:
    """Serve for as long as the block lasts; stops in order at its end. Raises CannotStart, ProfileError."""
    running = Running(app, Runtime(app.name, settings, load(settings.profile), clock))
    try:
        try:
            await running.start()
        except BaseException:
            running.hurry()  # nobody has to notice that it is going away
            raise
        yield running
    finally:
        await running.stop()


def settle() -> None:
    """Have the collector look at less: what lives now lives for good, and what is made later hardly holds cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


async def serve(app: App, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; a second one cuts the drain short."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_unhandled)
    async with serving(app, settings) as running:

        def on_signal() -> None:
            if asked.is_set():
                running.hurry()
            asked.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, on_signal)
        settle()
        _log.info("serving", grpc_port=running.port, metrics_port=running.metrics_port)
        await asked.wait()


def main(app: App, settings: Settings | None = None) -> int:
    """Run a service as a process; returns its exit code: 2 when settings or profile are wrong."""
    settings = settings or Settings()
    logs.configure(app.name, settings.log_level)
    try:
        uvloop.run(serve(app, settings))
    except (CannotStart, ProfileError) as error:
        _log.error("cannot_start", problem=str(error))
        return 2
    return 0


def _unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # asyncio's own handler would print the exception's text, which may quote data.
    _log.error("unhandled", what=context.get("message", "").partition("\n")[0], exc_info=context.get("exception"))
