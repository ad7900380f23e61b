"""Which numbers point at a person."""

from __future__ import annotations

import pytest

from services.chassis.domain.identifiers import is_identity, names_a_person


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("按99999919900101000x更正", True),
        ("旧证999999900101000", True),
        ("电话13000000000已停用", True),
        ("电话130 0000-0000", True),
        ("座机05770000000", True),
        ("", False),
        ("(2012)浙0302刑初第123号", False),
        ("2012-05-01 2012-05-31 两次登记", False),
        ("卷号20120501000012", False),
        ("第1234567890123456789号", False),
    ],
)
def test_papers_and_telephones_are_recognised(text: str, *, expected: bool) -> None:
    """Fifteen or eighteen digits, or the eleven of a telephone; days and numbers of cases are none."""
    assert expected == names_a_person(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("99999919900101000x", True), ("e00000012", True), ("无", False), ("000000000000000", False), ("12345", False)],
)
def test_a_filler_is_nobody_s_number(text: str, *, expected: bool) -> None:
    """What is written where no number is known joins nobody to anybody."""
    assert expected == is_identity(text)
