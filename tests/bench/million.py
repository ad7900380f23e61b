"""A million facts of all services, from the stream to the board, beside the least that reading them can cost."""

from __future__ import annotations

import time

from tests.bench.facts import publish
from tests.bench.options import Options
from tests.bench.rebuild import ordered
from tests.bench.recorded import recorded, told
from tests.bench.store import aggregating
from tests.bench.surroundings import surroundings
from tests.bench.table import Row, at_most, report, under


async def run(options: Options) -> list[Row]:
    """Start the service on a full stream: it builds everything. What it takes to start on an empty one is left out."""
    async with surroundings() as around:
        begun = time.perf_counter()
        async with aggregating(around, ()):
            idle = time.perf_counter() - begun
    async with surroundings() as around:
        begun = time.perf_counter()
        await publish(around.nats.url, told(await recorded(options), options.all))
        report(f"published in {time.perf_counter() - begun:.0f} s")
        begun = time.perf_counter()
        async with aggregating(around, ()) as (child, viewer):
            took = time.perf_counter() - begun - idle
            board = await viewer.board()
            memory = child.resident()
        plain = await ordered(around.nats.url, options.all)
    report(f"{options.all / took:,.0f} facts/s; {idle:.1f} s to start on an empty stream; version {board.version}")
    what = f"rebuild of {options.all:,} facts of all services, against an ordered consumer with an empty callback"
    return [
        at_most(what, took, plain, 2, "s"),
        under(f"memory of aggregation after {options.all:,} facts", memory, 200, "MB"),
    ]
