"""Whatever happens on the way, the board ends equal to the services, and every seed can be seen again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.simulation.paths import never
from tests.simulation.run import Outcome, report, simulate

ROOT = Path(__file__).parents[2]
SEEDS, BLOCK = 100, 10
REPLAYED = 9


@cache
def outcome(seed: int) -> Outcome:
    """Return what came of a seed; the seeds of this module are run once."""
    return simulate(seed)


@pytest.mark.parametrize("first", range(1, SEEDS + 1, BLOCK))
def test_every_seed_ends_equal(first: int) -> None:
    """After any faults the board shows every record as its service has it, and nothing forbidden was done before."""
    told = [line for seed in range(first, first + BLOCK) for line in report(outcome(seed))]
    if told:
        pytest.fail("\n".join(told), pytrace=False)


def test_rare_paths_are_taken() -> None:
    """What the simulation is there for happens in it: gaps, forks, rebuilds under load, duplicates, crashes."""
    taken = sum((outcome(seed).taken for seed in range(1, SEEDS + 1)), Counter[str]())
    assert [] == never(taken, SEEDS)


def test_a_seed_replays_exactly() -> None:
    """Another process, which hashes differently, writes the same log for the same seed."""
    again = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "--seed", str(REPLAYED)],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "17", "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "proto/gen")))},
        check=True,
        capture_output=True,
        text=True,
    )
    assert outcome(REPLAYED).digest == again.stdout.split()[-1]
