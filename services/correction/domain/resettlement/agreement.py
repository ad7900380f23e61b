"""Helping agreements (帮教协议), in force from a day to a day."""

from __future__ import annotations

from geju.correction.v1 import helping_agreement_pb2 as pb

from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span
from services.correction.domain.subjects import RELEASED, check_person


def check(new: pb.HelpingAgreement, old: pb.HelpingAgreement | None, _rules: Rules) -> None:
    """Guard an agreement on every change. Raises NotAPerson, BadReference, DateOrder."""
    check_person(new, old, RELEASED)
    check_span(new)
