"""A long attack on a running installation: `python -m tests.e2e.hostile --seed 1 --count 10000`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def main() -> None:
    """Read the command line and become the tests of this folder, with its numbers in their environment."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.hostile", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="everything random is of it (%(default)s)")
    parser.add_argument("--count", type=int, default=10_000, help="queries and requests, 1 or more (%(default)s)")
    given = parser.parse_args()
    if given.count < 1:
        parser.error("with a count below 1 nothing would be tried at length")
    environment = {**os.environ, "SEED": str(given.seed), "COUNT": str(given.count)}
    tests = ["--timeout", "86400", str(Path(__file__).parent)]
    os.execve(sys.executable, [sys.executable, "-m", "pytest", *tests], environment)  # noqa: S606 (this very program)


if __name__ == "__main__":
    main()
