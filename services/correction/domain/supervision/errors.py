"""Broken rules of supervision, one class each: the docstring is the message to the user."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError, SpanTaken


class _Invalid(RuleError):
    """请求内容不正确。"""

    code = "INVALID_ARGUMENT"


class TransferPending(RuleError):
    """已向“{office}”提出迁居申请,尚未办结。"""

    reason = "TRANSFER_PENDING"


class NoTransfer(RuleError):
    """没有待办的迁居申请。"""

    reason = "NO_TRANSFER"


class SameOffice(_Invalid):
    """迁入、迁出司法所相同。"""

    reason = "SAME_OFFICE"


class TimeNotOver(RuleError):
    """期限至 {due} 方届满,此前不能登记。"""

    reason = "TIME_NOT_OVER"


class OutsideTerm(RuleError):
    """日期 {date} 超出矫正期限(至 {last})。"""

    reason = "OUTSIDE_TERM"


class DutyDone(RuleError):
    """该任务已完成;如有错误请用更正。"""

    reason = "DUTY_DONE"


class DutyExcused(RuleError):
    """该任务已免除。"""

    reason = "DUTY_EXCUSED"


class NoDuty(RuleError):
    """该月没有可以登记的“{kind}”任务。"""

    reason = "NO_DUTY"


class HoursRequired(_Invalid):
    """教育学习和公益劳动须填写小时数,其他任务不填。"""

    reason = "HOURS_REQUIRED"


class NotFirstOfMonth(_Invalid):
    """月份须填当月第一日。"""

    reason = "NOT_FIRST_OF_MONTH"


class SamePersonDecides(RuleError):
    """提出措施的人不得自行决定。"""

    reason = "SAME_PERSON_DECIDES"


class DecidedByStep(RuleError):
    """审批或决定须由有权的人在相应环节办理,不能用更正或导入代替;登记时已决定的,由区级部门导入。"""

    reason = "DECIDED_BY_STEP"


class NoProposal(RuleError):
    """该措施不是向其他机关提出的建议,无需答复。"""

    reason = "NO_PROPOSAL"


class TooLong(RuleError):
    """超过规定期限:最迟至 {last}。"""

    reason = "TOO_LONG"


class DaysTaken(SpanTaken):
    """该人员自 {since} 起已有一条同类记录,时段重叠。"""


class ApproverLevel(RuleError):
    """该请假须由“{approver}”审批。"""

    reason = "APPROVER_LEVEL"
    code = "PERMISSION_DENIED"


class AwayAlready(RuleError):
    """该时段与自 {since} 起的请假重叠。"""

    reason = "AWAY_ALREADY"
