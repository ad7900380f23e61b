"""No small cell can be worked out from the cells that are shown and the sums of all."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest

from services.aggregation.suppression import Cell, suppressed, suppressed_units

OFFICES, KEYS, THRESHOLD = ("01", "02", "03"), ("a", "b", "c"), 3
Table = dict[Cell, int]


def with_district(offices: Table) -> Table:
    """Add the district: the sum of the offices."""
    return {**offices, **{("", key): sum(offices[office, key] for office in OFFICES) for key in KEYS}}


def withheld(table: Table, threshold: int = THRESHOLD) -> frozenset[Cell]:
    """Suppress a table of counts, of which cells without any are not stored."""
    return suppressed({cell: (n,) for cell, n in table.items() if n}, ["", *OFFICES], KEYS, threshold)


def alike(table: Table, hidden: frozenset[Cell]) -> Iterator[Table]:
    """Give every table that looks the same to somebody who sees what is not hidden, and the whole of every unit."""

    def rows(office: str) -> Iterator[Table]:
        free = [key for key in KEYS if (office, key) in hidden]
        amount = sum(table[office, key] for key in free)
        for chosen in itertools.product(range(amount + 1), repeat=len(free)):
            if sum(chosen) == amount:
                yield {(office, key): chosen[free.index(key)] if key in free else table[office, key] for key in KEYS}

    for parts in itertools.product(*map(rows, OFFICES)):
        other = with_district({cell: n for part in parts for cell, n in part.items()})
        if all(other["", key] == table["", key] for key in KEYS if ("", key) not in hidden):
            yield other


@pytest.mark.parametrize("seed", range(150))
def test_a_small_cell_cannot_be_worked_out(seed: int) -> None:
    """Whatever the table, an attacker who tries every other table finds at least two values for each small cell."""
    chance = random.Random(seed)
    table = with_district({(o, k): chance.choice([0, 0, 1, 2, 3, 4]) for o in OFFICES for k in KEYS})
    hidden = withheld(table)
    possible = list(alike(table, hidden))
    for cell, n in table.items():
        if 0 < n < THRESHOLD:
            assert cell in hidden
            assert len({other[cell] for other in possible}) > 1


def test_nothing_is_withheld_where_nothing_is_small() -> None:
    """Empty cells and those of the threshold and above are shown; a threshold of nothing withholds nothing."""
    table = with_district({(o, k): 0 if k == "c" else 3 for o in OFFICES for k in KEYS})
    assert frozenset() == withheld(table)
    assert frozenset() == withheld(with_district({(o, k): 1 for o in OFFICES for k in KEYS}), 0)


def test_the_next_smallest_goes_with_a_small_cell() -> None:
    """One small cell of one office takes the office's next smallest along, and the same of the district."""
    counts = {"01": (1, 20, 30), "02": (10, 20, 30), "03": (10, 20, 30)}
    table = with_district({(o, k): n for o, row in counts.items() for k, n in zip(KEYS, row, strict=True)})
    assert {("01", "a"), ("01", "b"), ("02", "a"), ("02", "b")} == withheld(table)


def test_a_cell_that_is_the_whole_goes_with_an_empty_one() -> None:
    """Two persons, both under one key: that nobody is under another is withheld too, or the key would be known."""
    table = with_district({(o, k): 2 if (o, k) == ("02", "b") else 0 for o in OFFICES for k in KEYS})
    assert {("", "a"), ("", "b"), ("02", "a"), ("02", "b")} == withheld(table)


def test_a_small_total_is_withheld_like_a_small_count() -> None:
    """None of four, with a threshold of five: few enough to point at."""
    counted = {("", "a"): (0, 4), ("01", "a"): (0, 4), ("", "b"): (50, 90), ("01", "b"): (50, 90)}
    assert {("", "a"), ("01", "a"), ("", "b"), ("01", "b")} == suppressed(counted, ["", "01"], "ab", 5)
    assert frozenset() == suppressed(counted, ["", "01"], "ab", 4)


@pytest.mark.parametrize("own", [(), ("01",), ("03",)])
def test_no_small_figure_of_an_office_can_be_worked_out(own: tuple[str, ...]) -> None:
    """Whoever knows the district and its own offices finds another table that looks the same; large ones are shown."""
    for counts in itertools.product(range(5), repeat=3):
        table = {office: n for office, n in zip(OFFICES, counts, strict=True) if office not in own}
        hidden = suppressed_units({office: (n,) for office, n in table.items()}, table, THRESHOLD)
        small = {office for office, n in table.items() if 0 < n < THRESHOLD}
        assert small <= hidden
        assert bool(small) == bool(hidden)
        free = sorted(hidden)
        amount = sum(table[office] for office in free)
        others = [p for p in itertools.product(range(amount + 1), repeat=len(free)) if sum(p) == amount]
        assert all(len({p[free.index(office)] for p in others}) > 1 for office in small)
        assert len(hidden) <= max(2, len(small))
