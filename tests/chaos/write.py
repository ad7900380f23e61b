"""Write the page of the faults that there are: `python -m tests.chaos.write FILE`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.fault import Fault
from tests.chaos.faults import FAULTS
from tests.chaos.schedule import by_kind

HEAD = """\
# Kinds of faults

Made by `make generate` from [`tests/chaos/faults`](../../tests/chaos/faults); do not edit. What is done with them,
and what must come of it: [chaos](chaos.md). `python -m tests.chaos --list` lists every fault.

| kind | faults | one of them | needs root | alone |
|---|---:|---|---|---|
"""


def row(kind: str, faults: Sequence[Fault]) -> str:
    """Return the line of a kind."""
    root = "yes" if all(fault.needs_root for fault in faults) else ""
    alone = "yes" if all(fault.alone for fault in faults) else ""
    return f"| {kind} | {len(faults)} | `{faults[0].name}` | {root} | {alone} |\n"


def page() -> str:
    """Return the page."""
    return HEAD + "".join(row(kind, faults) for kind, faults in by_kind(FAULTS).items())


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
