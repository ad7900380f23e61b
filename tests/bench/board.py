"""Looking: the board, the page of metrics, and what one change costs in a small and in a large store."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable
from itertools import islice

import asyncpg

from services.aggregation import catalogue
from services.aggregation.plan import Plan
from services.aggregation.projection import CONNECTION, Projection
from services.chassis.profile_file import load
from tests.bench.facts import LAST, disputes, events
from tests.bench.load import Load
from tests.bench.options import Options
from tests.bench.store import aggregating
from tests.bench.surroundings import PROFILE, Child, Surroundings, fetch, surroundings
from tests.bench.table import Row, at_least, at_most, report, under

SMALL = 10_000
BATCH = 10_000
READS = 200
CHANGES = 100


async def repeated(call: Callable[[], Awaitable[object]], times: int = READS) -> Load:
    """Make a call again and again; returns the latencies."""
    latencies: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        await call()
        latencies.append(time.perf_counter() - begun)
    return Load(sum(latencies), tuple(latencies))


async def page(around: Surroundings, child: Child, of: str) -> Row:
    """Read the page of metrics, and one with as many series that the usual library renders."""
    text = await fetch(child.metrics_port, "/metrics")
    path = around.folder / "page.txt"
    path.write_bytes(b"".join(line + b"\n" for line in text.splitlines() if b"geju_" in line))
    ours = await repeated(lambda: fetch(child.metrics_port, "/metrics"))
    async with around.plain("tests.bench.baselines.gauges_server", str(path)) as plain:
        theirs = await repeated(lambda: fetch(plain.port, "/metrics"), 20)
        body = await fetch(plain.port, "/metrics")
    series = sum(bool(line) and not line.startswith(b"#") for line in text.splitlines())
    report(f"page of {series:,} series, {len(text):,} bytes in {ours.at(0.5):.1f} ms, p99 {ours.at(0.99):.1f} ms")
    report(f"prometheus-client's gauges: {len(body):,} bytes in {theirs.at(0.5):.1f} ms")
    what = f"/metrics on {of}, {series:,} series, against prometheus-client's gauges"
    return at_least(what, 1e3 / ours.at(0.5), 1e3 / theirs.at(0.5), 10, "/s")


async def looking(around: Surroundings, count: int) -> list[Row]:
    """Read the board and the page of metrics of a full store."""
    of = f"{count:,} disputes"
    async with aggregating(around, disputes(count)) as (child, viewer):
        board = await repeated(viewer.board)
        metrics, memory = await page(around, child, of), child.resident()
    report(f"GetBoard p50 {board.at(0.5):.1f} p99 {board.at(0.99):.1f} ms")
    return [
        under(f"GetBoard on {of}, p50", board.at(0.5), 20, "ms"),
        metrics,
        under("memory of aggregation", memory, 200, "MB"),
    ]


async def refresh(around: Surroundings, facts: int) -> float:
    """Load so many facts, then apply one change at a time; returns the median seconds of one."""
    urls = await around.postgres.database("aggregation")
    profile = load(PROFILE)
    connection = await asyncpg.connect(urls.owner, server_settings={"jit": "off"}, **CONNECTION)
    try:
        projection = await Projection.create(connection, Plan(catalogue.INDICATORS, f"p_{facts}"), profile)
        made = events(facts, profile)
        begun = time.perf_counter()
        for done in range(0, facts, BATCH):
            await projection.load(connection, list(islice(made, min(BATCH, facts - done))))
        await projection.finish(connection, LAST)
        report(f"{facts:,} facts loaded and measured in {time.perf_counter() - begun:.1f} s")
        took = []
        for event in events(CHANGES, profile, seed=2, first=facts + 1):
            begun = time.perf_counter()
            await projection.apply(connection, [event], LAST)
            took.append(time.perf_counter() - begun)
    finally:
        await connection.close()
    return statistics.median(took)


async def run(options: Options) -> list[Row]:
    """Look, then change."""
    async with surroundings() as around:
        rows = await looking(around, options.disputes)
        small, large = await refresh(around, SMALL), await refresh(around, options.facts)
    what = f"refresh after one change at {options.facts:,} facts, against {SMALL:,}"
    return [*rows, at_most(what, large * 1e3, small * 1e3, 2, "ms")]
