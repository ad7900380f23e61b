"""Time of work passes on working days, within the hours."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from services.chassis.domain.dates import SHANGHAI
from services.chassis.domain.hours import WorkingHours

HOUR, DAY = 3600, 9 * 3600
USUAL = WorkingHours()
BREAK = WorkingHours(((time(8, 30), time(12)), (time(14), time(17, 30))))


def at(text: str) -> datetime:
    """Return an instant of 2012, given as in Shanghai."""
    return datetime.fromisoformat(f"2012-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("03-20 09:00", "03-20 10:00", HOUR),
        ("03-20 10:00", "03-20 09:00", 0),
        ("03-20 07:00", "03-20 09:30", HOUR),
        ("03-20 16:30", "03-20 23:59", HOUR),
        ("03-20 16:30", "03-21 09:30", 2 * HOUR),  # a night between
        ("03-20 17:30", "03-21 08:30", 0),
        ("03-16 16:30", "03-19 09:30", 2 * HOUR),  # a weekend between
        ("03-19 08:30", "03-23 17:30", 5 * DAY),  # a week
        ("09-29 12:00", "09-29 13:00", HOUR),  # a Saturday that people work, for the holiday
        ("10-01 09:00", "10-07 17:00", 0),  # the holiday
        ("04-02 09:00", "04-04 17:00", 0),  # Qingming, its Monday and Tuesday included
    ],
)
def test_only_time_of_work_passes(since: str, until: str, expected: int) -> None:
    """Nights, weekends and holidays pass no time; working days in exchange for a holiday do."""
    assert expected == USUAL.between(at(since), at(until))


def test_a_break_is_no_work() -> None:
    """What lies between two spans is left out, and the day is as long as its spans."""
    assert 2 * HOUR == BREAK.between(at("03-20 11:00"), at("03-20 15:00"))
    assert 7 * HOUR == BREAK.of_day == BREAK.between(at("03-20 00:00"), at("03-21 00:00"))


def test_time_of_work_adds_up() -> None:
    """From one instant to a third it is what it is to the second and from there on."""
    instants = [at(f"03-{day:02} {hour:02}:17") for day in range(14, 22) for hour in (3, 9, 13, 17, 22)]
    first, last = instants[0], instants[-1]
    for middle in instants:
        assert USUAL.between(first, last) == USUAL.between(first, middle) + USUAL.between(middle, last)
