"""Visits of leaders with lawyers along, and suggestions of deputies and members."""

from __future__ import annotations

from geju.legalservices.v1 import practitioner_pb2, suggestion_pb2, symposium_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder, InvalidField
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules

Suggestion = suggestion_pb2.Suggestion


def check_lawyer(field: str, practitioner: practitioner_pb2.Practitioner) -> None:
    """Refuse somebody who is no lawyer: the facts count how many lawyers went along. Raises InvalidField."""
    if practitioner.kind != practitioner_pb2.PRACTITIONER_KIND_LAWYER:
        raise InvalidField(field, expected="应为律师;基层法律服务工作者和公证员不填")


def check_suggestion(new: Suggestion, _old: Suggestion | None, _rules: Rules) -> None:
    """Guard a suggestion on every change. Raises BadReference."""
    check_reference("practitioner", new.practitioner, "practitioners")
    check_reference("symposium", new.symposium, "symposia")


def check_after(suggestion: Suggestion, symposium: symposium_pb2.Symposium) -> None:
    """Refuse a suggestion handed in before the symposium that it came from. Raises DateOrder."""
    handed_in, held = to_date(suggestion.handed_in_date), to_date(symposium.held_date)
    if handed_in is not None and held is not None and handed_in < held:
        raise DateOrder("handed_in_date", date=handed_in, earliest=held)
