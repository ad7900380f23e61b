"""Command lines of the long runs."""

from __future__ import annotations

from importlib import import_module

import pytest

SENSELESS = [
    ("chaos", ["--minutes", "0"]),
    ("chaos", ["--minutes", "nan"]),
    ("chaos", ["--changes", "0"]),
    ("chaos", ["--seed", "x"]),
    ("chaos", ["--faults", "nonsense"]),
    ("chaos.power", ["--cycles", "0"]),
    ("simulation", ["--seeds", "0"]),
    ("seeded", ["nonsense"]),
    ("seeded.before", ["nonsense"]),
]


@pytest.mark.parametrize(("module", "words"), SENSELESS, ids=str)
def test_what_makes_no_sense_is_told_before_anything_begins(
    module: str, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that would try nothing does not end as if all were well: exit code 2, and a word about why."""
    name = f"tests.{module}" if module.rpartition(".")[2] in {"power", "before"} else f"tests.{module}.__main__"
    monkeypatch.setattr("sys.argv", [module, *words])
    with pytest.raises(SystemExit) as ended:
        import_module(name).main()
    assert 2 == ended.value.code
    assert "error:" in capsys.readouterr().err
