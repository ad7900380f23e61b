"""What the server refuses before, or beside, any rule of the work."""

# Docstrings are Chinese messages to the user; classes are named for what happened.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class MessageTooLarge(RuleError):
    """请求过大({bytes} 字节),最多 {limit} 字节,请分批提交。"""

    reason = "MESSAGE_TOO_LARGE"
    code = "RESOURCE_EXHAUSTED"


class UnreadableMessage(RuleError):
    """请求无法解析:不是本接口的消息,或文字不是 UTF-8。"""

    reason = "UNREADABLE_MESSAGE"
    code = "INVALID_ARGUMENT"


class NotServed(RuleError):
    """服务尚未提供此操作。"""

    reason = "NOT_SERVED"
    code = "UNIMPLEMENTED"


class TookTooLong(RuleError):
    """处理超过 {seconds} 秒,已中止;请缩小范围后重试。"""

    reason = "TOOK_TOO_LONG"
    code = "DEADLINE_EXCEEDED"


class RateLimited(RuleError):
    """查询过于频繁,请一分钟后再试。"""

    reason = "RATE_LIMITED"
    code = "RESOURCE_EXHAUSTED"
