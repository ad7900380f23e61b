"""Drive a call with many clients and say how fast and how even it was."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

Call = Callable[[int, int], Awaitable[None]]


def percentile(ordered: Sequence[float], share: float) -> float:
    """Give the value below which `share` of the sorted values lie."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True)
class Load:
    """Outcome of a run: how long it took and each latency, in seconds."""

    seconds: float
    latencies: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Calls a second."""
        return len(self.latencies) / self.seconds

    def at(self, share: float) -> float:
        """Give a percentile of the latencies, in milliseconds."""
        return percentile(sorted(self.latencies), share) * 1e3

    @classmethod
    def together(cls, loads: Sequence[Load]) -> Load:
        """Join several runs into one."""
        return cls(sum(load.seconds for load in loads), tuple(one for load in loads for one in load.latencies))


async def drive(call: Call, *, calls: int, clients: int = 16, warm_up: int = 200) -> Load:
    """Make `calls` calls from `clients` clients at once; `call(client, number)` makes one."""
    numbers = iter(range(calls + warm_up))
    latencies: list[float] = []
    begun = 0.0

    async def client(which: int) -> None:
        nonlocal begun
        for number in numbers:
            if number == warm_up:
                begun = time.perf_counter()
            start = time.perf_counter()
            await call(which, number)
            if number >= warm_up:
                latencies.append(time.perf_counter() - start)

    await asyncio.gather(*(client(which) for which in range(clients)))
    return Load(time.perf_counter() - begun, tuple(latencies))


async def paced(call: Call, *, per_second: float, seconds: float) -> Load:
    """Begin a call every 1/`per_second` seconds, whatever the ones before do, for `seconds`."""
    loop = asyncio.get_running_loop()
    start, latencies, tasks = loop.time(), [], []

    async def one(number: int, due: float) -> None:
        await call(0, number)
        latencies.append(loop.time() - due)

    for number in range(int(per_second * seconds)):
        due = start + number / per_second
        await asyncio.sleep(max(0.0, due - loop.time()))
        tasks.append(asyncio.create_task(one(number, due)))
    await asyncio.gather(*tasks)
    return Load(loop.time() - start, tuple(latencies))
