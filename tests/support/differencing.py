"""Somebody who works out what is withheld from what is shown: by sums and differences, exactly.

What is unknown is a whole number; of it he knows linear equations (keys add up to the whole of a unit, offices to the
district, months to quarters and years) and that counts are not below nothing. Equations are solved, and what is left is
narrowed from both sides until nothing moves any more.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from services.aggregation.indicator import Indicator
from services.aggregation.periods import Level, code_of, parse
from services.aggregation.rollup import DISTRICT, Stored

_ROUNDS = 40
#: Equations are solved in whole numbers modulo a prime far above every count.
_PRIME = 2**61 - 1
#: Solved equations longer than this say nothing when what is in them is narrowed.
_LONG = 16
Row = tuple[dict[Hashable, int], int]


class Seen(NamedTuple):
    """A count and when it was looked at: `moment` is a day, or a report."""

    moment: str
    period: str
    unit: str
    indicator: str
    breakdown: str
    key: str

    @classmethod
    def of(cls, moment: str, figure: Stored) -> Seen:
        """Return the place of a figure."""
        return cls(moment, *figure[:5])


class Equations:
    """What is known of numbers, as equations between them."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._free: set[Hashable] = set()

    def add(self, terms: Mapping[Hashable, int], value: int = 0) -> None:
        """Say that numbers, each so many times, add up to a value."""
        self._rows.append(({name: times for name, times in terms.items() if times}, value))

    def may_be_negative(self, name: Hashable) -> None:
        """Say that a number is no count: it may be below nothing."""
        self._free.add(name)

    def worked_out(self) -> dict[Hashable, int]:
        """Return every number that can have one value only."""
        rows = _eliminated(self._rows)
        low: dict[Hashable, float] = defaultdict(float, dict.fromkeys(self._free, -math.inf))
        high: dict[Hashable, float] = defaultdict(lambda: math.inf)
        short = [row for row in (*rows, *self._rows) if len(row[0]) <= _LONG]
        for _ in range(_ROUNDS):
            moved = [_narrowed(row, low, high) for row in short]
            if not any(moved):
                break
        return {name: int(low[name]) for terms, _ in short for name in terms if low[name] == high[name]}


def _eliminated(rows: Iterable[Row]) -> list[Row]:
    """Return equations of which each has a number that no other has (Gauss and Jordan), in small whole numbers."""
    solved: dict[Hashable, Row] = {}
    holders: dict[Hashable, set[Hashable]] = defaultdict(set)  # by number: the solved ones in whose equations it stands
    for row in sorted(rows, key=lambda row: len(row[0])):
        terms, value = _substituted(*row, solved)
        if not terms:
            continue
        # What stands in the fewest equations fills the fewest others.
        pivot = min(terms, key=lambda name: len(holders[name]))
        scale = pow(terms[pivot], -1, _PRIME)
        new: Row = {name: times * scale % _PRIME for name, times in terms.items()}, value * scale % _PRIME
        for holder in holders.pop(pivot, ()):
            old, old_value = solved[holder]
            times = old.get(pivot, 0)
            if times:
                solved[holder] = _sum(old, new[0], -times), (old_value - times * new[1]) % _PRIME
                for name in new[0]:
                    holders[name].add(holder)
        solved[pivot] = new
        for name in new[0]:
            if name != pivot:
                holders[name].add(pivot)
    return [
        ({name: _signed(times) for name, times in terms.items()}, _signed(value)) for terms, value in solved.values()
    ]


def _substituted(terms: dict[Hashable, int], value: int, solved: Mapping[Hashable, Row]) -> Row:
    for name in [name for name in terms if name in solved]:
        row, known = solved[name]
        times = terms[name]
        terms, value = _sum(terms, row, -times), (value - times * known) % _PRIME
    return terms, value


def _sum(one: Mapping[Hashable, int], other: Mapping[Hashable, int], times: int) -> dict[Hashable, int]:
    found = dict(one)
    for name, amount in other.items():
        new = (found.get(name, 0) + times * amount) % _PRIME
        if new:
            found[name] = new
        else:
            found.pop(name, None)
    return found


def _signed(number: int) -> int:
    return number - _PRIME if number > _PRIME // 2 else number


def _narrowed(row: Row, low: dict[Hashable, float], high: dict[Hashable, float]) -> bool:
    """Narrow each number of an equation by what the others can be at most and at least; says whether one moved."""
    terms, value = row
    moved = False
    for name, times in terms.items():
        others = [(t * low[o], t * high[o]) for o, t in terms.items() if o != name]
        least, most = sum(min(edge) for edge in others), sum(max(edge) for edge in others)
        between = sorted(((value - most) / times, (value - least) / times))
        lowest = between[0] if math.isinf(between[0]) else math.ceil(between[0] - 1e-6)
        highest = between[1] if math.isinf(between[1]) else math.floor(between[1] + 1e-6)
        if lowest > low[name] or highest < high[name]:
            low[name], high[name], moved = max(low[name], lowest), min(high[name], highest), True
    return moved


@dataclass(frozen=True)
class Rules:
    """Which indicators add up: months to quarters and years, keys to the whole of a unit, offices to the district."""

    periods: Container[str] = ()
    keys: Container[str] = ()
    offices: Container[str] = ()

    @classmethod
    def of(cls, indicators: Iterable[Indicator]) -> Rules:
        """Return them as declared: what stands under several keys, or at two offices, is in more than one part."""
        several = {i.code for i in indicators for s in i.sources for e in s.by.values() if hasattr(e.type, "item_type")}
        twice = {i.code for i in indicators for census in i.censuses if census.second is not None}
        every = {i.code for i in indicators}
        return cls({i.code for i in indicators if i.flows}, every - several, every - twice)


def attack(shown: Mapping[Seen, int], unknown: Iterable[Seen], rules: Rules) -> dict[Hashable, int]:
    """Return what can be worked out of the unknown places, and of every difference between two moments of one cell.

    A difference is named by its two places.
    """
    unknown = {*unknown}
    places, equations, found = {*shown, *unknown}, Equations(), dict[Hashable, int]()

    def say(terms: dict[Hashable, int]) -> None:
        left = {name: times for name, times in terms.items() if name not in shown}
        if left:
            equations.add(left, -sum(times * shown[name] for name, times in terms.items() if name in shown))

    for total, parts in _sums(places, rules):
        if total in places:
            say({total: -1, **dict.fromkeys(parts, 1)})
    for one, other in _twice(places):
        if one in shown and other in shown:
            found[one, other] = shown[other] - shown[one]
        else:
            say({one: -1, other: 1, (one, other): -1})
            equations.may_be_negative((one, other))
    return found | equations.worked_out()


def _sums(places: set[Seen], rules: Rules) -> Iterable[tuple[Seen, set[Seen]]]:
    """Give what adds up to what."""
    sums: dict[tuple[str, Seen], set[Seen]] = defaultdict(set)
    for place in places:
        if place.breakdown and place.indicator in rules.keys:
            sums[place.breakdown, place._replace(breakdown="", key="")].add(place)
        if place.unit != DISTRICT and place.indicator in rules.offices:
            sums["units", place._replace(unit=DISTRICT)].add(place)
        above = {Level.MONTH: Level.QUARTER, Level.QUARTER: Level.YEAR}.get(parse(place.period).level)
        if above and place.indicator in rules.periods:
            sums["periods", place._replace(period=code_of(place.period, above))].add(place)
    for (kind, total), parts in sums.items():
        if kind != "periods" or len(parts) == (4 if parse(total.period).level is Level.YEAR else 3):
            yield total, parts


def _twice(places: set[Seen]) -> Iterable[tuple[Seen, Seen]]:
    """Give one cell at two moments, one after the other."""
    moments: dict[Seen, list[Seen]] = defaultdict(list)
    for place in sorted(places):
        if place.breakdown:
            moments[place._replace(moment="")].append(place)
    for each in moments.values():
        yield from pairwise(each)
