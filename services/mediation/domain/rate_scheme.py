"""An office's piece-rate scheme (以奖代补方案): in force from a day to a day, one at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geju.mediation.v1 import rate_scheme_pb2

from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, in_force

RateScheme = rate_scheme_pb2.RateScheme


def check(new: RateScheme, _old: RateScheme | None, _rules: Rules) -> None:
    """Guard a scheme on every change. Raises DateOrder."""
    check_span(new)


def covers(schemes: Iterable[RateScheme], day: date) -> bool:
    """Tell whether one of an office's schemes is in force on a day."""
    return any(in_force(scheme, day) for scheme in schemes)
