"""Broken rules, one class each: the docstring is the message to the user, filled in by the facts of the case."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

import inspect
from typing import ClassVar


class RuleError(Exception):
    """操作不符合规则。"""

    reason: ClassVar[str] = "RULE_BROKEN"
    code: ClassVar[str] = "FAILED_PRECONDITION"

    def __init__(self, field: str = "", **facts: object) -> None:
        """Name the offending field ("" for none) and the facts: codes, dates, counts; never personal values."""
        self.field = field
        self.facts = {key: str(value) for key, value in facts.items()}
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The Chinese message: the docstring with the facts filled in."""
        return self.text(self.field)

    def text(self, label: str) -> str:
        """Return the message with the offending field called by its label."""
        template = inspect.cleandoc(type(self).__doc__ or "")
        return template.format_map(_Facts(self.facts, field=label or self.field))


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


class _Invalid(RuleError):
    """请求内容不正确。"""

    reason = "INVALID_FIELD"
    code = "INVALID_ARGUMENT"


class InvalidField(_Invalid):
    """填写不正确:{expected}。"""


class UnknownOffice(_Invalid):
    """区划档案中没有代码为“{office}”的司法所,或该所当日不在有效期内。"""

    reason = "UNKNOWN_OFFICE"


class OfficeRequired(_Invalid):
    """缺少司法所:每一行都须填司法所的代码或名称。"""

    reason = "UNKNOWN_OFFICE"


class UnknownPlace(_Invalid):
    """区划档案中没有代码为“{place}”的村居,或它不属于该司法所,或当日不在有效期内。"""

    reason = "UNKNOWN_PLACE"


class FutureDate(_Invalid):
    """日期 {date} 晚于明天({latest}),不能登记尚未发生的事项。"""

    reason = "FUTURE_DATE"


class DateOrder(_Invalid):
    """日期 {date} 不能早于 {earliest}。"""

    reason = "DATE_ORDER"


class MissingRequestId(_Invalid):
    """缺少 request_id:每次变更须带一个 UUID,重试时用同一个。"""

    reason = "MISSING_REQUEST_ID"


class KeyRequired(_Invalid):
    """缺少编号:导入的每一行都须有本所编号,以便重复导入时找到同一条记录。"""

    reason = "KEY_REQUIRED"


class BadPageToken(_Invalid):
    """翻页标记无效:它属于另一个查询或已损坏,请从第一页重新查询。"""

    reason = "BAD_PAGE_TOKEN"


class ReasonRequired(_Invalid):
    """请写明理由(至少两个字,不含个人信息)。"""

    reason = "REASON_REQUIRED"


class PurposeRequired(_Invalid):
    """查阅个人记录须写明用途。"""

    reason = "PURPOSE_REQUIRED"


class PersonalWords(_Invalid):
    """“{field}”中含有证件号码、电话号码或该记录中的姓名等个人信息:审计记录长期保存、不能清除,请改写后重试。"""


class UnknownEnumValue(_Invalid):
    """不认识的选项值 {value}:客户端可能比服务端新,请升级服务或改选已有选项。"""

    reason = "UNKNOWN_ENUM_VALUE"


class BadText(_Invalid):
    """文字中含有不允许的控制字符({character}),请删除后重试。"""

    reason = "BAD_TEXT"


class UnknownEarmark(_Invalid):
    """区划档案中没有代码为“{earmark}”的专项,或该年度尚未设立。"""

    reason = "UNKNOWN_EARMARK"


class BadReference(_Invalid):
    """引用格式不正确,应为“{collection}/编号”。"""

    reason = "BAD_REFERENCE"


class UnknownReference(_Invalid):
    """所引用的记录不存在或不属于本所:{name}。"""

    reason = "UNKNOWN_REFERENCE"


class UnknownNumber(UnknownReference):
    """本所没有这个编号的{kinds}。"""


class UnknownInDistrict(UnknownReference):
    """全区没有这个编号的{kinds}。"""


class AmbiguousReference(_Invalid):
    """本所有多名同名人员,请改填编号。"""

    reason = "AMBIGUOUS_REFERENCE"


class AmbiguousNumber(AmbiguousReference):
    """全区有多条{kinds}用这个编号,请改填记录标识或全区唯一的号码。"""


class ImpossibleTransition(RuleError):
    """当前状态为“{state}”,不能执行“{action}”。"""

    reason = "IMPOSSIBLE_TRANSITION"


class NotInForce(RuleError):
    """所引用的记录在 {date} 不在有效期内。"""

    reason = "NOT_IN_FORCE"


class AlreadyRecorded(RuleError):
    """此事项已登记;如有错误请用更正。"""

    reason = "ALREADY_RECORDED"


class SpanTaken(RuleError):
    """本所已有一条有效期重叠的记录(自 {since} 起),请先终止它。"""

    reason = "ALREADY_RECORDED"


class PurposeNotCovered(RuleError):
    """专项“{earmark}”不包括用途“{purpose}”。"""

    reason = "PURPOSE_NOT_COVERED"


class OverBudget(RuleError):
    """支出超出专项“{earmark}”{year}年度可用余额:尚余 {available} 元,本次 {amount} 元。"""

    reason = "OVER_BUDGET"


class PaysARecord(RuleError):
    """此支出是“{record}”的发放凭据,不能删除,其司法所、专项、年度、类别、金额和凭证也不能改;款项有退回的,请另行登记一笔收入(拨款)。"""

    reason = "PAYS_A_RECORD"


class FileOpen(RuleError):
    """{kind}档案尚未结案(状态“{state}”),不能清除个人信息:后续的办理还要用到它们;请先结案。"""

    reason = "FILE_OPEN"


class LimitNotRunning(RuleError):
    """时限“{rule}”已完成、已届满、已中止或不再适用,不能中止或延长。"""

    reason = "LIMIT_NOT_RUNNING"


class LimitNotSuspended(RuleError):
    """时限“{rule}”未处于中止状态,不能恢复。"""

    reason = "LIMIT_NOT_SUSPENDED"


class StaleEtag(RuleError):
    """记录已被他人修改(当前版本 {current}),请重新读取后再提交。"""

    reason = "STALE_ETAG"
    code = "ABORTED"


class NotFound(RuleError):
    """没有找到记录“{name}”。"""

    reason = "NOT_FOUND"
    code = "NOT_FOUND"


class KeyTaken(RuleError):
    """本所编号“{key}”已被另一条记录使用。"""

    reason = "KEY_TAKEN"
    code = "ALREADY_EXISTS"


class RequestIdReused(RuleError):
    """该 request_id 已用于另一个请求,请为新的请求生成新的 UUID。"""

    reason = "REQUEST_ID_REUSED"
    code = "ALREADY_EXISTS"


class Unauthenticated(RuleError):
    """身份凭证无效,请重新登录。"""

    reason = "UNAUTHENTICATED"
    code = "UNAUTHENTICATED"


class PermissionDenied(RuleError):
    """您的岗位无权执行此操作。"""

    reason = "PERMISSION_DENIED"
    code = "PERMISSION_DENIED"


class SealedFile(PermissionDenied):
    """未成年人的档案一律封存,须另有查看封存档案的权限(sealed_files)方可登记或修改。"""


class SealedRecord(PermissionDenied):
    """此记录属封存范围,须有相应权限({allowed})方可登记或修改。"""


class Unavailable(RuleError):
    """服务暂时不可用,请稍后重试。"""

    reason = "UNAVAILABLE"
    code = "UNAVAILABLE"
