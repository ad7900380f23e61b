"""What dashboards and alerts need of a process beside its figures: names of units, sizes of streams, a token's end."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import nats.errors
import nats.js.errors
import structlog
from prometheus_client import Gauge

from services.aggregation.figures import Figures
from services.aggregation.rollup import DISTRICT
from services.chassis.certificates import tell_token_expiry
from services.chassis.runtime import Runtime
from services.chassis.stream import DEAD, FACTS

log = structlog.get_logger(__name__)

#: Seconds between two looks at the streams.
LOOK = 15.0


def name_units(runtime: Runtime) -> None:
    """Export what each unit is called, so that a dashboard need not know the district."""
    registry, profile = runtime.metrics.registry, runtime.profile
    gauge = Gauge("geju_unit_info", "What a unit is called; 1.", ("unit", "zh"), registry=registry)
    label = Figures(profile, profile.valid_from).unit_label
    for unit in (DISTRICT, profile.code, *(office.code for office in profile.offices)):
        gauge.labels(unit or "district", label(unit)).set(1)


def tell_token(runtime: Runtime) -> None:
    """Export when the token ends without which sources are no longer compared."""
    if runtime.settings.service_token is not None:
        tell_token_expiry(runtime.settings.service_token, runtime.metrics.registry)


def measure_streams(runtime: Runtime) -> None:
    """Keep what the streams hold as metrics: facts, and the dead letters of the last 90 days."""
    registry = runtime.metrics.registry
    held = Gauge("geju_stream_bytes", "Bytes that a stream holds.", ["stream"], registry=registry)
    messages = Gauge("geju_stream_messages", "Messages that a stream holds.", ["stream"], registry=registry)

    async def look() -> None:
        streams = (await runtime.nats()).jetstream(timeout=5)
        for name in (FACTS, DEAD):
            with suppress(nats.js.errors.NotFoundError):
                state = (await streams.stream_info(name)).state
                held.labels(name).set(state.bytes)
                messages.labels(name).set(state.messages)

    async def run() -> None:
        while not runtime.closing.is_set():
            try:
                await look()
            except (nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError) as error:
                log.info("streams_unknown", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(runtime.closing.wait(), LOOK)

    runtime.background("streams", run)
