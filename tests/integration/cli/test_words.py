"""What the command says when it does nothing, or something other than was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.installation import Installation


def test_a_file_without_a_good_row_is_not_written(installation: Installation, tmp_path: Path) -> None:
    """With --partial, too, nothing of a file with bad rows only is written, and that is what is said."""
    sheet = tmp_path / "centre.csv"
    sheet.write_text("司法所,编号,名称,层级,起始日期\nwuma,C-9,测试甲中心,街道级,2099-01-01\n")
    done = installation.geju("import", "centre", str(sheet), "--partial", "-o", "json")
    assert (1, False) == (done.returncode, json.loads(done.stdout)["written"])
    assert "没有写入任何一行" in done.stderr
    assert "--partial" not in done.stderr


def test_a_token_for_no_office_is_issued_with_a_warning(installation: Installation) -> None:
    """An office that the profile does not have may come yet: its token is issued, and the slip is named."""
    known, unknown = (
        installation.geju("token", "--role", "clerk", "--office", name) for name in ("五马司法所", "nowhere")
    )
    assert (0, "") == (known.returncode, known.stderr)
    assert (0, True) == (unknown.returncode, "没有司法所“nowhere”" in unknown.stderr)
    assert unknown.stdout.count(".") == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("board", "--unit", "nowhere"), "nowhere"),
        (("indicator", "mediation.nothing"), "mediation.nothing"),
        (("board", "--period", "2200"), "期间"),
        (("warnings", "--date", "2200-01-01"), "截止日期"),
    ],
)
def test_a_refusal_names_its_field_in_chinese(
    installation: Installation, arguments: tuple[str, ...], words: str
) -> None:
    """No line of an error begins with a field as programs call it."""
    done = installation.geju(*arguments)
    assert 1 == done.returncode
    assert words in done.stderr
    heads = [line.removeprefix("错误:").partition(":")[0] for line in done.stderr.splitlines()]
    assert not any(head.replace("_", "").isalpha() and head.isascii() for head in heads), done.stderr
