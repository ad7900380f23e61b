"""Which faults, in what order, how far apart: all of it from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from tests.chaos.fault import Fault

MOST = 4
#: How likely it is that a round has one more.
MORE = 0.6
#: Seconds from the beginning of one fault to that of the next when they overlap, and from the end of one when not.
OVERLAP, APART = (0.0, 6.0), (0.5, 5.0)


@dataclass(frozen=True)
class Round:
    """Some faults: in turn or overlapping, each so many seconds after the one before."""

    faults: Sequence[Fault]
    pauses: Sequence[float]
    overlapping: bool


def by_kind(faults: Iterable[Fault]) -> Mapping[str, Sequence[Fault]]:
    """Return faults by their kinds."""
    ordered = sorted(faults, key=lambda fault: fault.kind)
    return {kind: list(some) for kind, some in groupby(ordered, key=lambda fault: fault.kind)}


def wanted(faults: Iterable[Fault], words: Iterable[str], *, root: bool) -> Sequence[Fault]:
    """Return the faults whose name or kind has one of some words in it; no word: all. Only root's with `root`."""
    asked = [word.strip().lower() for word in words if word.strip()]
    return [
        fault
        for fault in faults
        if (root or not fault.needs_root)
        and (not asked or any(word in f"{fault.name} {fault.kind}".lower() for word in asked))
    ]


def unfit(faults: Iterable[Fault], words: Iterable[str], *, root: bool) -> str:
    """Say what is wrong with words: no fault has one, or all that is asked for needs root; empty: nothing."""
    faults, words = list(faults), list(words)
    for word in words:
        if word.strip() and not wanted(faults, [word], root=True):
            return f"no fault has {word.strip()!r} in its name or kind; --list shows them"
    return "" if wanted(faults, words, root=root) else "all of these need root"


class Schedule:
    """Draws rounds: a kind comes again when every other one has come."""

    def __init__(self, faults: Sequence[Fault], rng: random.Random, most: int = MOST) -> None:
        """`most` faults are in a round at most."""
        self._kinds, self._rng, self._most = by_kind(faults), rng, most
        self._together = len({fault.kind for fault in faults if not fault.alone})
        self._bag: list[str] = []

    def draw(self) -> Round:
        """Return the next round."""
        rng = self._rng
        faults = [self._next(lambda _: True)]
        most = 1 if faults[0].alone else min(self._most, self._together)
        while len(faults) < most and rng.random() < MORE:
            taken = {fault.kind for fault in faults}
            faults.append(self._next(partial(_beside, taken)))
        overlapping = len(faults) > 1 and rng.random() < 0.5
        pauses = [rng.uniform(*(OVERLAP if overlapping else APART)) for _ in faults]
        return Round(faults, pauses, overlapping)

    def _next(self, fits: Callable[[Fault], bool]) -> Fault:
        """Return a fault that fits, of the first such kind in the bag; kinds passed over stay in it."""
        for place, kind in enumerate(self._bag):
            if some := [fault for fault in self._kinds[kind] if fits(fault)]:
                del self._bag[place]
                return self._rng.choice(some)
        fresh = sorted(self._kinds)
        self._rng.shuffle(fresh)
        self._bag += fresh
        return self._next(fits)


def _beside(taken: set[str], fault: Fault) -> bool:
    """Tell whether a fault goes with others, of kinds that are taken."""
    return not fault.alone and fault.kind not in taken
