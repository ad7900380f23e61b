"""A rebuild of everything until the board shows it, beside the least that reading the same stream can cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import nats
from geju.aggregation.v1 import proof_service_pb2 as rpc
from nats.aio.msg import Msg

from services.chassis.stream import FactEvent
from tests.bench.facts import disputes
from tests.bench.options import Options
from tests.bench.recorded import recorded, told
from tests.bench.store import Viewer, aggregating
from tests.bench.surroundings import surroundings
from tests.bench.table import Row, at_most, report

ROUNDS = 3


async def ordered(url: str, count: int) -> float:
    """Read the whole stream with an ordered consumer and an empty callback; returns seconds."""
    client = await nats.connect(url)
    done, left = asyncio.Event(), count

    async def callback(_message: Msg) -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    try:
        begun = time.perf_counter()
        await client.jetstream().subscribe("geju.facts.>", ordered_consumer=True, cb=callback)
        await done.wait()
        return time.perf_counter() - begun
    finally:
        await client.close()


async def rebuilt(viewer: Viewer) -> float:
    """Rebuild; returns the seconds until the board is served from the new projection."""
    await viewer.settled()
    begun, took = time.perf_counter(), 0.0
    async for progress in viewer.rebuild():
        if progress.step != rpc.REBUILD_STEP_LOADING:
            report(f"{time.perf_counter() - begun:.1f} s: {rpc.RebuildStep.Name(progress.step)} {progress.loaded:,}")
        if progress.step == rpc.REBUILD_STEP_DONE:
            took = time.perf_counter() - begun
            assert not progress.differing_figures, "a rebuild changes no figure"
    return took


async def against_reading(made: Sequence[FactEvent], rounds: int = ROUNDS) -> tuple[float, float]:
    """Rebuild and read in turn; returns the best seconds of each."""
    async with surroundings() as around, aggregating(around, made) as (child, viewer):
        pairs = [(await rebuilt(viewer), await ordered(around.nats.url, len(made))) for _ in range(rounds)]
        memory = child.resident()
    report(", ".join(f"{ours:.1f} s to {plain:.1f} s" for ours, plain in pairs) + f"; memory after it {memory:.0f} MB")
    ours, plain = (min(side) for side in zip(*pairs, strict=True))
    return ours, plain


async def run(options: Options) -> list[Row]:
    """Rebuild mediation's facts alone, then a district's of all services."""
    alone = await against_reading(list(disputes(options.disputes)))
    everything = await against_reading(list(told(await recorded(options), options.district)), rounds=2)
    what = "against an ordered consumer with an empty callback"
    return [
        at_most(f"rebuild of {options.disputes:,} disputes, {what}", *alone, 2, "s"),
        at_most(f"rebuild of a district, {options.district:,} facts of all services, {what}", *everything, 2, "s"),
    ]
