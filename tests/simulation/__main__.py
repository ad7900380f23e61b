"""Run seeds, or one seed with its log: `python -m tests.simulation --seeds 1000 --first 1`, `--seed 17`.

Ends with 1 when something that must never happen did, or when a rare path was never taken.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable

from tests.simulation.paths import PATHS, never
from tests.simulation.run import Outcome, report, simulate
from tests.support.arguments import whole


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=whole, default=1000, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="this one only, with its log")
    asked = parser.parse_args()
    if asked.seed is not None:
        return one(asked.seed)
    return many(range(asked.first, asked.first + asked.seeds))


def one(seed: int) -> int:
    """Show one seed."""
    outcome = simulate(seed)
    tell(*outcome.log, "", *(f"{count:>6} {path}" for path, count in sorted(outcome.taken.items())), "")
    tell(_line(outcome))
    return 1 if outcome.wrong else 0


def many(seeds: range) -> int:
    """Run seeds on every core and show what came of all of them."""
    begun, taken, failed, accepted, told = time.monotonic(), Counter[str](), [], 0, 0
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        for done, outcome in enumerate(pool.imap(simulate, seeds, chunksize=4), 1):
            taken += outcome.taken
            accepted += outcome.accepted
            if outcome.wrong:
                failed.append(outcome.seed)
                tell(*report(outcome))
            if done * 10 // len(seeds) > told:
                told = done * 10 // len(seeds)
                tell(f"{done} of {len(seeds)} seeds, {time.monotonic() - begun:.0f} s")
    tell("", *(f"{taken[path]:>7} {path}" for path in PATHS), "")
    missing = never(taken, len(seeds))
    tell(*(f"never taken: {path}" for path in missing), *_failures(failed))
    tell(f"{len(seeds)} seeds from {seeds.start}, {accepted} changes, {len(failed)} failed")
    return 1 if failed or missing else 0


def _failures(failed: Iterable[int]) -> list[str]:
    return [f"to see it again: make simulate SEED={seed}" for seed in failed]


def _line(outcome: Outcome) -> str:
    verdict = f"{len(outcome.wrong)} WRONG" if outcome.wrong else "equal"
    return (
        f"seed {outcome.seed}: {outcome.accepted} changes in {outcome.seconds:.0f} s, {verdict}, log {outcome.digest}"
    )


def tell(*lines: str) -> None:
    """Print lines at once."""
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
