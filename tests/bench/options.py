"""How much is measured; the defaults take some minutes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """Sizes of a run."""

    disputes: int = 100_000
    facts: int = 300_000
    district: int = 132_000
    all: int = 1_000_000
    seconds: float = 20.0
    #: Where what all services told is kept for the next run; None: it is recorded again in each.
    recording: Path | None = None
