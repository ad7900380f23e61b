"""Business time comes from one place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.chassis.clock import ManualClock, SystemClock


def test_the_system_clock_is_moved_by_its_offset() -> None:
    """An offset moves the system clock by just that."""
    moved = SystemClock(timedelta(days=-400)).now() - SystemClock().now()
    assert timedelta(days=-400) == timedelta(days=round(moved / timedelta(days=1)))


def test_a_manual_clock_stands_still() -> None:
    """A manual clock moves only when told."""
    clock = ManualClock(datetime(2012, 3, 1, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance(timedelta(hours=1))
    assert datetime(2012, 3, 1, 1, tzinfo=UTC) == clock.now()
    clock.set(datetime(2011, 1, 1, tzinfo=UTC))
    assert datetime(2011, 1, 1, tzinfo=UTC) == clock.now()


def test_an_instant_without_zone_is_refused() -> None:
    """A clock cannot be set to an instant that could mean several."""
    with pytest.raises(ValueError, match="time zone"):
        ManualClock(datetime(2012, 3, 1))  # noqa: DTZ001
