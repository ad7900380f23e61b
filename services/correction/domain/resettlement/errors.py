"""Broken rules of resettlement, one class each."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class NotRegistered(RuleError):
    """该归正人员在 {date} 不在列管期内。"""

    reason = "NOT_REGISTERED"


class NotSeparated(RuleError):
    """该人员不属人户分离,无须双列管。"""

    reason = "NOT_SEPARATED"


class OtherOffice(RuleError):
    """双列管由居住地司法所({office})确认。"""

    reason = "PERMISSION_DENIED"
    code = "PERMISSION_DENIED"


class HouseholdOffice(RuleError):
    """双列管人员的删除、撤管、户籍和居住地变更由户籍地司法所({office})办理。"""

    reason = "PERMISSION_DENIED"
    code = "PERMISSION_DENIED"


class HouseholdMoves(RuleError):
    """户籍地司法所不能以修改或导入变更;确有变动的,由管辖迁出、迁入两所的部门更正。"""

    reason = "PERMISSION_DENIED"
    code = "PERMISSION_DENIED"


class FiveYearsNotOver(RuleError):
    """列管五年期至 {due} 方满,期满前不能以此事由撤管。"""

    reason = "TIME_NOT_OVER"


class LinkStillDue(RuleError):
    """衔接期限至 {due},期满前不能认定未衔接。"""

    reason = "TIME_NOT_OVER"


class BaseFull(RuleError):
    """该基地容量 {places} 个,{date} 已安排满。"""

    reason = "BASE_FULL"


class StaysAfterEnd(RuleError):
    """基地在 {date} 之后仍有人员安排,请先结束这些安排。"""

    reason = "DATE_ORDER"


class BaseUsed(RuleError):
    """基地已有 {stays} 次人员安排,不能删除或改变种类;停用请填写终止日期。"""

    reason = "IMPOSSIBLE_TRANSITION"


class EpisodeTaken(RuleError):
    """该人员自 {since} 起已有一次失去联系的记录,时间重叠。"""

    reason = "ALREADY_RECORDED"


class PaidGrant(RuleError):
    """补助已发放,不能删除;如有错误请用更正。"""

    reason = "IMPOSSIBLE_TRANSITION"


class FileInUse(RuleError):
    """由此次解除矫正建立的归正人员档案已有登记,请先更正或删除该档案。"""

    reason = "FILE_IN_USE"
