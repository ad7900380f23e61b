"""Files that are taken over beside others: in their order, and no failure is lost."""

from __future__ import annotations

import pytest

from services.cli.commands.demo_exports import Exports


def test_each_file_is_told_of_once_and_in_order() -> None:
    """Waiting again finds nothing left."""
    said: list[tuple[str, int]] = []
    exports = Exports(["a", "bb"], len)
    for _ in range(2):
        exports.finish(lambda file, size: said.append((file, size)))
    assert [("a", 1), ("bb", 2)] == said


def test_a_failure_comes_to_who_waits() -> None:
    """What was taken over before it is told of."""
    said: list[str] = []
    exports = Exports(["1", "x", "2"], int)
    with pytest.raises(ValueError, match="x"):
        exports.finish(lambda file, _: said.append(file))
    assert ["1"] == said
