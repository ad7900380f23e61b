"""One round: load, faults in it, the healing, the judgement."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.chassis.testing import eventually
from tests.chaos.arena import MOMENT, Arena
from tests.chaos.checks import PATIENCE, Verdict, judge
from tests.chaos.fault import Fault, Skipped
from tests.chaos.schedule import Round
from tests.chaos.watch import Watch
from tests.support.load import load

#: Changes accepted before the first fault and after the last one; seconds that these may take.
AROUND, WAIT = 10, 240.0


@dataclass
class Struck:
    """One fault as it went: when it began and ended, what was accepted meanwhile, what showed it; or why it was not."""

    fault: Fault
    begun: float
    ended: float = 0.0
    accepted: int = 0
    detected: float | None = None
    sign: str = ""
    skipped: str = ""
    failed: str = ""


@dataclass
class Outcome:
    """A round as it went."""

    struck: list[Struck]
    verdict: Verdict

    @property
    def repair(self) -> float | None:
        """Seconds from the end of the last fault to the instant at which all was drained and equal."""
        done = [one.ended for one in self.struck if not one.skipped]
        repaired = self.verdict.repaired
        return None if repaired is None or not done else max(0.0, repaired - max(done))


async def play(arena: Arena, plan: Round, rate: float, patience: float = PATIENCE) -> Outcome:
    """Play one round with so many records a second beside the stories."""
    watch = Watch(arena.system)
    struck: list[Struck] = []
    problem = ""
    async with watch.watching():
        try:
            async with _load(arena, rate):
                await _more(arena, AROUND)
                await _strike_all(arena, plan, struck)
                await _more(arena, AROUND)
        except Exception as error:  # noqa: BLE001 - whatever it was, the round is judged, and the run goes on
            problem = f"the load failed: {type(error).__name__} {error}"
            arena.note(problem)
        verdict = await judge(arena, patience)
        for one in struck:
            if found := watch.first(one.begun):
                one.detected, one.sign = found
    if problem:
        verdict.problems.append(problem)
    verdict.problems += [f"{one.fault.name} could not be done: {one.failed}" for one in struck if one.failed]
    return Outcome(struck, verdict)


@asynccontextmanager
async def _load(arena: Arena, rate: float) -> AsyncIterator[None]:
    assert arena.hotline is not None
    over = asyncio.Event()
    async with load(arena.tellers):
        hotline = asyncio.create_task(arena.hotline.work(rate, over))
        try:
            yield
        finally:
            over.set()
            await hotline


async def _more(arena: Arena, changes: int) -> None:
    wanted = arena.accepted() + changes
    await eventually(lambda: arena.accepted() >= wanted, WAIT)


async def _strike_all(arena: Arena, plan: Round, struck: list[Struck]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for fault, pause in zip(plan.faults, plan.pauses, strict=True):
            await asyncio.sleep(pause)
            task = tasks.create_task(_strike(arena, fault, struck))
            if not plan.overlapping:
                await task


async def _strike(arena: Arena, fault: Fault, struck: list[Struck]) -> None:
    one, before = Struck(fault, time.monotonic()), arena.accepted()
    struck.append(one)

    def strikes() -> None:
        one.begun = time.monotonic()

    MOMENT.set(strikes)
    try:
        await fault.inflict(arena)
    except Skipped as reason:
        one.skipped = str(reason)
        arena.note(f"{fault.name}: skipped, {reason}")
    except Exception as error:  # noqa: BLE001 - what a fault stumbles over is told; the others go on
        one.skipped = one.failed = f"{type(error).__name__} {error}"
        arena.note(f"{fault.name} could not be done: {one.failed}")
    one.ended = time.monotonic()
    one.accepted = arena.accepted() - before
