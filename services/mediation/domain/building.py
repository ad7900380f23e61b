"""Populous buildings (楼幢) with their mediation group and information officer."""

from __future__ import annotations

from geju.mediation.v1 import building_pb2

from services.chassis.domain.errors import InvalidField
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span

Building = building_pb2.Building


def check(new: Building, _old: Building | None, _rules: Rules) -> None:
    """Guard a building on every change. Raises DateOrder, InvalidField.

    Group and officer count only from a day on, so that a name alone would count nowhere.
    """
    check_span(new)
    check_span(new, "group_from_date", "group_to_date")
    check_span(new, "officer_from_date", "officer_to_date")
    if new.officer_name and not new.HasField("officer_from_date"):
        raise InvalidField("officer_from_date", expected="填写信息员姓名时须填聘任日期")
