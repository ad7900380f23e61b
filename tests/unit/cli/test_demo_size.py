"""What the command understands as a size, and what it says of the pace of a load."""

from __future__ import annotations

import pytest

from services.cli.commands.demo_amount import factor
from services.cli.commands.demo_pace import Pace
from services.cli.failure import Failure


@pytest.mark.parametrize(
    ("size", "expected"), [("street", 0.05), ("District", 1), ("市", 10), ("province", 100), ("0.2", 0.2), (" 3 ", 3)]
)
def test_a_size_is_a_name_or_a_number(size: str, expected: float) -> None:
    """In both languages, whatever the case."""
    assert expected == factor(size)


@pytest.mark.parametrize("size", ["", "huge", "0", "-1", "1200", "nan", "inf"])
def test_another_size_is_refused_with_those_there_are(size: str) -> None:
    """Nobody loads twelve hundred districts because the option once meant disputes."""
    with pytest.raises(Failure) as refused:
        factor(size)
    assert f"不知道规模“{size}”" in str(refused.value)
    assert "city(市)" in refused.value.advice


def test_the_pace_tells_rows_a_second_and_the_time_left() -> None:
    """Of this run's rows alone, the minutes rounded up."""
    pace = Pace(100_000, now=50.0)
    pace.done(10_000)
    assert ";每秒 1,000 行,大约还需 2 分钟" == pace.told(60.0)


def test_a_long_load_is_told_of_in_hours() -> None:
    """Whoever loads a province goes home meanwhile."""
    pace = Pace(13_000_000, now=0.0)
    pace.done(10_000)
    assert ";每秒 1,000 行,大约还需 3 小时 37 分钟" == pace.told(10.0)


@pytest.mark.parametrize(
    ("left", "rows", "now"), [(1000, 0, 9.0), (1000, 500, 1.0), (1000, 900, 10.0), (500, 500, 60.0)]
)
def test_nothing_is_told_of_short_waits_and_without_a_measure(left: int, rows: int, now: float) -> None:
    """The small demonstration stays as quiet as it was."""
    pace = Pace(left, now=0.0)
    pace.done(rows)
    assert not pace.told(now)
