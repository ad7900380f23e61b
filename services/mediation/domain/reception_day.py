"""Reception days (信访、矛盾纠纷接待日)."""

from __future__ import annotations

from geju.mediation.v1 import reception_day_pb2

from services.chassis.domain.references import check_references
from services.chassis.domain.rules import Rules
from services.mediation.domain.register_rules import check_linked

ReceptionDay = reception_day_pb2.ReceptionDay


def check(new: ReceptionDay, _old: ReceptionDay | None, _rules: Rules) -> None:
    """Guard a reception day on every change. Raises BadReference, InvalidField, FewerThanLinked.

    The lawyers are records of another service: their form is checked, not that they exist.
    """
    check_references("lawyers", new.lawyers, "practitioners")
    check_linked("disputes_taken_in", new.disputes_taken_in, new.disputes)
