"""Broken rules of outreach, one class each: the docstring is the message to the user."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class VillageRequired(RuleError):
    """村法律顾问合同须填村(“一村一法律顾问”不含社区),填该村的代码。"""

    reason = "VILLAGE_REQUIRED"


class VillageTaken(RuleError):
    """该村自 {since} 起已有法律顾问合同,期限重叠;更换机构请先终止原合同。"""

    reason = "SPAN_TAKEN"


class CounselOutside(RuleError):
    """顾问的执业期至 {last} 止,合同须在该日或之前终止。"""

    reason = "NOT_LICENSED"


class PairingTaken(RuleError):
    """该机构与同一对象自 {since} 起已有结对,时间重叠,请先终止。"""

    reason = "SPAN_TAKEN"


class MemberTaken(RuleError):
    """同一成员的任期重叠(另一段自 {since} 起),请合并或改正日期。"""

    reason = "SPAN_TAKEN"


class PartnerMismatch(RuleError):
    """结对对象与种类不符:{expected}。"""

    reason = "PARTNER_MISMATCH"


class NotAMember(RuleError):
    """该执业人员在 {date} 不是该顾问团成员。"""

    reason = "NOT_IN_FORCE"


class OutsideGroup(RuleError):
    """成员任期须在顾问团存续期内({first} 至 {last})。"""

    reason = "NOT_IN_FORCE"


class RecordsOutside(RuleError):
    """已有 {date} 的{kinds}登记在此期限之外,请先更正或删除。"""

    reason = "DATE_ORDER"
