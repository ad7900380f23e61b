"""A few cuts of the power: the harness itself must work wherever it can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from services.chassis.files import write_private
from tests.chaos.disk import Disk
from tests.chaos.fault import Skipped
from tests.chaos.power import cycles
from tests.chaos.power_cycle import ALWAYS, DEFAULT, ROWS, Cycle, verdict


def test_a_loss_where_none_may_be_is_named() -> None:
    """What NATS loses by its default is counted; the same loss is a fault elsewhere, and none at all is one there."""
    lost = [Cycle(row, 10, 1, 0, 0, 1.0) for row in (ALWAYS, DEFAULT)]
    assert [f"cycle 1, {ALWAYS}: {lost[0]}"] == verdict(lost)
    assert ["nothing was lost with the unsafe default"] == [
        line.partition(":")[0] for line in verdict([Cycle(DEFAULT, 10, 0, 0, 0, 1.0)])
    ]


@pytest.fixture
def disk(workspace: Path) -> Iterator[Disk]:
    """Give a small disk of the test's own."""
    with ExitStack() as stack:
        try:
            made = stack.enter_context(Disk(workspace / "disk.img", workspace / "disk", 16).lent())
        except Skipped as reason:
            pytest.skip(str(reason))
        yield made


def test_a_key_that_was_written_outlives_the_power(disk: Disk) -> None:
    """A file of secrets is there under its name as soon as the call returns: what is encrypted next depends on it."""
    key = disk.place / "key"
    write_private(key, "old")
    disk.cut_power()
    disk.restore()
    assert "old" == key.read_text("utf-8")
    write_private(key, "new")
    disk.cut_power()
    disk.restore()
    assert "new" == key.read_text("utf-8")


async def test_what_was_confirmed_outlives_the_power() -> None:
    """One store of each kind lives through a cut; NATS by its default loses something, and goes on."""
    try:
        found = [one async for one in cycles(len(ROWS), seed=1, life=1)]
    except Skipped as reason:
        pytest.skip(str(reason))
    assert [] == verdict(found)
