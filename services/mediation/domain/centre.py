"""Centres for handling disputes (矛盾纠纷调处中心), valid from a day to a day."""

from __future__ import annotations

from geju.mediation.v1 import centre_pb2

from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span

Centre = centre_pb2.Centre


def check(new: Centre, _old: Centre | None, _rules: Rules) -> None:
    """Guard a centre on every change. Raises DateOrder."""
    check_span(new)
