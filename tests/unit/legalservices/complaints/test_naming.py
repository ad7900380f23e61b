"""A text that tells who complained is known by the name, the telephone or the identity number."""

from __future__ import annotations

from typing import Any

import pytest
from geju.legalservices.v1 import complaint_pb2

from services.legalservices.domain.complaints.naming import names_complainant

WHO = complaint_pb2.Complaint(
    complainant_name="示例甲", complainant_phone="138-0000-1234", complainant_id_number="33030019700101999x"
)


def of(**fields: Any) -> complaint_pb2.Complaint:
    """Return a complaint of somebody of whom only this is known."""
    return complaint_pb2.Complaint(**fields)


@pytest.mark.parametrize(
    "text",
    [
        "经查,示例甲反映的情况属实",
        "经查,示 例 甲反映的情况属实",
        "示·例·甲",
        "示\u200b例\n甲",
        "示__例甲",
        "电话13800001234",
        "电话138 0000 1234",
        "电话138-0000-1234",
        "电话138—0000—1234",
        "电话+8613800001234",
        "(138)00001234",
        "证件33030019700101999X",
        "证件330300 19700101 999x",
    ],
)
def test_a_text_that_tells_is_known(text: str) -> None:
    """Name, telephone and identity number are found spaced, dotted and in any width."""
    assert names_complainant(text, WHO)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "投诉人反映的情况属实",
        "举一示。例甲、例乙",
        "示例乙",
        "收费13800001元",
        "电话13800001235",
        "证件330300197001019991",
    ],
)
def test_a_text_that_does_not_tell_passes(text: str) -> None:
    """Neither other names and numbers nor characters of two sentences are taken for the complainant's."""
    assert not names_complainant(text, WHO)


@pytest.mark.parametrize("text", ["反映", "不详", "匿名", "金额不详", ""])
def test_nobody_is_named_where_nobody_is_known(text: str) -> None:
    """Of an unknown complainant nothing can be told, and what stands for no name is no name."""
    for unknown in (of(), of(complainant_name="匿名"), of(complainant_name="不详", complainant_phone="无")):
        assert not names_complainant(text, unknown)


@pytest.mark.parametrize(
    ("phone", "text", "expected"),
    [
        ("0577-88001234", "致电88001234", True),
        ("0577-88001234", "致电(0577)8800-1234", True),
        ("+86 138 0000 1234", "致电13800001234", True),
        ("13800001234/88001234", "致电88001234", True),
        ("13800001234、61234", "短号61234。", True),
        ("61234", "编号2012612345", False),
        ("1234", "1234元", False),
    ],
)
def test_a_telephone_is_known_without_its_codes(phone: str, text: str, *, expected: bool) -> None:
    """Codes of country and city do not matter, each of several numbers counts, few digits are no telephone."""
    assert expected == names_complainant(text, of(complainant_phone=phone))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("An Li", "known as AN LI here", True),
        ("An Li", "a man like others", False),
        ("示例", "示例", True),
        ("李", "李律师", False),
        ("买买提·示例", "买买提示例", True),
    ],
)
def test_names_of_every_kind_are_known(name: str, text: str, *, expected: bool) -> None:
    """Foreign names are whole words, dots in names do not matter, and one character is nobody's name."""
    assert expected == names_complainant(text, of(complainant_name=name))


def test_patterns_of_values_are_plain_text() -> None:
    """What is special in a search pattern is not in a name."""
    assert not names_complainant("示例乙", of(complainant_name="示.*"))
    assert not names_complainant("任何文字", of(complainant_name="(", complainant_id_number="[", complainant_phone="*"))
