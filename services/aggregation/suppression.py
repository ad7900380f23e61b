"""Which cells of a table must be withheld so that none of its small ones can be worked out from what is shown.

A cell is what a unit counts under a key. Shown are the whole of every unit, which its keys add up to, and the district,
which the offices add up to: a table of flows from the district through keys to offices. A cell can be worked out when
no other table looks the same. So for each small cell a circle of cells is withheld along which one more or one less can
flow: at least one other cell of the same unit, and what is needed so that neither can be told from other units. Of all
circles that one is taken which hides least, the next smallest cells. n and N are looked at one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

Cell = tuple[str, str]  # unit, "" for the district, and key
Counts = tuple[int, ...]  # what a cell counts: n, and N where it has one
Node = tuple[int, str]  # of a unit (0) or of a key (1)
DISTRICT = ""


def suppressed(
    counted: Mapping[Cell, Counts], units: Iterable[str], keys: Iterable[str], threshold: int
) -> frozenset[Cell]:
    """Return the cells that count at least one and less than the threshold, and those that must go with them.

    `units` and `keys` are all there can be: cells that count nothing are withheld too where their emptiness would tell.
    """
    units, keys = {*units, *(unit for unit, _ in counted)}, {*keys, *(key for _, key in counted)}
    every = sorted((unit, key) for unit in units for key in keys)
    withheld = {cell for cell, counts in counted.items() if any(0 < n < threshold for n in counts)}
    for i in range(max(map(len, counted.values()), default=0)):
        table = {cell: counted[cell][i] if cell in counted else 0 for cell in every}
        ways = _ways(table, withheld)
        for cell in (cell for cell, n in table.items() if 0 < n < threshold):
            circle = _circle(cell, ways)
            if circle is None:
                return frozenset(every)
            if not circle <= withheld:
                withheld |= circle
                ways = _ways(table, withheld)
    return frozenset(withheld)


def suppressed_units(counted: Mapping[str, Counts], units: Iterable[str], threshold: int) -> frozenset[str]:
    """Return the units that count at least one and less than the threshold, with what hides a single one.

    The units add up to what is shown as well; `units` are all that whoever looks does not know anyway.
    """
    known = {unit: counted.get(unit, (0,)) for unit in units}
    withheld = {unit for unit, counts in known.items() if any(0 < n < threshold for n in counts)}
    if len(withheld) == 1:
        others = [(counts[0] == 0, sum(counts), unit) for unit, counts in known.items() if unit not in withheld]
        withheld |= {unit for *_, unit in sorted(others)[:1]}
    return frozenset(withheld)


@dataclass(frozen=True, slots=True)
class _Step:
    """One more (or one less) in a cell, as a way between its unit and its key; `cost` is what is hidden for it."""

    cost: int
    cell: Cell
    start: Node
    end: Node


Ways = Mapping[Node, list[_Step]]  # by where they start


def _ways(table: Mapping[Cell, int], withheld: Collection[Cell]) -> Ways:
    """Return every step that leaves no cell below nothing."""
    # An empty cell hides least and covers worst, as it can only be guessed to be one.
    last = 1 + sum(table.values())
    ways: dict[Node, list[_Step]] = defaultdict(list)
    for cell, count in table.items():
        unit, key = (0, cell[0]), (1, cell[1])
        # What flows to offices comes from the district.
        start, end = (unit, key) if cell[0] == DISTRICT else (key, unit)
        cost = 0 if cell in withheld else count or last
        ways[start].append(_Step(cost, cell, start, end))
        if count:
            ways[end].append(_Step(cost, cell, end, start))
    return ways


def _circle(cell: Cell, ways: Ways) -> set[Cell] | None:
    """Return the other cells of the cheapest circle through a cell; None when there is none."""
    mine = [step for steps in ways.values() for step in steps if step.cell == cell]
    found = [way for step in mine if (way := _way(step.end, step.start, cell, ways)) is not None]
    return {*min(found)[1]} if found else None


def _way(start: Node, end: Node, around: Cell, ways: Ways) -> tuple[int, tuple[Cell, ...]] | None:
    """Return the cheapest way from node to node that does without a cell, as its cost and cells."""
    heap: list[tuple[int, tuple[Cell, ...], Node]] = [(0, (), start)]
    reached: set[Node] = set()
    while heap:
        cost, cells, node = heappop(heap)
        if node == end:
            return cost, cells
        if node not in reached:
            reached.add(node)
            for step in ways.get(node, ()):
                if step.end not in reached and step.cell != around:
                    heappush(heap, (cost + step.cost, (*cells, step.cell), step.end))
    return None
