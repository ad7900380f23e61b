"""Broken rules of the board; the docstring is the message to the user."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class UnknownIndicator(RuleError):
    """没有代码为“{indicator}”的指标;geju indicator 列出全部指标。"""

    reason = "UNKNOWN_INDICATOR"
    code = "NOT_FOUND"


class UnknownWorkList(RuleError):
    """没有代码为“{list}”的工作清单;geju work 列出全部清单。"""

    reason = "UNKNOWN_WORK_LIST"
    code = "NOT_FOUND"


class UnknownBreakdown(RuleError):
    """指标“{indicator}”没有分项“{breakdown}”;可用:{known}。"""

    reason = "UNKNOWN_BREAKDOWN"
    code = "INVALID_ARGUMENT"


class UnknownKey(RuleError):
    """分项“{breakdown}”没有代码“{key}”;可用:{known}。"""

    reason = "UNKNOWN_KEY"
    code = "INVALID_ARGUMENT"


class UnknownPattern(RuleError):
    """没有代码为“{pattern}”的格局;可用:{known}。"""

    reason = "UNKNOWN_PATTERN"
    code = "INVALID_ARGUMENT"


class PeriodNotBegun(RuleError):
    """期间 {period} 尚未开始。"""

    reason = "PERIOD_NOT_ENDED"
    code = "INVALID_ARGUMENT"


class PeriodTooEarly(RuleError):
    """期间 {period} 早于区划档案的起始日 {first},没有可统计的记录。"""

    reason = "PERIOD_TOO_EARLY"
    code = "INVALID_ARGUMENT"


class PeriodNotEnded(RuleError):
    """期间 {period} 到 {end} 才结束,结束后方可封账。"""

    reason = "PERIOD_NOT_ENDED"


class PeriodNotMeasured(RuleError):
    """指标“{indicator}”不按此类期间统计(可用:{known})。"""

    reason = "PERIOD_NOT_MEASURED"


class FutureDay(RuleError):
    """日期 {date} 在今天({today})之后。"""

    reason = "FUTURE_DATE"
    code = "INVALID_ARGUMENT"


class NotMeasured(RuleError):
    """指标尚在首次计算,请稍后再试。"""

    reason = "NOT_MEASURED"
    code = "UNAVAILABLE"


class NotLeader(RuleError):
    """本节点不是主节点,请重试。"""

    reason = "NOT_LEADER"
    code = "UNAVAILABLE"


class RebuildRunning(RuleError):
    """正在重建,请等它完成。"""

    reason = "REBUILD_RUNNING"


class Stopping(RuleError):
    """服务正在停止,请重新连接。"""

    reason = "NOT_LEADER"
    code = "UNAVAILABLE"


class UnknownSource(RuleError):
    """没有名为“{source}”的来源;可用:{known}。"""

    reason = "UNKNOWN_SOURCE"
    code = "INVALID_ARGUMENT"


class OfficeOutOfScope(RuleError):
    """司法所“{office}”不在您可查看的范围内。"""

    reason = "OFFICE_OUT_OF_SCOPE"
    code = "PERMISSION_DENIED"


class NoSuchReport(RuleError):
    """没有报告“{report}”。"""

    reason = "NOT_FOUND"
    code = "NOT_FOUND"


class _CannotBeTried(RuleError):
    """假设不成立。"""

    reason = "CANNOT_BE_TRIED"
    code = "INVALID_ARGUMENT"


class NoSuchIndicatorToTry(_CannotBeTried):
    """没有代码为“{indicator}”的指标;应为指标代码,geju indicator 列出全部。"""


class NotAssessed(_CannotBeTried):
    """指标“{indicator}”不属于被考核的格局,不能计权;应为这些格局的指标:{known}。"""


class NamedTwice(_CannotBeTried):
    """“{named}”给了两次;每个代码只应给一个值。"""


class NoTargetToWeigh(_CannotBeTried):
    """指标“{indicator}”在 {year} 年没有目标值,不能计权;应同时给出目标,或只给有目标的指标计权。"""


class OnlyWatched(_CannotBeTried):
    """指标“{indicator}”仅监测,没有好坏之分,不能设目标;应为越高越好或越低越好的指标。"""


class NoDecimal(_CannotBeTried):
    """目标“{value}”不是数;应为小数,至多六位,如 0.98(即 98%)。"""


class TargetOutOfRange(_CannotBeTried):
    """指标“{indicator}”的目标不能是 {value};{expected}。"""


class NothingWeighed(_CannotBeTried):
    """{what}的权重合计为 0;至少应有一项大于 0。"""


class MembersDisagree(RuntimeError):
    """The members of a figure do not add up to it: the measuring is at fault, and nothing is published."""
