"""Chinese labels of what requests have beside records: paging, scope, filters. Records have theirs in the contract."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import Descriptor

from services.chassis.contract import kind_option, label

COMMON: Mapping[str, str] = MappingProxyType({
    "all": "全部",
    "all_units": "各单位",
    "as_of_date": "截止日期",
    "breakdown": "分项",
    "bucket": "分组",
    "document": "文书",
    "due_within_days": "天数",
    "etag": "版本",
    "filter": "筛选条件",
    "identity_number": "证件号码",
    "heads": "链头",
    "ids": "标识",
    "indicator": "指标",
    "key": "编号",
    "kind": "种类",
    "name": "标识",
    "new_epoch": "纪元",
    "note": "说明",
    "office": "司法所",
    "page_size": "每页条数",
    "page_token": "翻页标记",
    "part": "部分",
    "pattern": "格局",
    "patterns": "格局",
    "person_name": "姓名",
    "place": "村居",
    "points": "期数",
    "purpose": "用途",
    "reason": "理由",
    "record": "记录",
    "request_id": "请求标识",
    "rows": "表格的行",
    "source": "来源",
    "state": "状态",
    "unit": "单位",
    "update_mask": "要改的字段",
    "validate_only": "只检查",
})  # fmt: skip
_BOUNDS = ("_from", "_to", "_exact")


def request_label(descriptor: Descriptor, path: str) -> str:
    """Return the label of a request's field that has none of its own; empty when it is called nothing."""
    holder, _, name = path.rpartition(".")
    if holder == "filter":
        return _filtered(descriptor, name) or COMMON.get(name, "")
    field = descriptor.fields_by_name.get(path)
    record = None if field is None else field.message_type
    return COMMON.get(path, "") or (kind_option(record).zh if record is not None else "")


def _filtered(descriptor: Descriptor, name: str) -> str:
    """Return the label of the record's field that a filter is about: `closed_date_from` of DisputeFilter, 办结日期."""
    field = descriptor.fields_by_name.get("filter")
    if field is None or field.message_type is None:
        return ""
    try:
        record = descriptor_pool.Default().FindMessageTypeByName(field.message_type.full_name.removesuffix("Filter"))
    except KeyError:
        return ""
    bare = next((name.removesuffix(bound) for bound in _BOUNDS if name.endswith(bound)), name)
    return label(record, name) or label(record, bare)
