"""Hours of work: how much of them passes between two instants, nights and holidays left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.chassis.domain.calendar import is_workday
from services.chassis.domain.dates import SHANGHAI

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The spans of a working day, as times in Asia/Shanghai, in order and apart."""

    spans: tuple[tuple[time, time], ...] = ((time(8, 30), time(17, 30)),)

    @property
    def of_day(self) -> int:
        """Seconds of work in a working day."""
        noon = date(2000, 1, 1)
        return sum(int((end - start).total_seconds()) for start, end in self._on(noon))

    def between(self, since: datetime, until: datetime) -> int:
        """Return the seconds of work from one aware instant to another; 0 when there are none."""
        if until <= since:
            return 0
        first, last = (instant.astimezone(SHANGHAI) for instant in (since, until))
        if first.date() == last.date():
            return self._within(first, last)
        days = (last.date() - first.date()).days
        whole = sum(is_workday(first.date() + _DAY * i) for i in range(1, days))
        midnight = datetime.combine(last.date(), time(), SHANGHAI)
        return (
            self._within(first, first.replace(hour=23, minute=59, second=59))
            + whole * self.of_day
            + self._within(midnight, last)
        )

    def _within(self, first: datetime, last: datetime) -> int:
        """Return the seconds of work between two instants of one day."""
        if not is_workday(first.date()):
            return 0
        overlaps = (min(end, last) - max(start, first) for start, end in self._on(first.date()))
        return sum(max(0, int(overlap.total_seconds())) for overlap in overlaps)

    def _on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for begins, ends in self.spans:
            yield datetime.combine(day, begins, SHANGHAI), datetime.combine(day, ends, SHANGHAI)
