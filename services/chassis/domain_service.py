"""What every domain service is built of beside its own servicers: store, relay, limits, audit trail, facts, funds."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from prometheus_client import Gauge

from services.chassis.audit_service import AuditServicer
from services.chassis.facts_source import FactsSource
from services.chassis.funds.service import fund_entry_kind, fund_entry_servicer
from services.chassis.kinds import Kind
from services.chassis.limit_service import LimitServicer, limit_counts
from services.chassis.publishing import start_relay
from services.chassis.reactions import Reaction, Reactor
from services.chassis.retelling import Retelling
from services.chassis.server import App, Registration, Runtime
from services.chassis.storage.store import Store
from services.chassis.subject_service import SubjectServicer

#: Begins background work of a service's own.
Begin = Callable[[Runtime, Store], None]
#: Seconds between two counts of what is due and overdue.
LIMIT_SECONDS = 30.0


def domain_app(  # noqa: PLR0913 (two are refinements, by name only)
    name: str,
    kinds: Sequence[Kind[Any]],
    servicers: Sequence[Any],
    reactions: Sequence[Reaction] = (),
    *,
    beside: Sequence[Begin] = (),
    told: Sequence[tuple[str, str]] = (),
) -> App:
    """Return the app of a domain service: its kinds, its servicer classes, each made with the store, its reactions.

    `told` are the transitions (kind, change) that other services react to.
    What is `beside` them is called once with runtime and store, to begin background work of the service's own.
    """
    funds = fund_entry_kind(name)
    persons = [SubjectServicer] if any(kind.is_person for kind in kinds) else []
    everything = (*servicers, fund_entry_servicer(funds), LimitServicer, AuditServicer, FactsSource, *persons)

    async def build(runtime: Runtime) -> list[Registration]:
        relay = start_relay(runtime)
        store = Store(
            engine=runtime.engine,
            crypto=runtime.crypto,
            profile=runtime.profile,
            clock=runtime.clock,
            source=f"geju/{name}",
            kinds=(*kinds, funds),
            committed=relay.wake,
            signer=runtime.signer,
        )
        if reactions:
            runtime.background("reactions", Reactor(runtime, store, reactions).run)
        if told:
            runtime.background("retelling", Retelling(runtime, store, told).run)
        for begin in (_count_limits, *beside):
            begin(runtime, store)
        return [registration(servicer(store)) for servicer in everything]

    return App(name, build)


def registration(servicer: object) -> Registration:
    """Return a servicer with the generated function that adds it to a server."""
    base = next(cls for cls in type(servicer).__mro__ if cls.__module__.endswith("_pb2_grpc"))
    return Registration(getattr(sys.modules[base.__module__], f"add_{base.__name__}_to_server"), servicer)


def _count_limits(runtime: Runtime, store: Store) -> None:
    """Export how many limits run, are due soon and are overdue, by kind, office and rule."""
    labels = ("kind", "office", "rule", "state")
    gauge = Gauge("geju_limits", "Records by their next time limit.", labels, registry=runtime.metrics.registry)

    async def run() -> None:
        while not runtime.closing.is_set():
            counts = await limit_counts(store)
            gauge.clear()
            for count in counts:
                gauge.labels(count.kind, count.office, count.rule, count.state).set(count.records)
            with suppress(TimeoutError):
                await asyncio.wait_for(runtime.closing.wait(), LIMIT_SECONDS)

    runtime.background("limits", run)
