"""The relay of a source: moves its outbox to NATS and chains its audit trail. Late at times, never wrong."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import timedelta

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge

from services.chassis.outbox import PostgresOutbox
from services.chassis.sequencer import BATCH, Publisher, PublishError, Sequencer
from services.chassis.sessions import FAILURES, Sessions

log = structlog.get_logger(__name__)

POLL = 1.0
# While changes keep coming, so many seconds lie between two steps: one change is published at once, many together.
PACE = 0.005
CHAIN_EVERY = 0.2
CHAIN_BATCH = 5000
# How far back audit entries that are not chained yet are looked for (None: to the beginning), and how often. Entries
# become visible a little out of order; looking at all of them each time would cost more the more there are.
SWEEPS: tuple[tuple[float, float | None], ...] = ((3600.0, None), (60.0, 600.0), (0.0, 10.0))
FORGET_EVERY = 3600.0
FORGET_BATCH = 5000
FIRST_BACKOFF, LONGEST_BACKOFF = 0.1, 5.0


class RelayMetrics:
    """What a relay tells Prometheus."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self.leader = Gauge("geju_relay_leader", "1 while this process holds the relay's lock.", registry=registry)
        self.rows = Gauge("geju_outbox_rows", "Events not confirmed by the broker yet.", registry=registry)
        self.age = Gauge("geju_outbox_oldest_seconds", "Age of the oldest event in the outbox.", registry=registry)
        self.published = Counter("geju_relay_published", "Events confirmed by the broker.", registry=registry)
        self.chained = Counter("geju_audit_chained", "Audit entries added to the hash chain.", registry=registry)
        self.failures = Counter("geju_relay_failures", "Failed attempts.", ["of"], registry=registry)
        for what in ("nats", "postgres", "other"):
            self.failures.labels(what)


class Relay:
    """Runs until stopped. Of several relays of one source only one works; the others wait to take over.

    `wake()` after each commit makes it look at once; otherwise it looks every second. Answers to requests are
    forgotten when they have been kept for `answers_kept`; None: none are.
    """

    def __init__(  # noqa: PLR0913 (two are refinements)
        self,
        source: str,
        database_url: str,
        publisher: Publisher,
        metrics: RelayMetrics,
        batch: int = BATCH,
        *,
        answers_kept: timedelta | None = None,
    ) -> None:
        self._source = source
        self._sessions = Sessions(database_url, "geju-relay", command_timeout=60)
        self._publisher = publisher
        self._metrics = metrics
        self._batch = batch
        self._answers_kept = answers_kept
        self._woken = asyncio.Event()
        self._stop = asyncio.Event()
        self._backoff = FIRST_BACKOFF
        self._unchained = True  # there may be audit entries to chain
        self._chained_at = self._measured_at = self._forgot_at = float("-inf")
        self._swept_at = [float("-inf")] * len(SWEEPS)

    def wake(self) -> None:
        """Say that something was committed."""
        self._woken.set()

    def stop(self) -> None:
        """End `run` once the outbox is empty, or at once while nothing can be published."""
        self._stop.set()
        self._woken.set()

    async def run(self) -> None:
        """Publish and chain until stopped or cancelled. No outage ends it."""
        while not self._stop.is_set():
            try:
                await self._session()
            except FAILURES as error:
                await self._failed("postgres", error)
            except Exception as error:  # noqa: BLE001 - a relay that died would be noticed by its silence only
                await self._failed("other", error)

    async def _session(self) -> None:
        """Work over one connection to PostgreSQL for as long as it lasts."""
        connection = await self._sessions.open()
        try:
            outbox = PostgresOutbox(connection, self._source)
            while not await outbox.lock():
                self._backoff = FIRST_BACKOFF
                await self._pause(POLL)
                if self._stop.is_set():
                    return
            log.info("relay_leads", source=self._source)
            self._metrics.leader.set(1)
            self._swept_at = [float("-inf")] * len(SWEEPS)
            await self._lead(outbox)
        finally:
            self._metrics.leader.set(0)
            with contextlib.suppress(*FAILURES):
                await connection.close(timeout=2)

    async def _lead(self, outbox: PostgresOutbox) -> None:
        sequencer = Sequencer(outbox, self._publisher, self._batch)
        while True:
            self._unchained |= self._woken.is_set()
            self._woken.clear()
            last, begun = self._stop.is_set(), time.monotonic()
            try:
                published = await sequencer.step()
            except PublishError as error:
                published = 0
                await self._tend(outbox)
                await self._failed("nats", error)
            else:
                self._backoff = FIRST_BACKOFF
                self._metrics.published.inc(published)
                self._unchained |= published > 0
                await self._tend(outbox)
                if not published and not last:
                    await self._pause(self._idle_seconds())
                elif published < self._batch:
                    await asyncio.sleep(begun + PACE - time.monotonic())
            if last and not published:
                return

    async def _tend(self, outbox: PostgresOutbox) -> None:
        """Chain audit entries a few times a second at most, and measure once a second."""
        now = time.monotonic()
        if now - self._measured_at >= POLL or self._stop.is_set():
            backlog = await outbox.backlog()
            self._metrics.rows.set(backlog.rows)
            self._metrics.age.set(backlog.oldest_seconds)
            self._measured_at = now
        if now - self._chained_at < (CHAIN_EVERY if self._unchained else POLL) and not self._stop.is_set():
            return
        which = next(i for i, (every, _) in enumerate(SWEEPS) if now - self._swept_at[i] >= every)
        chained = await outbox.chain(CHAIN_BATCH, SWEEPS[which][1])
        self._metrics.chained.inc(chained)
        if chained < CHAIN_BATCH:
            self._chained_at, self._unchained = now, False
            self._swept_at[which:] = [now] * len(self._swept_at[which:])
            await self._forget_answers(outbox, now)

    async def _forget_answers(self, outbox: PostgresOutbox, now: float) -> None:
        """Forget old answers once an hour, a batch at a time so that events need not wait for it."""
        if self._answers_kept is None or now - self._forgot_at < FORGET_EVERY:
            return
        if await outbox.forget_answers(self._answers_kept, FORGET_BATCH) < FORGET_BATCH:
            self._forgot_at = now

    def _idle_seconds(self) -> float:
        """Return how long nothing needs to be done unless woken."""
        since = time.monotonic() - self._chained_at
        return max(0.0, CHAIN_EVERY - since) if self._unchained else POLL

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()

    async def _failed(self, of: str, error: Exception) -> None:
        """Count a failure and wait, longer each time."""
        self._metrics.failures.labels(of).inc()
        log.warning(
            "relay_failed", of=of, error=str(error) if isinstance(error, PublishError) else type(error).__name__
        )
        if not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._backoff):
                    await self._stop.wait()
            self._backoff = min(self._backoff * 2, LONGEST_BACKOFF)
