"""What a check has found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One part: what was found and what to do about it (empty when there is nothing to do)."""

    level: Level
    part: str
    found: str
    advice: str = ""
    unreachable: bool = False
