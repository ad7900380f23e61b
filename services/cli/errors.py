"""What a person sees of a failed call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc

from services.cli.failure import Exit, Failure

if TYPE_CHECKING:
    from services.chassis.client import Failure as Details

_UNREACHABLE = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}
_WORDS = {
    grpc.StatusCode.UNAVAILABLE: "服务连接不上",
    grpc.StatusCode.DEADLINE_EXCEEDED: "服务在规定时间内没有答复",
    grpc.StatusCode.CANCELLED: "调用已中断",
    grpc.StatusCode.UNIMPLEMENTED: "服务没有这个功能,客户端与服务的版本不一致",
    grpc.StatusCode.UNAUTHENTICATED: "身份凭证无效或已过期",
    grpc.StatusCode.PERMISSION_DENIED: "没有这项权限",
    grpc.StatusCode.NOT_FOUND: "没有这条记录,或不在可见范围内",
    grpc.StatusCode.RESOURCE_EXHAUSTED: "请求过大或过多",
    grpc.StatusCode.INTERNAL: "服务内部出错",
}
_ADVICE = {
    grpc.StatusCode.UNAVAILABLE: "用 geju doctor 查看各部分的状态",
    grpc.StatusCode.UNAUTHENTICATED: "用 geju token 签发新的凭证",
}


def to_failure(error: grpc.RpcError) -> Failure:
    """Return a failed call as a message in Chinese: the service's own words, field by field, where it has some."""
    code = error.code() if isinstance(error, grpc.Call) else grpc.StatusCode.UNKNOWN
    details = _details(error)
    message = details.message if details and details.reason else _WORDS.get(code, f"调用失败({code.name})")
    lines = [description for _, _, description in details.fields] if details else []
    if len(lines) == 1 and message in lines[0]:  # the line says the same, with its field and how to fill it in
        message, lines = lines[0], []
    advice = "\n".join([*lines[:20], *([_ADVICE[code]] if code in _ADVICE else [])])
    return Failure(message, Exit.UNREACHABLE if code in _UNREACHABLE else Exit.RULE, advice)


def _details(error: Any) -> Details | None:
    from services.chassis.client import Failure as Details  # noqa: PLC0415 - takes long to load, and most calls succeed

    try:
        return Details.of(error)
    except (ValueError, AttributeError):
        return None
