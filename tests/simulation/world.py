"""What everything in a simulation shares: time, chance, the log, what went wrong; and processes that may die."""

from __future__ import annotations

import asyncio
import random
import traceback
from collections import Counter
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

#: Real time at the beginning of every simulation, in seconds since 1970.
BEGINNING = 1_330_000_000.0
#: The process that the running code belongs to; None: the world outside.
here: ContextVar[Process | None] = ContextVar("simulated_process", default=None)


class Handle(Protocol):
    """Something that a process holds and that ends with it."""

    def end(self) -> None:
        """Break without a word, as seen from the other side."""


@dataclass(slots=True)
class Trouble:
    """How likely each thing goes wrong, by occasion."""

    database: float = 0.0
    silence: float = 0.0
    crash: float = 0.0
    drop: float = 0.0
    twice: float = 0.0
    reorder: float = 0.0
    call: float = 0.0
    refuse_batch: float = 0.0


class World:
    """One simulation. Everything random in it comes from its seed; `wrong` holds what must never happen and did."""

    def __init__(self, seed: int, loop: asyncio.AbstractEventLoop) -> None:
        self.seed, self.loop = seed, loop
        self.rng = random.Random(seed)
        self.trouble = Trouble()
        self.log: list[str] = []
        self.taken: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.under_load = True
        self._ids = 0

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return self.loop.time()

    @property
    def real(self) -> float:
        """Seconds since 1970."""
        return BEGINNING + self.now

    def note(self, text: str) -> None:
        """Write a line into the log."""
        self.log.append(f"{self.now:9.3f} {text}")

    def took(self, path: str) -> None:
        """Count a rare path."""
        self.taken[path] += 1

    def forbid(self, text: str) -> None:
        """Note what must never happen."""
        self.note(f"WRONG {text}")
        self.wrong.append(text)

    def failed(self, what: str, error: BaseException) -> None:
        """Look at an error that ended something, which a lost connection may."""
        told = _lines(error)
        self.note(f"{what} ended: {told}")
        if not EXPECTED.intersection(told.split()):
            self.note("".join(traceback.format_exception(error)))
            self.forbid(f"{what} ended with {told}")

    def unheard(self, error: BaseException | None) -> None:
        """Look at an error that nobody waited for: a lost connection is none, with its process or before."""
        if error is not None and not EXPECTED.intersection(_lines(error).split()):
            self.note("".join(traceback.format_exception(error)))
            self.forbid(f"nobody heard of {_lines(error)}")

    async def wait(self, seconds: float) -> None:
        """Let simulated time pass."""
        await asyncio.sleep(seconds)

    def chance(self, probability: float) -> bool:
        """Tell whether something of a probability happens now."""
        return probability > 0 and self.rng.random() < probability

    def number(self) -> int:
        """Return a number that was not given before."""
        self._ids += 1
        return self._ids

    def latency(self) -> float:
        """Return how long something takes on its way: mostly little, at times long."""
        return self.rng.expovariate(1000) if self.rng.random() < 0.98 else self.rng.uniform(0.05, 0.8)


@dataclass(eq=False)
class Process:
    """Tasks and handles that end together; `name` is told in the log."""

    world: World
    name: str
    alive: bool = True
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    handles: list[Handle] = field(default_factory=list)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something as part of the process."""
        token = here.set(self)
        try:
            return asyncio.get_running_loop().create_task(work)
        finally:
            here.reset(token)

    def kill(self, why: str) -> None:
        """End everything at once: what its tasks do on their way out reaches nobody any more."""
        if not self.alive:
            return
        self.world.note(f"{self.name} is killed: {why}")
        self.alive = False
        for handle in self.handles:
            handle.end()
        for task in self.tasks:
            task.cancel()


def tracked(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **options: Any) -> asyncio.Task[Any]:
    """Make a task that is part of the process that makes it; the loop's factory of tasks."""
    task = asyncio.Task(work, loop=loop, **options)
    process = here.get()
    if process is not None:
        process.tasks = [one for one in process.tasks if not one.done()]
        process.tasks.append(task)
        if not process.alive:
            task.cancel()
    return task


async def kept(world: World, name: str, main: Callable[[Process], Coroutine[Any, Any, None]]) -> None:
    """Start a process again whenever it has ended, as a supervisor does."""
    while True:
        process = Process(world, name)
        task = process.spawn(main(process))
        world.note(f"{name} starts")
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()) is not None:
            world.failed(name, error)
        process.kill("it has ended")
        await asyncio.sleep(world.rng.uniform(0.2, 3.0))


#: What may end a process: its database or its broker went away.
EXPECTED = {
    "ConnectionDoesNotExistError",
    "ConnectionRefusedError",
    "TimeoutError",
    "InterfaceError",
    "ConnectionError",
    "ConnectionClosedError",
}


def _lines(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return " ".join(_lines(one) for one in error.exceptions)
    return f"{type(error).__name__} {error}".strip()
