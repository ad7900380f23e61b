"""The table of a run, or of several: `python -m tests.chaos.table FILE ...` reads what runs have put down."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.chaos.rounds import Outcome

HEADS = (
    "kind of fault", "times", "accepted during it", "lost", "figures compared", "differences",
    "s to detect, p50 / max", "s to repair, p50 / max",
)  # fmt: skip
UNSEEN = "-"


def entry(outcome: Outcome, seed: int, number: int) -> Mapping[str, Any]:
    """Return a round as it is put down."""
    verdict = outcome.verdict
    return {
        "seed": seed,
        "round": number,
        "faults": [
            {
                "name": one.fault.name,
                "kind": one.fault.kind,
                "seconds": round(one.ended - one.begun, 2),
                "accepted": one.accepted,
                "detected": None if one.detected is None else round(one.detected, 2),
                "sign": one.sign,
                "skipped": one.skipped,
            }
            for one in outcome.struck
        ],
        "attempted": verdict.attempted,
        "accepted": verdict.accepted,
        "found": verdict.found,
        "lost": verdict.lost,
        "compared": verdict.compared,
        "differing": verdict.differing,
        "repair": None if outcome.repair is None else round(outcome.repair, 2),
        "problems": verdict.problems,
    }


def table(entries: Iterable[Mapping[str, Any]]) -> str:
    """Return a run as a table of Markdown, a row for each kind.

    What is lost or differs after a round counts against each kind of fault in it.
    """
    rows: defaultdict[str, list[tuple[Mapping[str, Any], Mapping[str, Any]]]] = defaultdict(list)
    for one in entries:
        for fault in one["faults"]:
            rows[fault["kind"]].append((one, fault))
    lines = [_line(HEADS), _line(["---", *["---:"] * (len(HEADS) - 1)])]
    for kind, found in sorted(rows.items()):
        done = [(one, fault) for one, fault in found if not fault["skipped"]]
        lines.append(
            _line(
                [
                    kind,
                    str(len(done)) + (f" (+{len(found) - len(done)} skipped)" if len(found) > len(done) else ""),
                    f"{sum(fault['accepted'] for _, fault in done):,}",
                    f"{sum(one['lost'] for one, _ in done):,}",
                    f"{sum(one['compared'] for one, _ in done):,}",
                    f"{sum(one['differing'] for one, _ in done):,}",
                    _seconds([fault["detected"] for _, fault in done]),
                    _seconds([one["repair"] for one, _ in done]),
                ]
            )
        )
    return "\n".join(lines)


def summary(entries: Sequence[Mapping[str, Any]], accepted: int) -> str:
    """Return the sums of a run in a sentence."""
    faults = [fault for one in entries for fault in one["faults"] if not fault["skipped"]]
    return (
        f"{len(entries):,} rounds, {len(faults):,} faults of {len({fault['kind'] for fault in faults})} kinds; "
        f"{accepted:,} changes accepted, {sum(one['lost'] for one in entries):,} lost; "
        f"{sum(one['compared'] for one in entries):,} figures compared, "
        f"{sum(one['differing'] for one in entries):,} differences; "
        f"{sum(len(one['problems']) for one in entries):,} problems"
    )


def accepted_in(entries: Iterable[Mapping[str, Any]]) -> int:
    """Return how many changes were accepted: each round says how many its installation had accepted by then."""
    last: dict[tuple[int, int], int] = {}
    for one in entries:
        last[one["seed"], one["installation"]] = one["accepted"]
    return sum(last.values())


def _seconds(values: Iterable[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{median(known):.1f} / {max(known):.1f}" if known else UNSEEN


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table of what some files hold."""
    entries = [json.loads(line) for path in sys.argv[1:] for line in Path(path).read_text("utf-8").splitlines()]
    print(f"{summary(entries, accepted_in(entries))}\n\n{table(entries)}")  # noqa: T201


if __name__ == "__main__":
    main()
