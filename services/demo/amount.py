"""How much the demonstration holds: one number scales everything, or amounts of their own."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType

#: What a size is called, in districts. The offices, villages and communities are those of the profile at every size.
SCALES = MappingProxyType({"street": 0.05, "county": 0.5, "district": 1.0, "city": 10.0, "province": 100.0})
LEAST, MOST = 0.001, 200.0


@dataclass(frozen=True)
class Amount:
    """About how many there are in a year; practitioners: in the end. The defaults are a district's."""

    disputes: int = 1200
    persons: int = 100
    practitioners: int = 600
    cases: int = 600
    consultations: int = 15_000
    activities: int = 400

    @property
    def parts(self) -> int:
        """Number of parts of which none holds more of anything than a district does."""
        pairs = zip(_values(self), _values(DISTRICT), strict=True)
        return max(math.ceil(mine / districts) for mine, districts in pairs)

    def part(self, part: Part) -> Amount:
        """Return an even share for each of the parts: the first ones have what does not divide."""
        return Amount(*(value // part.of + (part.number <= value % part.of) for value in _values(self)))


#: What every size is a multiple of.
DISTRICT = Amount()


@dataclass(frozen=True)
class Part:
    """A part of the story, from 1 on; only the first has the registers and rounds of offices and villages."""

    number: int = 1
    of: int = 1

    @property
    def first(self) -> bool:
        """It is the first."""
        return self.number == 1


#: The story in one part.
WHOLE = Part()


def scaled(factor: float, **given: int | None) -> Amount:
    """Return what a district has, so many times, at least one of each; `given` amounts are as they are given."""
    own = {name: amount for name, amount in given.items() if amount is not None}
    of_district = {name: max(1, round(factor * amount)) for name, amount in asdict(DISTRICT).items()}
    return Amount(**(of_district | own))


def _values(amount: Amount) -> list[int]:
    return [getattr(amount, field.name) for field in fields(amount)]
