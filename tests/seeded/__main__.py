"""Show that the suite catches what it must: `python -m tests.seeded [BUG …]`.

Each bug is put into a copy of the tree, never into the tree itself, and the tests that its patch names are run there.
The same tests pass in the copy without any bug, which is tried first; so a failure is the bug's.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.seeded.bugs import FAILED, ROOT, Bug, apply, bugs, run, tell

_LINE = re.compile(r"^FAILED (.+?)(?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What the tests of a bug said; `caught_by` are those that failed, `output` is what pytest printed."""

    bug: Bug
    caught_by: tuple[str, ...]
    seconds: float
    output: str

    @property
    def caught(self) -> bool:
        """Every test that the patch names has failed."""
        return all(any(failed.startswith(test) for failed in self.caught_by) for test in self.bug.tests)


def main() -> int:
    """Try the bugs asked for, print a table; 0 when all were caught, 1 when one was not, 2 when nothing can be told."""
    chosen = _chosen()
    with TemporaryDirectory(prefix="geju-seeded-") as folder:
        copy = Path(folder) / "geju"
        _copy(copy)
        tests = sorted({test for bug in chosen for test in bug.tests})
        begun = time.monotonic()
        sound = run(copy, tests)
        tell(f"{len(tests)} tests without a bug: {time.monotonic() - begun:.0f} s")
        if sound.returncode:
            tell(sound.stdout, "These tests fail without any bug: nothing can be told of bugs by them.")
            return 2
        outcomes = [_try(copy, bug) for bug in chosen]
    missed = [outcome for outcome in outcomes if not outcome.caught]
    for outcome in missed:
        tell(f"\n{outcome.bug.name} was not caught:\n{outcome.output[-3000:]}")
    tell(f"\n{len(outcomes) - len(missed)} of {len(outcomes)} caught")
    return 1 if missed else 0


def _chosen() -> list[Bug]:
    every = bugs()
    parser = argparse.ArgumentParser(prog="python -m tests.seeded", description="Put bugs in and see them caught.")
    parser.add_argument("names", nargs="*", metavar="BUG", help=f"which (all): {', '.join(bug.name for bug in every)}")
    names = parser.parse_args().names
    if unknown := sorted(set(names) - {bug.name for bug in every}):
        parser.error(f"no such bug: {', '.join(unknown)}")
    return [bug for bug in every if not names or bug.name in names]


def _copy(into: Path) -> None:
    """Copy what is tracked, or new and not ignored, as it stands in the working tree."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, into / name)


def _try(copy: Path, bug: Bug) -> Outcome:
    begun = time.monotonic()
    apply(copy, bug)
    try:
        answer = run(copy, bug.tests)
    finally:
        apply(copy, bug, back=True)
    found = tuple(dict.fromkeys(_LINE.findall(answer.stdout))) if answer.returncode == FAILED else ()
    outcome = Outcome(bug, found, time.monotonic() - begun, answer.stdout)
    by = _counted(found) if outcome.caught else "NOT CAUGHT"
    tell(f"{bug.name:<34} {outcome.seconds:>4.0f} s  {by}\n{'':<42}{bug.title}")
    return outcome


def _counted(tests: Iterable[str]) -> str:
    """Name tests once, with how many of their cases failed."""
    cases: dict[str, int] = {}
    for test in tests:
        name = test.partition("[")[0]
        cases[name] = cases.get(name, 0) + 1
    return ", ".join(f"{name}{f' ({count} cases)' if count > 1 else ''}" for name, count in cases.items())


if __name__ == "__main__":
    sys.exit(main())
