"""Places of units by a value: equal values share a place, and the next place leaves room for all who share it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def ranked(values: Mapping[str, Fraction | None], *, lowest_first: bool = False) -> dict[str, int]:
    """Return the place of each unit, from 1 (1, 2, 2, 4); who has no value has no place.

    Values are compared as they are, never rounded: who shares a place is equal.
    """
    known = {unit: value for unit, value in values.items() if value is not None}
    ordered = sorted(known.values(), reverse=not lowest_first)
    return {unit: ordered.index(value) + 1 for unit, value in known.items()}
