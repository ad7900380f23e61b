"""Broken rules of disputes and sessions, one class each: the docstring is the message to the user."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class _Invalid(RuleError):
    """请求内容不正确。"""

    code = "INVALID_ARGUMENT"


class NotInOffice(RuleError):
    """调解员在 {date} 不在任。"""

    reason = "NOT_IN_OFFICE"


class PartiesRequired(RuleError):
    """须先登记双方当事人(申请人和被申请人)。"""

    reason = "PARTIES_REQUIRED"


class ReferrerRequired(RuleError):
    """移送、委托的纠纷须登记移送单位。"""

    reason = "REFERRER_REQUIRED"


class MediatorRequired(RuleError):
    """须指定责任调解员。"""

    reason = "MEDIATOR_REQUIRED"


class GroundRequired(_Invalid):
    """请选择事由。"""

    reason = "GROUND_REQUIRED"


class MajorGroundRequired(_Invalid):
    """重大纠纷须注明重大事由;非重大纠纷不填。"""

    reason = "MAJOR_GROUND_REQUIRED"


class NotMajor(RuleError):
    """该纠纷不是重大纠纷,无需登记讨论。"""

    reason = "NOT_MAJOR"


class OutcomeRequired(_Invalid):
    """请选择办结结果:达成协议、调解不成或当事人拒绝。"""

    reason = "OUTCOME_REQUIRED"


class AgreementRequired(_Invalid):
    """达成协议的须登记协议及其形式;未达成协议的不得登记协议。"""

    reason = "AGREEMENT_REQUIRED"


class WrittenAgreementRequired(RuleError):
    """当事人要求、未当场履行或属重大纠纷的,须制作书面协议。"""

    reason = "WRITTEN_AGREEMENT_REQUIRED"


class FulfilmentDueRequired(_Invalid):
    """未当场履行的协议须约定履行期限;当场履行的不填。"""

    reason = "FULFILMENT_DUE_REQUIRED"


class StatusNotConfirmable(RuleError):
    """涉及身份关系、收养关系、婚姻关系的协议不能申请司法确认。"""

    reason = "STATUS_NOT_CONFIRMABLE"


class ConfirmationTooEarly(RuleError):
    """协议生效时({date})尚无司法确认制度。"""

    reason = "CONFIRMATION_TOO_EARLY"


class ConfirmationTooLate(RuleError):
    """共同申请司法确认的期限已于 {due} 届满。"""

    reason = "CONFIRMATION_TOO_LATE"


class ConfirmationNotApplied(RuleError):
    """尚未申请司法确认。"""

    reason = "CONFIRMATION_NOT_APPLIED"


class NoReferrer(RuleError):
    """该纠纷没有移送单位,无需反馈。"""

    reason = "NO_REFERRER"


class NoRunningLimit(RuleError):
    """该纠纷没有正在计时的办结期限。"""

    reason = "NO_RUNNING_LIMIT"


class LimitNotSuspendable(RuleError):
    """时限“{rule}”不得中止。"""

    reason = "LIMIT_NOT_SUSPENDABLE"


class LimitNotExtendable(RuleError):
    """时限“{rule}”不得约定延长。"""

    reason = "LIMIT_NOT_EXTENDABLE"


class ExtensionTooLate(RuleError):
    """约定延长须在期限届满({due})前作出。"""

    reason = "EXTENSION_TOO_LATE"


class EvidenceRequired(_Invalid):
    """请写明防止激化的依据。"""

    reason = "EVIDENCE_REQUIRED"


class StepFact(RuleError):
    """“{field}”由相应环节登记,不能直接修改;确有错误请用更正。"""

    reason = "STEP_FACT"


class StateMismatch(RuleError):
    """“{field}”与纠纷当前状态“{state}”不符。"""

    reason = "STATE_MISMATCH"


class BehindRecord(RuleError):
    """系统中的记录已到“{state}”、调解 {sessions} 场,表格中的这一行落后于它;请先补全表格,确需退回的请用更正。"""

    reason = "STATE_MISMATCH"
