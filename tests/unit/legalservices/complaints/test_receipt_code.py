"""The code on a receipt: random, easy to read out, and known again however it was written."""

from __future__ import annotations

import re

import pytest

from services.legalservices.domain.complaints.receipt_code import ALPHABET, LENGTH, fresh, normalised


def test_a_code_is_eighty_random_bits_in_four_groups() -> None:
    """Every bit counts; two codes differ; the form is one that can be read out."""
    assert (32, 80) == (len(set(ALPHABET)), LENGTH * 5)
    assert not set("01OI") & set(ALPHABET)
    codes = {fresh(lambda bits, bit=bit: (1 << bit) % (1 << bits)) for bit in range(80)}
    assert len(codes) == 80
    assert fresh() != fresh()
    assert re.fullmatch(f"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{3}}", fresh())
    assert (fresh(lambda _: 0), fresh(lambda bits: (1 << bits) - 1)) == ("2222-2222-2222-2222", "ZZZZ-ZZZZ-ZZZZ-ZZZZ")


@pytest.mark.parametrize(
    "written",
    [
        "abcd-efgh-jklm-2345", "ABCDEFGHJKLM2345", " abcd efgh jklm 2345 ", "ABCD EFGH JKLM 2345",
        "ABCD–EFGH—JKLM-2345", "abcd\tefgh\njklm 2345",
    ],
)  # fmt: skip
def test_case_width_spaces_and_hyphens_do_not_matter(written: str) -> None:
    """A code is found however a person types it."""
    assert normalised(written) == "ABCD-EFGH-JKLM-2345"


@pytest.mark.parametrize(
    "written",
    ["", " ", "ABCD", "ABCD-EFGH-JKLM-2340", "ABCD-EFGH-JKLM-23456", "张某某", "ABCD_EFGH_JKLM_2345", "0" * 16],
)
def test_what_is_no_code_is_none(written: str) -> None:
    """A text of another form is no code."""
    assert normalised(written) == ""


def test_a_fresh_code_is_stored_as_it_is_looked_for() -> None:
    """What is put into the record is what a look-up asks for."""
    code = fresh()
    assert code == normalised(code) == normalised(code.lower().replace("-", " "))
