"""Broken rules of registers, rounds and statements, one class each; those that disputes share are in errors.py."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class _Invalid(RuleError):
    """请求内容不正确。"""

    reason = "INVALID_FIELD"
    code = "INVALID_ARGUMENT"


class HostRequired(_Invalid):
    """派驻窗口须填派驻单位类别,其他类别的调委会不填。"""

    reason = "HOST_REQUIRED"


class PlacesRequired(_Invalid):
    """村、社区调委会须填所服务的村居。"""

    reason = "PLACES_REQUIRED"


class NotFirstOfMonth(_Invalid):
    """月份须填当月第一日,如 2012-03-01。"""

    reason = "NOT_FIRST_OF_MONTH"


class RoundExists(RuleError):
    """本所 {month} 的每月排查已经登记;重点时段排查请注明。"""

    reason = "ROUND_EXISTS"


class FewerThanLinked(_Invalid):
    """填写的数量 {count} 少于已关联的纠纷数 {linked}。"""

    reason = "FEWER_THAN_LINKED"


class TwoEndings(_Invalid):
    """预警不能既已化解又未化解关闭,化解日期和关闭日期只能填一个。"""

    reason = "STATE_MISMATCH"


class MonthNotEnded(_Invalid):
    """{month} 尚未结束,不能结算。"""

    reason = "MONTH_NOT_ENDED"


class NoScheme(RuleError):
    """本所在 {month} 没有生效的以奖代补方案。"""

    reason = "NO_SCHEME"


class NoRates(RuleError):
    """区划档案中没有 {on} 生效的计件标准。"""

    reason = "NO_RATES"


class StatementExists(RuleError):
    """该调解员 {month} 的结算单已存在。"""

    reason = "STATEMENT_EXISTS"


class NothingToPay(RuleError):
    """没有可发放的金额。"""

    reason = "NOTHING_TO_PAY"


class StatementFixed(RuleError):
    """结算单已审批或发放,调解员和月份不能再改。"""

    reason = "STEP_FACT"


class StaleDraft(RuleError):
    """草稿与当前的纠纷记录不一致,请重新生成后再审批。"""

    reason = "STATE_MISMATCH"
