"""Says protovalidate's messages in Chinese."""

from __future__ import annotations

import re

_EXACT = {
    "required": "必填",
    "string.uuid": "应为 UUID",
    "string.uuid_empty": "必填,应为 UUID",
    "string.email": "应为电子邮件地址",
    "string.email_empty": "必填,应为电子邮件地址",
    "string.pattern": "格式不正确",
    "enum.not_in": "必填,请选择一项",
    "repeated.unique": "不能有重复项",
    "string.in": "不在允许的取值之内",
    "int32.in": "不在允许的取值之内",
    "int64.in": "不在允许的取值之内",
}
_NUMBER = r"(-?[\d.]+)"
_PHRASES = [
    (re.compile(rf"must be at least {_NUMBER} characters"), r"至少 \1 个字"),
    (re.compile(rf"must be at most {_NUMBER} characters"), r"最多 \1 个字"),
    (re.compile(rf"must be {_NUMBER} characters"), r"应为 \1 个字"),
    (re.compile(rf"must be at least {_NUMBER} bytes"), r"至少 \1 字节"),
    (re.compile(rf"must be at most {_NUMBER} bytes"), r"最多 \1 字节"),
    (re.compile(rf"must contain at least {_NUMBER} item\(s\)"), r"至少 \1 项"),
    (re.compile(rf"must contain no more than {_NUMBER} item\(s\)"), r"最多 \1 项"),
    (re.compile(rf"must be greater than or equal to {_NUMBER}"), r"应不小于 \1"),
    (re.compile(rf"must be greater than {_NUMBER}"), r"应大于 \1"),
    (re.compile(rf"must be less than or equal to {_NUMBER}"), r"应不大于 \1"),
    (re.compile(rf"must be less than {_NUMBER}"), r"应小于 \1"),
    (re.compile(rf" and less than or equal to {_NUMBER}"), r",且不大于 \1"),
    (re.compile(rf" and less than {_NUMBER}"), r",且小于 \1"),
    (re.compile(rf"must equal {_NUMBER}"), r"应等于 \1"),
]


def translate(rule_id: str, message: str) -> str:
    """Return a broken rule's message in Chinese; rules of one's own, written in Chinese, stay as they are."""
    exact = _EXACT.get(rule_id)
    if exact is not None:
        return exact
    for pattern, replacement in _PHRASES:
        message = pattern.sub(replacement, message)
    return message if not message.isascii() else f"填写不正确({message})"
