"""Rounds drawn from a seed."""

from __future__ import annotations

import random
from collections import Counter

from tests.chaos.arena import Arena
from tests.chaos.fault import Fault
from tests.chaos.schedule import Schedule, by_kind, unfit, wanted


async def _nothing(arena: Arena) -> None:
    """Do nothing."""


FAULTS = [
    *(Fault(f"{kind} {number}", kind, _nothing) for kind in "abcdef" for number in range(3)),
    Fault("fork", "fork", _nothing, alone=True),
    Fault("mount", "mount", _nothing, needs_root=True),
]


def test_a_seed_draws_the_same_rounds() -> None:
    """What was found with a seed is drawn again with it."""
    drawn = [[Schedule(FAULTS, random.Random(4)).draw() for _ in range(20)] for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert drawn[0] != [Schedule(FAULTS, random.Random(5)).draw() for _ in range(20)]


def test_every_kind_comes_before_one_comes_again() -> None:
    """No kind is left to chance."""
    schedule, times = Schedule(FAULTS, random.Random(1)), Counter[str]()
    for _ in range(200):
        times.update(fault.kind for fault in schedule.draw().faults)
    assert set(by_kind(FAULTS)) == set(times)
    assert max(times.values()) - min(times.values()) <= 2


def test_what_goes_alone_goes_alone() -> None:
    """A fault that forks the past is not mixed with others."""
    schedule = Schedule(FAULTS, random.Random(2))
    rounds = [schedule.draw() for _ in range(100)]
    assert {1} == {len(one.faults) for one in rounds if any(fault.alone for fault in one.faults)}
    assert {1, 2, 3, 4} == {len(one.faults) for one in rounds}


def test_faults_are_chosen_by_words() -> None:
    """A word of the name or of the kind chooses; root's faults are root's."""
    assert ["a 1"] == [fault.name for fault in wanted(FAULTS, ["a 1"], root=True)]
    assert {"a", "b"} == {fault.kind for fault in wanted(FAULTS, [" A 0", "b 2 "], root=False)}
    assert len(FAULTS) - 1 == len(wanted(FAULTS, [""], root=False))


def test_words_that_fit_nothing_are_told() -> None:
    """A word that no fault has is named; where only root may do what is asked for, that is said."""
    assert "" == unfit(FAULTS, [""], root=False)
    assert "" == unfit(FAULTS, ["a 1", " mount"], root=False)
    assert "'nonsense'" in unfit(FAULTS, ["a 1", "nonsense"], root=True)
    assert "all of these need root" == unfit(FAULTS, ["mount"], root=False)
