"""How much is measured; the defaults take some minutes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Sizes of a run."""

    disputes: int = 100_000
    facts: int = 300_000
    seconds: float = 20.0
