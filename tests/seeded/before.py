"""Show a bug that was mended: `python -m tests.seeded.before FIX TEST …`.

FIX is the commit that mended it. The tree of that commit is laid into a folder of its own, with the product as it was
just before (`services`, `proto`); there the tests that came with the fix fail. Without a TEST, all modules of tests
that the fix changed run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.seeded.bugs import FAILED, ROOT, run, tell

PRODUCT = ("services", "proto")


def main() -> int:
    """Run the tests of a fix without it; 0 when some of them fail, 1 when none does, 2 when they could not run."""
    parser = argparse.ArgumentParser(prog="python -m tests.seeded.before", description="See a mended bug once more.")
    parser.add_argument("fix", help="the commit that mended it")
    parser.add_argument("tests", nargs="*", metavar="TEST", help="node ids (all modules of tests that it changed)")
    given = parser.parse_args()
    known = subprocess.run(
        ["git", "cat-file", "-e", f"{given.fix}^{{commit}}"], cwd=ROOT, check=False, capture_output=True
    )
    if known.returncode:
        parser.error(f"no commit {given.fix} here")
    with TemporaryDirectory(prefix="geju-before-") as folder:
        tree = Path(folder) / "geju"
        for commit, parts in ((given.fix, ()), (f"{given.fix}^", PRODUCT)):
            _lay(tree, commit, *parts)
        answer = run(tree, given.tests or _changed(given.fix))
    tell(answer.stdout[-6000:], answer.stderr[-2000:])
    return 0 if answer.returncode == FAILED else 1 if answer.returncode == 0 else 2


def _lay(tree: Path, commit: str, *parts: str) -> None:
    """Lay a commit's files into a folder; of some parts, what another commit had there is gone."""
    for part in parts:
        subprocess.run(["rm", "-rf", str(tree / part)], check=True)
    archive = subprocess.run(["git", "archive", commit, *parts], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        files.extractall(tree, filter="data")


def _changed(commit: str) -> list[str]:
    """Return the modules of tests that a commit changed."""
    named = subprocess.run(
        ["git", "diff", "--name-only", "--diff-filter=d", f"{commit}^", commit, "--", "tests"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    return [name for name in named if Path(name).name.startswith("test_") and name.endswith(".py")]


if __name__ == "__main__":
    sys.exit(main())
