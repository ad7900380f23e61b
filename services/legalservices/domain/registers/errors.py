"""Broken rules of firms and practitioners, one class each: the docstring is the message to the user."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class NotLicensed(RuleError):
    """{subject}在 {date} 不在执业(许可)期内。"""

    reason = "NOT_LICENSED"


class NotLicensedInYear(RuleError):
    """{subject}在 {year} 年度没有执业(许可)的日子,不能登记该年度考核。"""

    reason = "NOT_LICENSED"


class OutsideLicence(RuleError):
    """起止日期须在该机构的许可期内({first} 至 {last})。"""

    reason = "NOT_LICENSED"


class OtherFirm(RuleError):
    """该执业人员在 {date} 不在所填机构执业。"""

    reason = "NOT_LICENSED"


class FirmKindMismatch(RuleError):
    """机构种类不符,应为{expected}。"""

    reason = "FIRM_KIND_MISMATCH"


class SameFirm(RuleError):
    """该人员已在此机构执业,无须转所。"""

    reason = "SAME_FIRM"


class FirmInUse(RuleError):
    """该机构仍有 {people} 名执业人员、{statuses} 个称号的期限在许可期之外,请先办理转所、注销或终止称号。"""

    reason = "FIRM_IN_USE"


class FirmServes(RuleError):
    """该机构仍有 {count} 项村法律顾问合同或结对的期限在许可期之外({numbers}),请先终止。"""

    reason = "FIRM_IN_USE"


class StatusTaken(RuleError):
    """该机构自 {since} 起已有同一称号,时间重叠,请先终止。"""

    reason = "SPAN_TAKEN"


class LicenceTaken(RuleError):
    """执业(许可)证号已被全区的另一条记录使用;一证一条记录,调动请办理转所。"""

    reason = "LICENCE_TAKEN"


class OneSubject(RuleError):
    """机构和执业人员须填且只填一项。"""

    reason = "ONE_SUBJECT"


class AssessedBefore(RuleError):
    """{year} 年度的考核已登记,同一对象每年度只登记一次;如有错误请修改原记录。"""

    reason = "ASSESSED_BEFORE"


class LicenceStep(RuleError):
    """“{field}”由转所、注销或终止许可登记,不能以修改或导入变更;确有错误请用更正。"""

    reason = "STEP_FACT"


class RecordInUse(RuleError):
    """该记录已被 {records} 条其他登记引用,不能删除或改变种类;停用请登记终止日期。"""

    reason = "RECORD_IN_USE"
