"""Volunteers, officers and emergency plans: in service or in force from a day to a day."""

from __future__ import annotations

from typing import Any

from geju.correction.v1 import emergency_drill_pb2

from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span


def check(new: Any, _old: Any, _rules: Rules) -> None:
    """Guard a record with a span on every change. Raises DateOrder, InvalidField."""
    check_span(new)


def check_drill(
    new: emergency_drill_pb2.EmergencyDrill, _old: emergency_drill_pb2.EmergencyDrill | None, _rules: Rules
) -> None:
    """Guard a drill on every change. Raises BadReference."""
    check_reference("plan", new.plan, "emergencyPlans")
