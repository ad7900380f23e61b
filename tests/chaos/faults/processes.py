"""Processes that end or stand still."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence

from tests.chaos.arena import Arena
from tests.chaos.fault import Fault
from tests.support.system import SERVICES

PARTS = (*SERVICES, "NATS", "PostgreSQL")


def killed(part: str) -> Fault:
    """Return the fault that a process is killed."""

    async def inflict(arena: Arena) -> None:
        arena.note(f"kill -9 {part}, process {arena.system.signal(part, signal.SIGKILL)}")

    return Fault(f"kill -9 {part}", "kill -9", inflict)


def stopped(part: str) -> Fault:
    """Return the fault that a process stands still for some seconds."""

    async def inflict(arena: Arena) -> None:
        seconds = arena.seconds(2, 15)
        pid = arena.system.signal(part, signal.SIGSTOP)
        arena.note(f"SIGSTOP {part}, process {pid}, for {seconds:.1f} s")
        try:
            await asyncio.sleep(seconds)
        finally:
            arena.system.signal(part, signal.SIGCONT)

    return Fault(f"stop {part}", "SIGSTOP and SIGCONT", inflict)


FAULTS: Sequence[Fault] = [*map(killed, PARTS), *map(stopped, PARTS)]
