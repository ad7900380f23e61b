"""The table of a run: what was measured, beside what, and whether it is as fast as it is meant to be."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

HEAD = ("what", "ours", "baseline", "ratio", "goal", "met")


@dataclass(frozen=True)
class Row:
    """One comparison or one plain measure (`baseline` and `ratio` are empty then). `met` is None where none is set."""

    what: str
    ours: str
    baseline: str = ""
    ratio: str = ""
    goal: str = ""
    met: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        said = "" if self.met is None else "yes" if self.met else "NO"
        return self.what, self.ours, self.baseline, self.ratio, self.goal, said


def number(value: float, unit: str = "") -> str:
    """Write a number with three digits that matter."""
    text = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{text} {unit}".rstrip()


def at_least(what: str, ours: float, baseline: float, goal: float, unit: str) -> Row:
    """Compare rates: ours is to be at least `goal` times the baseline's."""
    ratio = ours / baseline
    return Row(what, number(ours, unit), number(baseline, unit), f"{ratio:.2f}", f">= {goal:g}", ratio >= goal)


def at_most(what: str, ours: float, baseline: float, goal: float, unit: str) -> Row:
    """Compare durations: ours is to be at most `goal` times the baseline's."""
    ratio = ours / baseline
    return Row(what, number(ours, unit), number(baseline, unit), f"{ratio:.2f}", f"<= {goal:g}", ratio <= goal)


def under(what: str, ours: float, goal: float, unit: str) -> Row:
    """Measure what is to stay under a bound."""
    return Row(what, number(ours, unit), goal=f"< {number(goal, unit)}", met=ours < goal)


def report(line: str) -> None:
    """Tell what a row is made of, beside the table."""
    sys.stderr.write(f"  {line}\n")


def show(rows: Sequence[Row]) -> None:
    """Print the table."""
    table = Table(*HEAD)
    for row in rows:
        table.add_row(*row.cells, style=None if row.met is not False else "bold red")
    Console().print(table)


def markdown(rows: Iterable[Row]) -> str:
    """Return the table as Markdown."""
    lines = [HEAD, ("---",) * len(HEAD), *(row.cells for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
