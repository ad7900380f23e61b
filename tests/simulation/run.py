"""One seed from beginning to end."""

from __future__ import annotations

import asyncio
import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from services.chassis import profile_file
from tests.simulation.installation import Installation
from tests.simulation.instead import installed, instead
from tests.simulation.loop import SimulatedLoop
from tests.simulation.world import World, tracked

#: How many lines are told of a seed that went wrong, and how much of each.
BEFORE, SHOWN, WIDTH = 16, 8, 200
PROFILE = Path(__file__).parents[2] / "deploy" / "districts" / "lucheng"


@dataclass(frozen=True)
class Outcome:
    """What came of a seed: `wrong` is what must not be, `log` everything in order, `digest` that of the log."""

    seed: int
    accepted: int
    seconds: float
    wrong: tuple[str, ...]
    taken: Counter[str]
    log: tuple[str, ...]

    @property
    def digest(self) -> str:
        """A digest of the log: equal runs have equal ones."""
        return hashlib.sha256("\n".join(self.log).encode()).hexdigest()[:16]


def report(outcome: Outcome) -> list[str]:
    """Say in a few lines what was wrong in a seed, with what led to the first of it, and how to see it again."""
    if not outcome.wrong:
        return []
    first = next(place for place, line in enumerate(outcome.log) if " WRONG " in line)
    before, wrong = outcome.log[max(0, first - BEFORE) : first], outcome.wrong[:SHOWN]
    return [
        f"seed {outcome.seed}: {len(outcome.wrong)} WRONG; to see it again: make simulate SEED={outcome.seed}",
        *(f"    {line.splitlines()[0][:WIDTH]}" for line in before if line),
        *(f"    WRONG {line.splitlines()[0][:WIDTH]}" for line in wrong),
    ]


@cache
def profile() -> Any:
    """Return a district's profile; only who its offices are matters here."""
    return profile_file.load(PROFILE)


def simulate(seed: int) -> Outcome:
    """Run one seed: clerks at work under faults, then peace."""
    return played(seed, Installation.run)


def played(seed: int, play: Callable[[Installation], Coroutine[Any, Any, None]]) -> Outcome:
    """Do something with a simulated installation."""
    loop = SimulatedLoop()
    world = World(seed, loop)
    gc.disable()  # what is collected when would be chance from outside
    try:
        with instead(world):
            on = Installation(world, profile())
            loop.set_task_factory(tracked)
            loop.set_exception_handler(lambda _, told: world.unheard(told.get("exception")))
            with installed(on):
                loop.run_until_complete(play(on))
                on.end()
                log, wrong = tuple(world.log), tuple(world.wrong)
                loop.run_until_complete(_rest())
                loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
        gc.enable()
    accepted = sum(service.accepted for service in on.services)
    return Outcome(seed, accepted, world.now, wrong, world.taken, log)


async def _rest() -> None:
    """Let what has ended come to its end."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
