"""What a period was judged by when it was closed: targets, patterns and weights, kept with its report.

Goals change with the years, and a profile is rewritten: what was published as attained stays what it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from services.chassis.domain.profile import Pattern, Profile, Target


def freeze(profile: Profile, year: int) -> dict[str, Any]:
    """Return what the figures of a year are judged by, as JSON."""
    codes = dict.fromkeys(target.indicator for target in profile.targets)
    binding = [target for code in codes if (target := profile.target(code, year)) is not None]
    return {
        "targets": [{**asdict(target), "value": str(target.value)} for target in binding],
        "patterns": [asdict(pattern) for pattern in profile.patterns],
    }


def restore(profile: Profile, frozen: Mapping[str, Any]) -> Profile:
    """Return a district that judges as it did then; as it does now where nothing was kept."""
    if not frozen:
        return profile
    targets = tuple(Target(**{**entry, "value": Decimal(entry["value"])}) for entry in frozen["targets"])
    return replace(profile, targets=targets, patterns=tuple(Pattern(**entry) for entry in frozen["patterns"]))
