"""Consultations (法律咨询): nobody is named in them; what a consultation led to is a reference."""

from __future__ import annotations

from geju.legalaid.v1 import consultation_pb2 as pb

from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules


def check(new: pb.Consultation, _old: pb.Consultation | None, _rules: Rules) -> None:
    """Guard a consultation on every change. Raises BadReference."""
    check_reference("aid_case", new.aid_case, "aidCases")
