"""Helping agreements (帮教协议), in force from a day to a day."""

from __future__ import annotations

from geju.correction.v1 import helping_agreement_pb2 as pb

from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span


def check(new: pb.HelpingAgreement, _old: pb.HelpingAgreement | None, _rules: Rules) -> None:
    """Guard an agreement on every change. Raises BadReference, DateOrder."""
    check_reference("person", new.person, "releasedPersons")
    check_span(new)
