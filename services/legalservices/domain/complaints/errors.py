"""Broken rules of complaints and sanctions, one class each: the docstring is the message to the user."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class _Invalid(RuleError):
    """请求内容不正确。"""

    code = "INVALID_ARGUMENT"


class DecidedByStep(RuleError):
    """“{field}”须由有权的人在相应环节办理,不能用登记、更正或导入代替;登记时已办结的历史投诉,由区级部门导入。"""

    reason = "DECIDED_BY_STEP"


class MadeByTheService(RuleError):
    """投诉建议由系统根据法律援助案件自动生成,不能手工登记、修改或导入;请在待处理的投诉建议上立案或不予立案。"""

    reason = "DECIDED_BY_STEP"


class ComplaintDisciplineOnly(RuleError):
    """被投诉人为本局工作人员或司法所的投诉须由纪检监察人员登记和办理,请将投诉人和材料转交区司法局纪检监察人员。"""

    reason = "COMPLAINT_DISCIPLINE_ONLY"
    code = "PERMISSION_DENIED"


class RespondentMismatch(_Invalid):
    """“{field}”与被投诉人种类不符:{expected}。"""

    reason = "RESPONDENT_MISMATCH"


class NoTieDeclaration(RuleError):
    """调查人须声明与被投诉人无利害关系(不在同一机构、无亲属关系)方可指定。"""

    reason = "NO_TIE_DECLARATION"


class TiedInvestigator(RuleError):
    """调查人所在机构就是被投诉人的机构,请另行指定调查人。"""

    reason = "TIED_INVESTIGATOR"


class NotTheInvestigator(RuleError):
    """调查情况须由指定的调查人本人登记。"""

    reason = "NOT_THE_INVESTIGATOR"


class SamePersonDecides(RuleError):
    """调查、签发、复查须由不同人员办理:“{field}”不能由{who}决定或修改。"""

    reason = "SAME_PERSON_DECIDES"


class NoFindings(RuleError):
    """尚未登记查明情况,不能作出属实、部分属实或不属实的结论。"""

    reason = "NO_FINDINGS"


class ComplainantNamed(_Invalid):
    """“{field}”含有投诉人的姓名、电话或证件号码:被投诉人会看到,或者投诉人要求匿名,请改写后重试。"""

    reason = "COMPLAINANT_NAMED"


class BeyondPowers(_Invalid):
    """{kind}须由{expected}决定:区司法局只能责令改正、谈话提醒、移送律师协会、提请市局处罚。"""

    reason = "BEYOND_POWERS"


class NotSubstantiated(RuleError):
    """投诉结论为“{outcome}”,只有属实或部分属实的投诉才能采取措施。"""

    reason = "NOT_SUBSTANTIATED"


class ExtendedBefore(RuleError):
    """办理期限已延长过一次,不能再次延长。"""

    reason = "EXTENDED_BEFORE"


class TimeOver(RuleError):
    """已超过规定期限:最迟应在 {last} 办理。"""

    reason = "TIME_OVER"


class NotTransferredIn(RuleError):
    """该投诉不是信访部门或其他机关转办的,没有须回复的转办单位。"""

    reason = "NOT_TRANSFERRED_IN"


class NoProposal(RuleError):
    """该记录不是提请市局处罚的建议,没有可登记的建议结果。"""

    reason = "NO_PROPOSAL"


class SettledBefore(RuleError):
    """该建议已于 {date} 处理,不能再次处理。"""

    reason = "SETTLED_BEFORE"


class OneSubject(_Invalid):
    """机构和执业人员须填且只填一项(被投诉人不在名册中的,请先登记机构或执业人员)。"""

    reason = "ONE_SUBJECT"
