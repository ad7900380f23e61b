"""Ties a relay to a running service."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from services.chassis.publisher import NatsPublisher
from services.chassis.relay import Relay, RelayMetrics
from services.chassis.runtime import Runtime
from services.chassis.stream import facts_stream


def start_relay(runtime: Runtime) -> Relay:
    """Run the relay of a domain service beside its calls; its `wake` is to be called after each commit.

    When the service stops, the relay empties the outbox first if it can.
    """
    settings = runtime.settings
    publisher = NatsPublisher(runtime.nats, facts_stream(settings.nats_replicas))
    relay = Relay(
        f"geju/{runtime.name}",
        settings.database_relay_url or settings.database_url,
        publisher,
        RelayMetrics(runtime.metrics.registry),
        answers_kept=timedelta(days=settings.request_retention_days),
    )

    async def run() -> None:
        closing = asyncio.create_task(_stop_with(runtime, relay))
        try:
            await relay.run()
        finally:
            closing.cancel()

    runtime.background("relay", run)
    return relay


async def _stop_with(runtime: Runtime, relay: Relay) -> None:
    await runtime.closing.wait()
    relay.stop()
