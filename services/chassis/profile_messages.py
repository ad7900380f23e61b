"""Says in Chinese and English what is wrong with an entry of the district profile and what is expected there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """One thing wrong: the file, the path to the entry in it, and what is expected, in Chinese and English."""

    file: str
    path: str
    zh: str
    en: str

    def __str__(self) -> str:
        where = f"{self.file} {self.path}".strip()
        return f"{where}: {self.zh} / {self.en}"


_MESSAGES = {
    "missing": ("缺少这一项", "expected this entry"),
    "extra_forbidden": ("没有这一项,请检查拼写", "no such entry; check the spelling"),
    "string_pattern_mismatch": (
        "应为代码:小写字母开头,只含小写字母、数字、下划线、连字符",
        "expected a code like wuma-c01",
    ),
    "string_type": ("应为文字", "expected text"),
    "string_too_short": ("不能为空", "expected text that is not empty"),
    "string_too_long": ("文字过长,最多 {max_length} 字", "expected at most {max_length} characters"),
    "bool_type": ("应为 true 或 false", "expected true or false"),
    "int_type": ("应为整数", "expected a whole number"),
    "date_type": ("应为日期,如 2008-01-01", "expected a date like 2008-01-01"),
    "literal_error": ("应为以下之一:{expected}", "expected one of {expected}"),
    "greater_than_equal": ("不能小于 {ge}", "expected at least {ge}"),
    "less_than_equal": ("不能大于 {le}", "expected at most {le}"),
    "too_short": ("至少要有 {min_length} 项", "expected at least {min_length} entries"),
    "list_type": ("应为列表", "expected a list"),
    "dict_type": ("应为键值对", "expected a mapping"),
    "model_type": ("应为键值对", "expected a mapping"),
    "is_instance_of": ("应为数字", "expected a number"),
}


def explain(file: str, error: Mapping[str, Any]) -> Problem:
    """Turn an error of the schema into a problem that names the entry."""
    zh, en = _MESSAGES.get(error["type"], ("内容不正确", error["msg"]))
    context = error.get("ctx", {})
    return Problem(file, _path(error["loc"]), zh.format(**context), en.format(**context))


def _path(location: Iterable[str | int]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return text.lstrip(".").replace(".[key]", "")
