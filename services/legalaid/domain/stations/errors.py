"""Broken rules of stations and consultations, one class each."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class PlaceRequired(RuleError):
    """须填村居:路程时间从某一村居算起。"""

    reason = "PLACE_REQUIRED"
    code = "INVALID_ARGUMENT"


class TravelTimeTaken(RuleError):
    """该村居到此站点自 {since} 起已有一条有效期重叠的路程时间,请先终止它。"""

    reason = "SPAN_TAKEN"


class ServedOutside(RuleError):
    """起止日期须包括已登记的全部班次:{date} 有志愿服务班次。"""

    reason = "DATE_ORDER"


class HasShifts(RuleError):
    """已有 {shifts} 个志愿服务班次,不能删除;不再使用的请填写终止日期。"""

    reason = "IMPOSSIBLE_TRANSITION"


class HasTravelTimes(RuleError):
    """已有 {times} 条路程时间以此站点为终点,不能删除;停用请填写终止日期。"""

    reason = "IMPOSSIBLE_TRANSITION"
