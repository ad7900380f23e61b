"""What one cut of the power came to, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

#: What a run is made of: the row of the table, and whether anything confirmed may be lost.
ROWS: Mapping[str, bool] = {
    "NATS, sync_interval: always": False,
    "NATS, its default (a sync every 2 minutes)": True,
    "PostgreSQL, fsync on": False,
}
ALWAYS, DEFAULT, DATABASE = ROWS
HEAD = ("power cut of", "cycles", "confirmed", "lost", "of cycles", "unconfirmed", "found", "wrong", "back in s")


@dataclass(frozen=True)
class Cycle:
    """One cut. Sets are compared, here are their sizes.

    `confirmed` before it and looked for after it, with those `lost`; `unconfirmed`: begun, with those `found` all the
    same (some begun again by then); `wrong`: what else must not be; `seconds` from the power back to work going on.
    """

    row: str
    confirmed: int
    lost: int
    unconfirmed: int
    found: int
    seconds: float
    wrong: Sequence[str] = ()

    @property
    def bad(self) -> bool:
        """Whether it must not be."""
        return bool(self.wrong or (self.lost and not ROWS[self.row]))

    def __str__(self) -> str:
        said = f"{self.confirmed:,} confirmed, {self.lost:,} lost; {self.unconfirmed} unconfirmed, {self.found} found"
        return "; ".join([f"{said}; work went on after {self.seconds:.1f} s", *self.wrong])


def table(cycles: Sequence[Cycle]) -> list[Sequence[str]]:
    """Return a row of text for each kind that was tried."""
    return [_line(row, found) for row in ROWS if (found := [one for one in cycles if one.row == row])]


def _line(row: str, cycles: Sequence[Cycle]) -> Sequence[str]:
    seconds = [one.seconds for one in cycles]
    numbers = (
        len(cycles),
        sum(one.confirmed for one in cycles),
        sum(one.lost for one in cycles),
        sum(one.lost > 0 for one in cycles),
        sum(one.unconfirmed for one in cycles),
        sum(one.found for one in cycles),
        sum(len(one.wrong) for one in cycles),
    )
    return row, *(f"{number:,}" for number in numbers), f"p50 {median(seconds):.1f}, at most {max(seconds):.1f}"


def verdict(cycles: Sequence[Cycle]) -> list[str]:
    """Return what must not be, of the run as a whole."""
    found = [f"cycle {number}, {one.row}: {one}" for number, one in enumerate(cycles, 1) if one.bad]
    unsafe = [one for one in cycles if one.row == DEFAULT]
    if unsafe and not any(one.lost for one in unsafe):
        found.append("nothing was lost with the unsafe default: no power was cut, and the other rows prove nothing")
    return found
