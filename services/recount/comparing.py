"""Where a recount and what is stored say different things."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from services.recount.counting import Figures, Key


class Difference(NamedTuple):
    """One figure: its key, n and N as recounted and as stored; None: not there, so neither n nor N."""

    key: Key
    recounted: tuple[int, int] | None
    stored: tuple[int, int] | None


@dataclass(frozen=True)
class Wanted:
    """Which figures are compared; nothing named: all."""

    indicators: Collection[str] = ()
    units: Collection[str] = ()
    periods: Collection[str] = ()

    def of(self, figures: Figures) -> Figures:
        """Return the figures that are compared."""
        return {key: both for key, both in figures.items() if self._has(key)}

    def _has(self, key: Key) -> bool:
        code, _, _, unit, period = key
        return (
            (not self.indicators or code in self.indicators)
            and (not self.units or unit in self.units)
            and (not self.periods or period in self.periods)
        )


def differences(recounted: Figures, stored: Figures) -> list[Difference]:
    """Return every figure that is not the same in both, in the order of its key."""
    keys = sorted(key for key in recounted.keys() | stored.keys() if recounted.get(key) != stored.get(key))
    return [Difference(key, recounted.get(key), stored.get(key)) for key in keys]
