"""The list of how far plans have come."""

from __future__ import annotations

from geju.publicity.v1.year_plan_service_pb2 import PlanCompletion

from services.cli.commands.plans import HEADS, row


def test_completion_is_what_was_held_of_what_was_planned() -> None:
    """It may exceed the plan; an office without one has no share."""
    held = [PlanCompletion(office="north", planned=planned, held=18, to_come=3) for planned in (24, 12, 0)]
    assert ["75%", "150%", "无计划"] == [row(line, "北所")[3] for line in held]
    assert len(HEADS) == len(row(held[0], "北所"))
