"""What the service would warn of, as a metric: somebody hears of a rise without asking for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from geju.mediation.v1 import warning_pb2
from prometheus_client import Gauge

from services.chassis.runtime import Runtime
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.storage.store import Store
from services.mediation.warning_intake import proposals

#: Seconds between two looks at the date, and at what was entered since on the same date.
DATE_SECONDS, INTAKE_SECONDS = 30.0, 3600.0
LEVELS = {number: name.removeprefix("WARNING_LEVEL_").lower() for name, number in warning_pb2.WarningLevel.items()}


def proposals_gauge(runtime: Runtime) -> Gauge:
    """Return the gauge of what is proposed, in the service's registry."""
    words = "Unusual rises of a type of dispute in an office over the last 28 days, by the level of warning proposed."
    return Gauge("geju_warning_proposals", words, ("office", "level"), registry=runtime.metrics.registry)


async def measure(gauge: Gauge, store: Store) -> None:
    """Set how many warnings are proposed today; an office without any shows zeros."""
    rules = store.rules()
    async with store.lend(EVERYTHING) as loan:
        found = await proposals(loan.connection, "", rules.today)
    for office in rules.profile.offices:
        for level, code in LEVELS.items():
            if level:
                count = sum(p.office == office.code and p.rise.level == level for p in found)
                gauge.labels(office.code, code).set(count)


def export_proposals(runtime: Runtime, store: Store) -> None:
    """Keep the gauge up to date: anew with every business date, and hourly for what was entered meanwhile."""
    gauge = proposals_gauge(runtime)

    async def run() -> None:
        loop, measured, at = asyncio.get_running_loop(), None, 0.0
        while not runtime.closing.is_set():
            today = store.rules().today
            if today != measured or loop.time() - at > INTAKE_SECONDS:
                await measure(gauge, store)
                measured, at = today, loop.time()
            with suppress(TimeoutError):
                await asyncio.wait_for(runtime.closing.wait(), DATE_SECONDS)

    runtime.background("warning_proposals", run)
