"""Silence is judged by hours of work and by one's own habit."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from services.aggregation.heard import Heard
from services.aggregation.silence import State, at_work, message, states, usual_seconds
from services.chassis.domain.dates import SHANGHAI
from services.chassis.domain.hours import WorkingHours
from services.chassis.domain.profile import Office, Profile

HOUR, DAY = 3600, 9 * 3600
HOURS = WorkingHours()
SOURCE = "geju/mediation"
OFFICES = (
    Office("01", "测试一所", "测试一街道", "street", date(2008, 1, 1)),
    Office("02", "测试二所", "测试二街道", "street", date(2012, 3, 19)),
    Office("03", "测试三所", "测试三街道", "street", date(2008, 1, 1), date(2011, 12, 31)),
)
PROFILE = Profile("00", "测试区", True, date(2008, 1, 1), OFFICES, (), (), (), (), (), (), 5)  # noqa: FBT003


def at(text: str) -> datetime:
    """Return an instant of 2012, given as in Shanghai."""
    return datetime.fromisoformat(f"2012-{text}").replace(tzinfo=SHANGHAI)


def heard(last: str, hours: tuple[datetime, ...], office: str = "01") -> Heard:
    """Return what was heard of an office since the year began."""
    return Heard(SOURCE, office, at("01-04 09:00"), at(last), hours)


# An hour after the other, on ten working days; every second working day at nine; the same at night.
BUSY = tuple(at(f"03-{day:02} {hour:02}:00") for day in range(5, 17) for hour in range(9, 17))
SLOW = tuple(at(f"{day} 09:00") for day in (
    "01-05", "01-10", "01-12", "01-16", "01-18", "01-31", "02-02", "02-06", "02-08", "02-10", "02-14", "02-16",
))  # fmt: skip
NIGHT = tuple(at(f"03-{day:02} 02:00") for day in range(1, 20))


@pytest.mark.parametrize(
    ("active", "least", "expected"),
    [
        (BUSY, HOUR, 6 * HOUR),  # from hour to hour, and two from an evening to the morning, more than one in twenty
        (BUSY, DAY, DAY),  # no office is silent within a day
        (SLOW, DAY, 3 * 6 * DAY),  # the longest of eleven gaps: Spring Festival took none of its six days of work
        (BUSY[:5], HOUR, 5 * DAY),  # too few to make a habit
        ((), DAY, 5 * DAY),
        (NIGHT, HOUR, 5 * DAY),  # what is taken over at night is none
        ((*BUSY, *NIGHT), HOUR, 6 * HOUR),
    ],
)
def test_usual_is_three_times_ones_own_gaps(active: tuple[datetime, ...], least: int, expected: int) -> None:
    """By the active hours of work alone, and never less than what is granted to all."""
    assert expected == usual_seconds(at_work(HOURS, active), HOURS, [heard("03-20 09:00", active)], least)


@pytest.mark.parametrize(
    ("last", "now", "seconds", "silent"),
    [
        ("03-16 16:40", "03-16 17:00", 20 * 60, False),
        ("03-16 16:40", "03-17 23:00", 50 * 60, False),  # a Friday evening, then the weekend
        ("03-16 16:40", "03-19 08:00", 50 * 60, False),  # Monday, before work
        ("03-16 16:40", "03-19 16:00", 50 * 60 + DAY - 5400, False),
        ("03-16 16:40", "03-20 08:41", 50 * 60 + DAY + 660, True),
        ("03-19 02:00", "03-20 08:30", DAY, False),  # heard of at night is heard of
        ("03-21 09:00", "03-20 09:00", 0, False),  # another machine's clock is ahead
    ],
)
def test_an_office_is_silent_after_a_day_of_work(last: str, now: str, seconds: int, silent: bool) -> None:  # noqa: FBT001
    """Where it is usual to send something every hour; no time passes at night and on weekends."""
    found = states(PROFILE, [], [heard(last, BUSY)], at(now))
    one = next(state for state in found if state.unit == "01")
    assert (at(last), False, seconds, silent) == (one.since, one.never, one.seconds, one.silent)


def test_a_source_is_silent_sooner() -> None:
    """It has the traffic of all offices: the newest change and the hours of any of them count."""
    of_two = [heard("03-16 16:40", BUSY), heard("03-16 12:00", BUSY[::2], "00")]
    by_time = {now: states(PROFILE, [], of_two, at(now))[0] for now in ("03-19 13:00", "03-19 15:00")}
    assert {"03-19 13:00": False, "03-19 15:00": True} == {now: state.silent for now, state in by_time.items()}
    assert {(SOURCE, "", at("03-16 16:40"))} == {(s.source, s.unit, s.since) for s in by_time.values()}


def test_who_never_sent_anything_is_silent_from_the_day_it_should_have_begun() -> None:
    """An office from its founding, a source from the district's first change, each after a day of work."""
    found = states(PROFILE, ["geju/legalaid", SOURCE], [heard("03-20 09:00", BUSY)], at("03-20 10:00"))
    assert [
        ("geju/legalaid", "", at("01-04 09:00"), True, True),
        (SOURCE, "", at("03-20 09:00"), False, False),
        ("", "01", at("03-20 09:00"), False, False),
        ("", "02", at("03-19 00:00"), True, True),
    ] == [(s.source, s.unit, s.since, s.never, s.silent) for s in found]


def test_nobody_is_silent_before_anything_was_heard() -> None:
    """A system that nothing was entered into yet has no habit to compare with."""
    assert [] == states(PROFILE, [SOURCE], [], at("03-20 10:00"))


def test_a_state_is_told_in_words() -> None:
    """Since when, how long in time of work, and what would be usual."""
    state = State("", "01", at("03-16 16:40"), False, 2 * DAY, 3 * HOUR)  # noqa: FBT003
    told = message(state, PROFILE)
    text = "测试一所自 2012-03-16 16:40 起没有新数据,已 2.0 个工作日(通常不超过 3.0 个工作小时)"
    assert ("测试一所", text) == (told.label, told.text)
    never = message(State("geju/legalaid", "", at("03-16 16:40"), True, 2 * DAY, DAY), PROFILE)  # noqa: FBT003
    assert "geju/legalaid自 2012-03-16 16:40 起从未有过数据,已 2.0 个工作日(通常不超过 1.0 个工作日)" == never.text
