"""The standard of an office's premises (司法所规范化建设): reached on a day, holding to a day."""

from __future__ import annotations

from geju.mediation.v1 import premises_pb2

from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span

Premises = premises_pb2.Premises


def check(new: Premises, _old: Premises | None, _rules: Rules) -> None:
    """Guard premises on every change. Raises DateOrder, InvalidField."""
    check_span(new, "reached_date", "to_date")
