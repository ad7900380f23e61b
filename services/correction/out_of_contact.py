"""How many persons the district is out of contact with, and how long, as a metric.

Of the whole district only: what an office counts here is withheld from whoever reads nothing but metrics (ADR 10).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from prometheus_client import CollectorRegistry, Gauge

from services.chassis.runtime import Runtime
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.storage.store import Store
from services.correction.resettlement.storage import LostContactRow
from services.correction.supervision.storage import AbscondingRow

#: Open episodes are counted that have lasted for so many days at least.
DAYS = (0, 10, 30)
SECONDS = 60.0


def contact_gauge(registry: CollectorRegistry) -> Gauge:
    """Return the gauge: absconding (under correction) and lost_contact (released), by days it has lasted."""
    words = "Persons out of contact for so many days or more."
    return Gauge("geju_out_of_contact", words, ("kind", "days"), registry=registry)


async def measure(gauge: Gauge, store: Store) -> None:
    """Count the open episodes as of today."""
    today = store.rules().today
    async with store.lend(EVERYTHING) as loan:
        for row in (AbscondingRow, LostContactRow):
            kind = str(row.__tablename__)
            sql = f"SELECT count(*) FROM {kind} WHERE NOT deleted AND to_date IS NULL AND from_date <= $1"  # noqa: S608
            for days in DAYS:
                count = await loan.connection.fetchval(sql, today - timedelta(days=days))
                gauge.labels(kind, str(days)).set(count)


def export_contacts(runtime: Runtime, store: Store) -> None:
    """Keep the gauge up to date."""
    gauge = contact_gauge(runtime.metrics.registry)

    async def run() -> None:
        while not runtime.closing.is_set():
            await measure(gauge, store)
            with suppress(TimeoutError):
                await asyncio.wait_for(runtime.closing.wait(), SECONDS)

    runtime.background("out_of_contact", run)
