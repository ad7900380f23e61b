"""When sources are compared, and what came of it: at once where something is missing, again after a failure."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import cast

import asyncpg
import grpc
import structlog
from geju.facts.v1.facts_source_service_pb2_grpc import FactsSourceServiceStub
from prometheus_client import Counter, Gauge

from services.aggregation.copies import Copies
from services.aggregation.errors import NotLeader, UnknownSource
from services.aggregation.live import Live
from services.aggregation.positions import Gaps, Position
from services.aggregation.reconcile import PATIENCE, Comparison, NotPublished, Proof
from services.chassis.client import Channel, Failure, Tls, connect, token_file
from services.chassis.runtime import Runtime
from services.chassis.settings import Settings

log = structlog.get_logger(__name__)

RETRY = 10.0
PREFIX = "geju/"
_SAVE = """
insert into proof as p (source, kind, proven, compared, differences, problem)
select $1, kind, $3, compared, differences, '' from unnest($2::text[], $4::bigint[], $5::bigint[])
    as t(kind, compared, differences)
on conflict (source, kind) do update set proven = coalesce(excluded.proven, p.proven),
    compared = excluded.compared, differences = p.differences + excluded.differences"""
_PROBLEM = """
insert into proof (source, kind, compared, differences, problem) values ($1, '', 0, 0, $2)
on conflict (source, kind) do update set problem = excluded.problem"""


class ProofMetrics:
    """What is told of sources and proofs."""

    def __init__(self, runtime: Runtime) -> None:
        registry = runtime.metrics.registry
        self.event = Gauge(
            "geju_source_last_event_timestamp_seconds", "When the newest change read was recorded.", ["source"],
            registry=registry,
        )  # fmt: skip
        self.lag = Gauge("geju_source_lag", "Changes known of a source and not read.", ["source"], registry=registry)
        self.missing = Gauge(
            "geju_source_missing", "Sequences never read, below the last.", ["source"], registry=registry
        )
        text = "When every record was last proven equal to its service's."
        self.proven = Gauge("geju_proven_timestamp_seconds", text, ["source", "kind"], registry=registry)
        self.facts = Counter("geju_facts", "Records held.", ["source", "kind"], registry=registry)
        text = "Records that differed from their service's."
        self.found = Counter("geju_differences_found", text, ["source", "kind"], registry=registry)
        text = "1 while the last comparison with a source could not be ended."
        self.failed = Gauge("geju_proof_failed", text, ["source"], registry=registry)
        self._counted: dict[tuple[str, str], int] = {}

    def prove(self, proof: Proof) -> None:
        """Tell of a proof."""
        self.failed.labels(proof.source).set(bool(proof.problem))
        for kind, count in proof.compared.items():
            self.found.labels(proof.source, kind).inc(proof.differing.get(kind, 0))
            grown = count - self._counted.get((proof.source, kind), 0)
            self.facts.labels(proof.source, kind).inc(max(0, grown))
            self._counted[proof.source, kind] = max(count, self._counted.get((proof.source, kind), 0))
            if proof.equal:
                self.proven.labels(proof.source, kind).set(proof.at.timestamp())


class Proofs:
    """Compares every source of the settings; only the leader's runs."""

    def __init__(self, runtime: Runtime, copies: Copies, live: Live, pool: asyncpg.Pool) -> None:
        self._runtime, self._copies, self._live, self._pool = runtime, copies, live, pool
        self._channels = {
            PREFIX + name: channel_to(runtime.settings, at) for name, at in runtime.settings.sources.items()
        }
        self._locks = {source: asyncio.Lock() for source in self._channels}
        self._metrics = ProofMetrics(runtime)
        self._due = asyncio.Event()
        self._stopped = False
        self._gaps = Gaps()
        self._known: dict[str, tuple[int, int]] = {}
        self.patience = PATIENCE

    @property
    def sources(self) -> list[str]:
        """Names of the sources, "geju/mediation"."""
        return sorted(self._channels)

    async def run(self) -> None:
        """Compare until stopped."""
        self._stopped = False
        while not self._stopped:
            self._due.clear()
            proofs = [await self.prove(source) for source in self.sources]
            failed = any(proof.problem for proof in proofs)
            with suppress(TimeoutError):
                seconds = self._runtime.settings.reconcile_seconds
                await asyncio.wait_for(self._due.wait(), min(RETRY, seconds) if failed else seconds)

    def trigger(self) -> None:
        """Compare at once."""
        self._due.set()

    def stop(self) -> None:
        """End `run` after the comparison under way."""
        self._stopped = True
        self._due.set()

    async def close(self) -> None:
        """Close the channels."""
        for channel in self._channels.values():
            await channel.close()

    def look(self, positions: Iterable[Position]) -> None:
        """Tell how fresh sources are; a gap that stays from one look to the next is no disorder: compare at once."""
        known = list(positions)
        for position in self._gaps.look(known):
            log.warning("gap_found", source=position.source, missing=position.missing)
            self.trigger()
        newest = {position.source: position for position in known}
        for source, position in newest.items():
            self._metrics.event.labels(source).set(position.recorded.timestamp())
            self._metrics.missing.labels(source).set(position.missing)
            epoch, sequence = self._known.get(source, (0, 0))
            self._metrics.lag.labels(source).set(max(0, sequence - position.last) if epoch == position.epoch else 0)

    def named(self, name: str) -> list[str]:
        """Return the source of a name, "mediation" or "geju/mediation"; all for "". Raises UnknownSource."""
        if not name:
            return self.sources
        source = PREFIX + name.removeprefix(PREFIX)
        if source not in self._channels:
            raise UnknownSource("source", source=name, known="、".join(self.sources))
        return [source]

    async def prove(self, source: str) -> Proof:
        """Compare one source and repair what differs; a failure is told in the proof. Raises NotLeader."""
        if not self._live.leads:
            raise NotLeader
        async with self._locks[source]:
            proof, begun = Proof(source, self._runtime.clock.now()), time.monotonic()
            stub = FactsSourceServiceStub(cast("grpc.aio.Channel", self._channels[source]))
            try:
                await Comparison(source, stub, self._copies, self.patience).run(proof)
            except grpc.aio.AioRpcError as error:
                proof.problem = f"来源未能应答:{Failure.of(error).message or error.code().name}"
            except NotPublished as error:
                proof.problem = str(error)
            proof.seconds = time.monotonic() - begun
            await self._keep(proof)
        return proof

    async def _keep(self, proof: Proof) -> None:
        level = log.warning if proof.problem or proof.differing else log.info
        level("proof", source=proof.source, equal=proof.equal, differing=proof.differing, problem=proof.problem)
        self._known[proof.source] = proof.epoch, proof.sequence
        kinds = sorted(proof.compared)
        proven = proof.at if proof.equal else None
        counts = [proof.compared[kind] for kind in kinds], [proof.differing.get(kind, 0) for kind in kinds]
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute(_SAVE, proof.source, kinds, proven, *counts)
            await conn.execute(_PROBLEM, proof.source, proof.problem)
        self._metrics.prove(proof)


def channel_to(settings: Settings, target: str) -> Channel:
    """Open a channel to another service, with this service's token and, where it serves with TLS, its certificate."""
    token = token_file(settings.service_token) if settings.service_token else ""
    tls = Tls(settings.tls_client_ca, settings.tls_cert, settings.tls_key) if settings.tls else None
    return connect(target, token, tls)
