"""What a service is built from: settings, profile, clock, connections opened when first asked for, background work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cached_property

import nats
import structlog
from grpc_health.v1 import health, health_pb2
from nats.aio.client import Client as NatsClient
from nats.errors import Error as NatsError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.chassis.audit_heads import HeadSigner
from services.chassis.clock import Clock
from services.chassis.crypto import RecordKeys
from services.chassis.domain.profile import Profile
from services.chassis.metrics import Metrics
from services.chassis.rights.broker import inbox
from services.chassis.settings import Settings
from services.chassis.storage.engine import make_engine

#: How long background work may take to finish after the last call.
BACKGROUND_SECONDS = 5.0
#: How long each step after it may take.
STEP_SECONDS = 5.0
_BACKOFF = (0.1, 0.5, 1.0, 2.0, 5.0)
_HEALTHY_SECONDS = 60.0

_log = structlog.get_logger(__name__)


class Runtime:
    """The surroundings of one running service.

    `stopping` is set when the server begins to refuse calls: long streams watch it and end. `closing` is set after the
    last call: background work watches it, finishes what it has in hand and returns.
    """

    def __init__(self, name: str, settings: Settings, profile: Profile, clock: Clock | None = None) -> None:
        self.name = name
        self.settings = settings
        self.profile = profile
        self.clock = clock or settings.clock()
        self.metrics = Metrics()
        self.metrics.clock(self.clock.now)
        text = "Failures of work beside the calls, each of which began it again."
        self._failures = self.metrics.counter("geju_background_failures", text, ("task",))
        self.health = health.aio.HealthServicer()
        self.stopping = asyncio.Event()
        self.closing = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._at_close: list[Callable[[], Awaitable[None]]] = []
        self._nats: NatsClient | None = None
        self._connecting = asyncio.Lock()

    @cached_property
    def engine(self) -> AsyncEngine:
        """The service's database, as the application role."""
        if not self.settings.database_url:
            raise ValueError("GEJU_DATABASE_URL is not set")
        return make_engine(self.settings.database_url, size=self.settings.database_pool, name=f"geju-{self.name}")

    @cached_property
    def crypto(self) -> RecordKeys:
        """The keys that personal data is encrypted with."""
        if self.settings.record_keys is None:
            raise ValueError("GEJU_RECORD_KEYS is not set")
        return RecordKeys.load(self.settings.record_keys)

    @cached_property
    def signer(self) -> HeadSigner | None:
        """What signs heads of the audit trail; None: they stay unsigned."""
        return HeadSigner.load(self.settings.audit_key) if self.settings.audit_key else None

    async def nats(self) -> NatsClient:
        """Return the one connection to NATS; the first call opens it and waits until NATS is there.

        The client gives a connection up for good when NATS refuses it, be it for a moment; then another one is opened.
        """
        async with self._connecting:
            if self._nats is not None and self._nats.is_closed:
                _log.warning("nats_closed", error=str(self._nats.last_error))
                self._nats = None
            if self._nats is None:
                self._nats = await self._connect()
            return self._nats

    def background(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` beside the calls; it is begun again, after a pause, whenever it fails before `closing`."""
        self._failures.labels(name)
        self._tasks.append(asyncio.create_task(self._supervise(name, work), name=f"{self.name}:{name}"))

    def at_close(self, callback: Callable[[], Awaitable[None]]) -> None:
        """Call back after the last call and background work (to unsubscribe, to close); the last added comes first."""
        self._at_close.append(callback)

    async def set_serving(self, service: str, *, serving: bool) -> None:
        """Say whether a service (its full name) can be called, for health checks by name."""
        status = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        await self.health.set(service, status)

    async def close(self) -> None:
        """End background work, then subscriptions, NATS and database, in this order; goes on past what fails."""
        self.closing.set()
        await self._end_tasks()
        for callback in reversed(self._at_close):
            await _quietly("close", callback())
        if self._nats is not None:
            await _quietly("drain_nats", self._drain(self._nats))
        if "engine" in self.__dict__:
            await _quietly("dispose_engine", self.engine.dispose())

    async def _end_tasks(self) -> None:
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=BACKGROUND_SECONDS)
        for task in late:
            _log.warning("background_cancelled", task=task.get_name())
            task.cancel()
        if late:
            # What gives a connection back that is dead without a word would wait for it for good.
            _, stuck = await asyncio.wait(late, timeout=BACKGROUND_SECONDS)
            for task in stuck:
                _log.warning("background_left", task=task.get_name())

    async def _supervise(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while not self.closing.is_set():
            begun = loop.time()
            try:
                await work()
            except Exception as error:  # noqa: BLE001 (whatever it is, the work has to go on)
                self._failures.labels(name).inc()
                failures = 1 if loop.time() - begun > _HEALTHY_SECONDS else failures + 1
                _log.warning("background_failed", task=name, failures=failures, exc_info=error)
            else:
                return
            with suppress(TimeoutError):
                pause = _BACKOFF[min(failures, len(_BACKOFF)) - 1]
                await asyncio.wait_for(self.closing.wait(), pause)

    async def _connect(self) -> NatsClient:
        settings = self.settings
        if not settings.nats_url:
            raise ValueError("GEJU_NATS_URL is not set")
        tls = None
        if settings.nats_ca is not None:
            import ssl  # noqa: PLC0415 (only where TLS is on)

            tls = ssl.create_default_context(cafile=str(settings.nats_ca))
        return await nats.connect(
            settings.nats_url.split(","),
            name=f"geju-{self.name}",
            # An inbox of its own: permissions can keep services from reading each other's answers.
            inbox_prefix=inbox(self.name).encode(),
            user_credentials=None if settings.nats_creds is None else str(settings.nats_creds),
            tls=tls,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.5,
            # A server that is gone without a word is noticed in half a minute, not in six.
            ping_interval=10,
            max_outstanding_pings=2,
            allow_reconnect=True,
            error_cb=_nats_error,
        )

    async def _drain(self, client: NatsClient) -> None:
        try:
            if client.is_connected:
                async with asyncio.timeout(2):
                    await client.drain()
        finally:
            # On Python 3.11 an attempt to reconnect can miss its cancellation; it must not be repeated for ever.
            client.options["max_reconnect_attempts"] = 1
            if not client.is_closed:
                await client.close()


async def _nats_error(error: Exception) -> None:
    # One line each: while the server is away this comes twice a second.
    _log.warning("nats", error=str(error) or type(error).__name__)


async def _quietly(what: str, work: Awaitable[None]) -> None:
    """Do one step of closing, within its time: a connection that is dead without a word holds nothing up for good."""
    try:
        async with asyncio.timeout(STEP_SECONDS):
            await work
    except (OSError, TimeoutError, NatsError, RuntimeError) as error:
        _log.warning("stop_step_failed", step=what, exc_info=error)
