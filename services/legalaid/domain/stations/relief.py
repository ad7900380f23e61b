"""Fees that firms reduced or waived (减免服务费); the firm is on the register of legal services."""

from __future__ import annotations

from geju.legalaid.v1 import fee_relief_pb2 as pb

from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules


def check(new: pb.FeeRelief, _old: pb.FeeRelief | None, _rules: Rules) -> None:
    """Guard a relief on every change. Raises BadReference."""
    check_reference("firm", new.firm, "firms")
