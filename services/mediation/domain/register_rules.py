"""What the rules of rounds have in common: a count and the disputes linked to it, and the one time limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from geju.mediation.v1 import screening_pb2, warning_pb2

from services.chassis.domain import limits
from services.chassis.domain.dates import to_date
from services.chassis.domain.references import check_references
from services.chassis.domain.rules import Rules
from services.mediation.domain.register_errors import FewerThanLinked


def check_linked(field: str, count: int, linked: Sequence[str]) -> None:
    """Refuse a number below that of the linked disputes, and bad links. Raises FewerThanLinked, …."""
    check_references("disputes", linked, "disputes")
    if count < len(linked):
        raise FewerThanLinked(field, count=count, linked=len(linked))


def keep_limit(
    record: screening_pb2.Screening | warning_pb2.Warning,
    rule: str,
    start: date | None,
    met: date | None,
    rules: Rules,
) -> None:
    """Make the record's one limit say what the record says: when it began, and on which day the act was done.

    The rule in force when the clock started applies for good; without one there is no limit.
    """
    kept = limits.find(record.limits, rule)
    if kept is None or to_date(kept.start) != start:
        kept = None if start is None else limits.start(rules.profile.limits, rule, start)
    record.ClearField("limits")
    if kept is None:
        return
    kept.void = False
    limits.unmeet(kept)
    if met is not None:
        limits.meet(kept, met)
    record.limits.append(kept)
