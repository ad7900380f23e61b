"""Who has been silent for unusually long, of sources and offices: by hours of work and by their own habit.

An active hour is a clock hour, at least partly of work, in which something was recorded; how much, and what was
recorded at night, says nothing of the habit. The gaps between the active hours of the last 90 days, in time of work,
are the habit. Usual is three times the gap that 95 of 100 do not exceed, and never less than a day of work for an
office, an hour of work for a source. With fewer than ten gaps there is no habit yet: five days of work are usual.
Whoever never sent anything should have begun with the district, or when the office was founded; a day of work is
granted.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from geju.aggregation.v1 import silence_pb2

from services.aggregation.heard import Heard
from services.chassis.domain.dates import SHANGHAI, today
from services.chassis.domain.hours import WorkingHours
from services.chassis.domain.profile import Profile

WINDOW = timedelta(days=90)
HOUR = timedelta(hours=1)
#: How many times the longest of a habit's gaps is still usual.
TIMES = 3
#: The share of the gaps that a habit's longest is not exceeded by, in percent.
PERCENT = 95
#: Gaps that make a habit, and days of work that are usual without one.
FEWEST, WITHOUT_HABIT = 10, 5


@dataclass(frozen=True, slots=True)
class State:
    """How long a source or an office has sent nothing: seconds of work since, and up to which it is usual."""

    source: str
    unit: str
    since: datetime
    never: bool
    seconds: int
    usual: int

    @property
    def silent(self) -> bool:
        """It is unusually long."""
        return self.seconds > self.usual


def states(profile: Profile, sources: Collection[str], heard: Sequence[Heard], now: datetime) -> list[State]:
    """Return the state of every source, then of every office in force; none before anything was ever heard."""
    if not heard:
        return []
    began, found = min(one.first for one in heard), []
    # Made once for all: offices are active in much the same hours.
    work = at_work(profile.hours, (hour for one in heard for hour in one.hours))
    for source in sorted({*sources, *(one.source for one in heard)}):
        of_source = [one for one in heard if one.source == source]
        usual = usual_seconds(work, profile.hours, of_source, int(HOUR.total_seconds()))
        found.append(_state(profile.hours, (source, ""), of_source, usual, (began, now)))
    for office in (o for o in profile.offices if o.in_force(today(now))):
        founded = datetime.combine(office.valid_from, time(), SHANGHAI)
        of_office = [one for one in heard if one.office == office.code]
        usual = usual_seconds(work, profile.hours, of_office, profile.hours.of_day)
        found.append(_state(profile.hours, ("", office.code), of_office, usual, (max(began, founded), now)))
    return found


def _state(
    hours: WorkingHours, who: tuple[str, str], heard: Sequence[Heard], usual: int, when: tuple[datetime, datetime]
) -> State:
    (source, unit), (began, now), never = who, when, not heard
    since = began if never else max(one.last for one in heard)
    return State(source, unit, since, never, hours.between(since, now), usual)


def at_work(hours: WorkingHours, active: Iterable[datetime]) -> dict[datetime, int]:
    """Return the clock hours that are at least partly of work, each with the seconds of work since the first."""
    found: dict[datetime, int] = {}
    passed, before = 0, None
    for hour in sorted({*active}):
        passed += 0 if before is None else hours.between(before, hour)
        before = hour
        if hours.between(hour, hour + HOUR):
            found[hour] = passed
    return found


def usual_seconds(work: Mapping[datetime, int], hours: WorkingHours, heard: Sequence[Heard], least: int) -> int:
    """Return the seconds of work up to which silence is usual; `work` are active hours as of `at_work`."""
    if not heard:
        return hours.of_day
    active = sorted(work[hour] for hour in {hour for one in heard for hour in one.hours} if hour in work)
    gaps = sorted(later - earlier for earlier, later in pairwise(active))
    if len(gaps) < FEWEST:
        return WITHOUT_HABIT * hours.of_day
    return max(TIMES * gaps[math.ceil(len(gaps) * PERCENT / 100) - 1], least)


def message(state: State, profile: Profile) -> silence_pb2.Silence:
    """Return a state for people."""
    label = profile.office(state.unit).zh if state.unit else state.source
    told = silence_pb2.Silence(
        source=state.source,
        unit=state.unit,
        label=label,
        never=state.never,
        working_seconds=state.seconds,
        usual_seconds=state.usual,
        text=words(state, label, profile.hours),
    )
    told.since_time.FromDatetime(state.since)
    return told


def words(state: State, label: str, hours: WorkingHours) -> str:
    """Return what is said of a state, in Chinese."""
    since = f"{state.since.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    long, usual = (_length(seconds, hours.of_day) for seconds in (state.seconds, state.usual))
    never = "从未有过数据" if state.never else "没有新数据"
    return f"{label}自 {since} 起{never},已 {long}(通常不超过 {usual})"


def _length(seconds: int, day: int) -> str:
    """Return a length of work: in hours below a day."""
    return f"{seconds / 3600:.1f} 个工作小时" if seconds < day else f"{seconds / day:.1f} 个工作日"
