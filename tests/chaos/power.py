"""Cut the power, again and again: `make power CYCLES=500 SEED=1` (needs root: loop devices).

A server runs on an ext4 disk in a file and is written to by the product's own code. Under writes the disk is cut off,
its file copied while mounted, the server killed and started on the copy. What was confirmed before the cut is compared
with what is there as sets. A store lives through several cuts, then a new one is begun.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog

from services.chassis.embedded import ServerError
from services.chassis.testing import workspace
from tests.chaos.disk import require_root
from tests.chaos.fault import Skipped
from tests.chaos.power_cycle import DATABASE, HEAD, ROWS, Cycle, table, verdict
from tests.chaos.power_nats import broker
from tests.chaos.power_postgres import Template, prepared, store
from tests.support.arguments import whole

#: So many cuts one store lives through.
LIFE = 5


async def cycles(count: int, seed: int, life: int = LIFE) -> AsyncIterator[Cycle]:
    """Cut the power so many times, of each in turn."""
    rows, left, number = list(ROWS), count, 0
    with workspace() as folder:
        template = await prepared(folder)
        while left:
            chance, row = random.Random(f"{seed}/{number}"), rows[number % len(rows)]
            async for one in _life(row, folder, template, chance, min(life, left)):
                left -= 1
                yield one
            number += 1


async def _life(row: str, folder: Path, template: Template, chance: random.Random, cuts: int) -> AsyncIterator[Cycle]:
    """Let one store live through some cuts; a cut after which nothing goes on any more ends it."""
    opened = store(folder, template, chance) if row == DATABASE else broker(folder, row, chance)
    async with opened as running:
        for _ in range(cuts):
            try:
                yield await running.cut()
            except (AssertionError, ServerError) as error:
                yield Cycle(row, 0, 0, 0, 0, 0.0, [f"it does not go on: {error}"])
                return


async def run(count: int, seed: int, say: Callable[[str], None]) -> list[Cycle]:
    """Cut the power so many times and tell of each."""
    begun, found, task = time.monotonic(), list[Cycle](), asyncio.current_task()
    assert task is not None
    # An end from outside undoes mounts and processes, too.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async for one in cycles(count, seed):
        found.append(one)
        say(f"{time.monotonic() - begun:8.1f} s  {len(found):4}  {one.row}: {one}")
    return found


def markdown(found: list[Cycle]) -> str:
    """Return the table of a run."""
    lines = [HEAD, ("---",) * len(HEAD), *table(found)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> int:
    """Do as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.power", description=__doc__)
    parser.add_argument("--cycles", type=whole, default=15)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    try:
        require_root()
    except Skipped as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    begun = time.monotonic()
    found = asyncio.run(run(given.cycles, given.seed, lambda line: print(line, file=sys.stderr, flush=True)))  # noqa: T201
    wrong = verdict(found)
    minutes = (time.monotonic() - begun) / 60
    where = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {minutes:.0f} minutes"
    sys.stdout.write(f"make power CYCLES={given.cycles} SEED={given.seed}: {where}\n\n{markdown(found)}\n")
    sys.stdout.write("".join(f"{line}\n" for line in wrong) or "Nothing confirmed was lost where nothing may be.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
