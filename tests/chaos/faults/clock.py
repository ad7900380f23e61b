"""Clocks that are wrong: of one service by its settings, of one service's machine while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tests.chaos.arena import Arena
from tests.chaos.fault import Fault
from tests.chaos.inside import hooks, machine_clock
from tests.chaos.operating import change_settings, restart, settings_of
from tests.support.system import SERVICES

HOUR = 3600.0
DAY = 24 * HOUR
_OFFSET = "GEJU_CLOCK_OFFSET_SECONDS"


def business(service: str) -> Fault:
    """Return the fault that a service lives at another time for a while, from one restart to the next."""

    async def inflict(arena: Arena) -> None:
        step = arena.rng.choice([-40 * DAY, -DAY, -HOUR, HOUR, DAY, 12 * DAY, 200 * DAY])
        right = float(settings_of(arena, service)[_OFFSET])
        change_settings(arena, service, **{_OFFSET: str(right + step)})
        arena.note(f"{service} is to live {step / HOUR:+.0f} hours off")
        try:
            await restart(arena, service)
            await asyncio.sleep(arena.seconds(3, 10))
        finally:
            change_settings(arena, service, **{_OFFSET: None})
            await restart(arena, service)

    return Fault(f"business clock of {service} wrong", "clock step, by settings", inflict)


def machine(service: str) -> Fault:
    """Return the fault that the clock of a service's machine is stepped, and stepped back, under a running service.

    Tokens of people live for an hour; a step forward is shorter than what is left of them.
    """

    async def inflict(arena: Arena) -> None:
        step = arena.rng.choice([-2 * HOUR, -90.0, -3.0, 3.0, 90.0, 600.0])
        seconds, file = arena.seconds(4, 20), hooks.path(arena.folder, machine_clock.HOOK, service)
        arena.note(f"the machine's clock of {service} is stepped by {step:+.0f} s, for {seconds:.1f} s")
        try:
            file.write_text(str(step), "ascii")
            await asyncio.sleep(seconds)
        finally:
            file.unlink()
            await asyncio.sleep(2 * machine_clock.LOOK)

    return Fault(f"machine clock of {service} stepped", "clock step, of the machine", inflict)


FAULTS: Sequence[Fault] = [*map(business, SERVICES), *map(machine, SERVICES)]
