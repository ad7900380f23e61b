"""From a commit in the mediation service to the board: what a clerk records, and when a leader can see it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.bench import facts
from tests.bench.disputes import OFFICE, Clerk
from tests.bench.facts import LAST, clock_offset
from tests.bench.load import Load, paced
from tests.bench.options import Options
from tests.bench.store import Viewer, aggregating, shown
from tests.bench.surroundings import Child, Surroundings, fetch, surroundings
from tests.bench.table import Row, report, under

PER_SECOND = 50.0
INDICATOR = "mediation.accepted"
PERIOD = f"{LAST:%Y-%m}"
SERIES = f'geju_indicator_n{{indicator="{INDICATOR}",unit="{OFFICE}",period="month"}} '.encode()
#: How often the page of metrics is read; half of it is in the median.
SCRAPE = 0.02
GIVE_UP = 30.0


@dataclass
class Waiting:
    """Commits that are not seen yet, oldest first; each adds one to a figure that stood at `base`."""

    base: int
    seen: int = 0
    commits: deque[float] = field(default_factory=deque)
    latencies: list[float] = field(default_factory=list)

    def committed(self) -> None:
        """Note a commit."""
        self.commits.append(asyncio.get_running_loop().time())

    def shows(self, figure: int) -> None:
        """Note what the figure is now."""
        now = asyncio.get_running_loop().time()
        while self.base + self.seen < figure and self.commits:
            self.latencies.append(now - self.commits.popleft())
            self.seen += 1


@dataclass(frozen=True)
class Pipeline:
    """Both services, with a store full of disputes, and clients of both."""

    mediation: Child
    aggregation: Child
    clerk: Clerk
    viewer: Viewer

    async def scraped(self) -> int:
        """Read the figure from the page of metrics."""
        page = await fetch(self.aggregation.metrics_port, "/metrics")
        at = page.index(SERIES) + len(SERIES)
        return int(page[at : page.index(b"\n", at)])

    async def watch(self, waiting: Waiting) -> None:
        """Follow the figure on WatchBoard."""
        async for event in self.viewer.watch(OFFICE, PERIOD):
            figures = event.change.figures if event.HasField("change") else ()
            figure = shown(figures, INDICATOR)
            if figure is not None:
                waiting.shows(figure)

    async def scrape(self, waiting: Waiting) -> None:
        """Follow the figure on /metrics."""
        while True:
            waiting.shows(await self.scraped())
            await asyncio.sleep(SCRAPE)

    async def measured(self, follow: Callable[[Waiting], Awaitable[None]], seconds: float) -> Load:
        """Accept disputes at a pace and follow the figure; returns the times from commit to visible."""
        names = iter(await self.clerk.register(int(PER_SECOND * seconds)))
        await asyncio.sleep(1)
        waiting = Waiting(await self.scraped())
        following = asyncio.ensure_future(follow(waiting))

        async def accept(_client: int, _number: int) -> None:
            await self.clerk.accept(next(names))
            waiting.committed()

        try:
            await asyncio.sleep(0.5)
            load = await paced(accept, per_second=PER_SECOND, seconds=seconds)
            async with asyncio.timeout(GIVE_UP):
                while waiting.commits and not following.done():
                    await asyncio.sleep(SCRAPE)
        finally:
            following.cancel()
        return Load(load.seconds, tuple(waiting.latencies))


@asynccontextmanager
async def pipeline(around: Surroundings, disputes: int) -> AsyncIterator[Pipeline]:
    """Fill the store and start both services."""
    token = around.tokens("bench", ["clerk"], [OFFICE])
    settings = {"clock_offset_seconds": clock_offset()}
    async with (
        aggregating(around, facts.disputes(disputes)) as (aggregation, viewer),
        around.serving("mediation", await around.database("mediation"), **settings) as mediation,
        Clerk(mediation.port, token).opened() as clerk,
    ):
        yield Pipeline(mediation, aggregation, clerk, viewer)


async def run(options: Options) -> list[Row]:
    """Measure both ways of seeing, one after the other, then what the services hold in memory."""
    async with surroundings() as around, pipeline(around, options.disputes) as made:
        await made.measured(made.watch, 2)
        watched = await made.measured(made.watch, options.seconds)
        scraped = await made.measured(made.scrape, options.seconds)
        memory = {"mediation": made.mediation.resident(), "aggregation": made.aggregation.resident()}
    report(f"{len(watched.latencies)} and {len(scraped.latencies)} changes seen")
    rows = [
        under(f"commit to {where}, {name}", load.at(share), goal, "ms")
        for where, load in (("WatchBoard", watched), ("/metrics", scraped))
        for name, share, goal in (("p50", 0.5, 50), ("p99", 0.99, 200))
    ]
    return rows + [under(f"memory of {name} after it", size, 200, "MB") for name, size in memory.items()]
