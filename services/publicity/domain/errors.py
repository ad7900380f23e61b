"""Broken rules of law publicity, one class each: the docstring is the message to the user."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class _Invalid(RuleError):
    """填写不正确。"""

    code = "INVALID_ARGUMENT"


class GroupTwice(_Invalid):
    """“{field}”中同一种类“{value}”填了两次,请合并为一项。"""

    reason = "GROUP_TWICE"


class TotalMismatch(_Invalid):
    """受众总人数 {people} 与各对象不符:每人计一次,应在 {least}(最多的一类)至 {most}(各类之和)之间;不填即为各类之和。"""

    reason = "TOTAL_MISMATCH"


class KeptTotalMismatch(_Invalid):
    """对象人数有变,已登记的受众总人数 {people} 不再相符:请填新的总人数({least} 至 {most}),等于各类之和的填 0。"""

    reason = "TOTAL_MISMATCH"


class NoAudience(_Invalid):
    """已举办的活动须填受众:至少一类对象的人数。"""

    reason = "NO_AUDIENCE"


class NumbersMismatch(_Invalid):
    """{part}({fewer})不能多于{whole}({more})。"""

    reason = "NUMBERS_MISMATCH"


class PlaceRequired(_Invalid):
    """“{kind}”属于村居,须填村居代码。"""

    reason = "PLACE_REQUIRED"


class PlaceKindMismatch(_Invalid):
    """“{kind}”的村居填写不符:{expected}。"""

    reason = "PLACE_KIND_MISMATCH"


class MarketRequired(_Invalid):
    """市场导引图示须填所在市场,其他阵地不填。"""

    reason = "MARKET_REQUIRED"


class NotInUse(RuleError):
    """“{field}”所填阵地在 {date} 未启用或已停用,请改填当日在用的阵地或更正日期。"""

    reason = "NOT_IN_USE"


class StateMismatch(RuleError):
    """“{field}”与活动状态不符:{expected}。"""

    reason = "STATE_MISMATCH"


class StepFact(RuleError):
    """“{field}”不能以修改变更活动状态:举办请用“登记举办”,取消请用“取消活动”;登记有误的请由所长更正。"""

    reason = "STEP_FACT"


class CancelledActivity(RuleError):
    """该编号的活动已取消,不能以导入恢复;确已举办的请由所长更正举办日期,或另用编号登记。"""

    reason = "DECIDED_BY_STEP"


class NotHeldThen(RuleError):
    """资料随活动发放的,“{field}”应为活动举办日期({expected})。"""

    reason = "STATE_MISMATCH"


class YearTaken(RuleError):
    """{year}年度已有一条记录,请修改已有的记录。"""

    reason = "YEAR_TAKEN"


class StillUsed(RuleError):
    """{date} 有{kind}引用此记录,不能删除或使有效期不含该日;请先更正或删除该引用。"""

    reason = "STILL_USED"


class HandoutsLeft(RuleError):
    """此活动名下有 {handouts} 条资料发放记录,须先删除这些记录;已举办的才能有资料发放。"""

    reason = "STILL_USED"
