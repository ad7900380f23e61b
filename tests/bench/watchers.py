"""Many watchers: from a commit in mediation until the last of them has been told, and what that costs the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from tests.bench.disputes import OFFICE, Clerk
from tests.bench.facts import LAST, clock_offset
from tests.bench.load import Load
from tests.bench.options import Options
from tests.bench.recorded import recorded, told
from tests.bench.store import Viewer, aggregating, of_board, shown
from tests.bench.surroundings import Child, Surroundings, surroundings
from tests.bench.table import Row, report, under

WATCHERS, CHANNELS = 200, 4
INDICATOR, PERIOD = "mediation.accepted", f"{LAST:%Y-%m}"
#: One after the other: the next commit waits until everybody has seen the one before, and a little longer.
COMMITS, PAUSE, GIVE_UP = 40, 0.1, 60.0


@dataclass
class Crowd:
    """What each watcher has been shown last."""

    seen: list[int | None] = field(default_factory=lambda: [None] * WATCHERS)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self, viewer: Viewer, number: int) -> None:
        """Watch the district's board, as leaders do."""
        async for event in viewer.watch("", PERIOD):
            figures = of_board(event.board) if event.HasField("board") else event.change.figures
            figure = shown(figures, INDICATOR)
            if figure is not None:
                self.seen[number] = figure
                self.told.set()

    async def until_all(self, figure: int) -> None:
        """Wait until everybody has been shown so much."""
        async with asyncio.timeout(GIVE_UP):
            while any(seen is None or seen < figure for seen in self.seen):
                self.told.clear()
                await self.told.wait()


@asynccontextmanager
async def watching(around: Surroundings, child: Child) -> AsyncIterator[Crowd]:
    """Have so many watch over a few channels; all have the board when the block begins."""
    crowd, token = Crowd(), around.tokens("bench", ["bureau_leader"], ["*"])
    async with AsyncExitStack() as stack:
        viewers = [Viewer(child.port, token) for _ in range(CHANNELS)]
        for viewer in viewers:
            await stack.enter_async_context(viewer.channel)
        following = [asyncio.create_task(crowd.follow(viewers[n % CHANNELS], n)) for n in range(WATCHERS)]
        try:
            await crowd.until_all(0)
            yield crowd
        finally:
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)


async def _commit(clerk: Clerk, names: Sequence[str], crowd: Crowd) -> Load:
    """Accept one dispute after the other; returns the times from each commit until the last watcher has it."""
    loop, latencies = asyncio.get_running_loop(), list[float]()
    figure, begun = max(seen or 0 for seen in crowd.seen), loop.time()
    for number, name in enumerate(names, 1):
        await clerk.accept(name)
        committed = loop.time()
        await crowd.until_all(figure + number)
        latencies.append(loop.time() - committed)
        await asyncio.sleep(PAUSE)
    return Load(loop.time() - begun, tuple(latencies))


async def run(options: Options) -> list[Row]:
    """Commit under the eyes of all of them."""
    made = told(await recorded(options), options.district)
    settings = {"clock_offset_seconds": clock_offset()}
    async with (
        surroundings() as around,
        aggregating(around, made) as (child, _viewer),
        around.serving("mediation", await around.database("mediation"), **settings) as mediation,
        Clerk(mediation.port, around.tokens("bench", ["clerk"], [OFFICE])).opened() as clerk,
    ):
        names = await clerk.register(COMMITS)
        async with watching(around, child) as crowd:
            await asyncio.sleep(1)
            before = child.cpu_seconds()
            load = await _commit(clerk, names, crowd)
            used, memory = child.cpu_seconds() - before, child.resident()
    report(f"{used / COMMITS * 1e3:.0f} ms of processor in the server for each change, {WATCHERS} watchers told")
    return [
        under(f"commit until the last of {WATCHERS} watchers has it, p50", load.at(0.5), 50, "ms"),
        under(f"commit until the last of {WATCHERS} watchers has it, p99", load.at(0.99), 200, "ms"),
        under(f"memory of aggregation with {WATCHERS} watchers", memory, 200, "MB"),
    ]
