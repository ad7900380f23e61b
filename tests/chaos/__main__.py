"""Installations under fire: `python -m tests.chaos --seed 1`. Prints a table.

Exit code 1 if anything is lost or differs, or if no fault could be done at all.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from tests.chaos.arena import Arena
from tests.chaos.fault import Fault
from tests.chaos.faults import FAULTS
from tests.chaos.rounds import play
from tests.chaos.schedule import MOST, Schedule, unfit, wanted
from tests.chaos.site import site
from tests.chaos.table import accepted_in, entry, summary, table
from tests.support.arguments import some, whole
from tests.support.installation import ROOT

RESULTS = ROOT / ".cache" / "chaos"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="everything random is of it (%(default)s)")
    parser.add_argument("--minutes", type=some, default=10.0, help="no round begins later but the first (%(default)s)")
    parser.add_argument("--changes", type=whole, default=40_000, help="so many to an installation (%(default)s)")
    parser.add_argument("--rate", type=some, default=400.0, help="records a second beside the stories (%(default)s)")
    parser.add_argument("--most", type=whole, default=MOST, help="faults in a round at most (%(default)s)")
    parser.add_argument("--faults", default="", help="words of names or kinds, with commas between them (all)")
    parser.add_argument("--list", action="store_true", help="list the faults that there are")
    given = parser.parse_args()
    if problem := unfit(FAULTS, given.faults.split(","), root=given.list or os.geteuid() == 0):
        parser.error(problem)
    return given


async def run(given: argparse.Namespace, faults: Sequence[Fault]) -> Sequence[Mapping[str, Any]]:
    """Play rounds until the time is over; a new installation after so many changes, or when one did not heal."""
    begun, entries, task = time.monotonic(), list[Mapping[str, Any]](), asyncio.current_task()
    assert task is not None
    # An end from outside undoes mounts and processes, too.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    rng = random.Random(given.seed)
    schedule = Schedule(faults, rng, given.most)
    RESULTS.mkdir(parents=True, exist_ok=True)
    results = RESULTS / f"seed-{given.seed}.jsonl"
    results.unlink(missing_ok=True)
    installations = 0
    while not entries or _left(given, begun):
        installations += 1
        async with site(rng.getrandbits(32), faults, begun) as arena:
            while (not entries or _left(given, begun)) and arena.accepted() < given.changes and not arena.set_back:
                number = len(entries) + 1
                plan = schedule.draw()
                arena.note(
                    f"round {number}: {'; '.join(fault.name for fault in plan.faults)}"
                    + (" (overlapping)" if plan.overlapping else "")
                )
                outcome = await play(arena, plan, given.rate)
                entries.append({**entry(outcome, given.seed, number), "installation": installations})
                with results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(entries[-1], ensure_ascii=False) + "\n")
                _tell(arena, entries[-1])
                if outcome.verdict.problems:
                    _keep(arena, given.seed, number)
                    break
    return entries


def _left(given: argparse.Namespace, begun: float) -> bool:
    return bool(time.monotonic() - begun < given.minutes * 60)


def _tell(arena: Arena, one: Mapping[str, Any]) -> None:
    arena.note(
        f"round {one['round']} done: {one['attempted']} attempted, {one['accepted']} accepted, {one['found']} found, "
        f"{one['lost']} lost; {one['compared']} figures, {one['differing']} differ; repaired in {one['repair']} s"
    )
    for fault in one["faults"]:
        arena.note(f"  {fault['name']}: {fault['seconds']} s, seen after {fault['detected']} s: {fault['sign']}")
    for problem in one["problems"]:
        arena.note(f"  PROBLEM {problem}")


def _keep(arena: Arena, seed: int, number: int) -> None:
    """Keep what the installation said when something was wrong."""
    folder = RESULTS / f"seed-{seed}-round-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(arena.system.home.logs, folder)
    shutil.copy(arena.system.installation.output, folder)
    (folder / "chaos.log").write_text("\n".join(arena.log), "utf-8")
    arena.note(f"its logs are kept in {folder.relative_to(ROOT)}")


def main() -> int:
    """Run."""
    given = arguments()
    faults = wanted(FAULTS, given.faults.split(","), root=given.list or os.geteuid() == 0)
    if given.list:
        print("\n".join(f"{fault.kind}: {fault.name}{' (needs root)' if fault.needs_root else ''}" for fault in faults))  # noqa: T201
        return 0
    asked = wanted(FAULTS, given.faults.split(","), root=True)
    if left_out := sorted({fault.kind for fault in asked} - {fault.kind for fault in faults}):
        print(f"needs root, left out: {', '.join(left_out)}", file=sys.stderr, flush=True)  # noqa: T201
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")  # outages are made on purpose here
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    entries = asyncio.run(run(given, faults))
    print(f"\nseed {given.seed}: {summary(entries, accepted_in(entries))}\n\n{table(entries)}")  # noqa: T201
    done = [fault for one in entries for fault in one["faults"] if not fault["skipped"]]
    return 1 if any(one["problems"] for one in entries) or not done else 0


if __name__ == "__main__":
    sys.exit(main())
