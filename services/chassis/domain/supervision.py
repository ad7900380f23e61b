"""What a district's profile says of supervision and of looking after released persons: schedules, ladder, intervals.

Every rule has the days it is in force and its legal basis, so that a bureau can correct it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol, TypeVar

from services.chassis.domain.dates import add_months

Level = Literal["strict", "ordinary", "lenient"]
Who = Literal["strict", "ordinary", "lenient", "everyone", "key_person"]
MeasureCode = Literal[
    "praise", "reprimand", "warning", "propose_penalty", "propose_revoke", "propose_return", "propose_commute"
]
Sentence = Literal["control", "suspended", "parole", "outside_prison", "deprived_rights"]


class _Dated(Protocol):
    @property
    def valid_from(self) -> date:
        """First day in force."""

    @property
    def valid_to(self) -> date | None:
        """Last day in force; None: still in force."""


R = TypeVar("R", bound=_Dated)


def in_force(rules: Iterable[R], on: date) -> Iterable[R]:
    """Return the rules in force on a day, in their order."""
    return (rule for rule in rules if rule.valid_from <= on and (rule.valid_to is None or on <= rule.valid_to))


@dataclass(frozen=True, slots=True)
class ScheduleRule:
    """How often whom: reports to the office and visits at home; in key periods only, or always."""

    duty: Literal["report", "home_visit"]
    who: Who
    every: int
    unit: Literal["days", "months"]
    basis: str
    valid_from: date
    valid_to: date | None = None
    during: Literal["always", "key_period"] = "always"

    @property
    def stricter(self) -> bool:
        """The rule is part of the stricter schedule of key persons and key periods."""
        return self.who == "key_person" or self.during == "key_period"

    @property
    def density(self) -> int:
        """Days between two acts, about; the smallest is the strictest."""
        return self.every * (1 if self.unit == "days" else 28)

    def day(self, start: date, count: int) -> date:
        """Return the `count`-th day in time of a schedule that starts on a day."""
        if self.unit == "days":
            return start + timedelta(days=self.every * count)
        return add_months(start, self.every * count)


@dataclass(frozen=True, slots=True)
class HoursRule:
    """Hours owed in a month."""

    kind: Literal["education", "community_work"]
    hours: int
    basis: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class FirstLevel:
    """The level of supervision that a person begins with."""

    level: Level
    basis: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class KeyPeriod:
    """Days on which supervision is stricter: a festival, a congress."""

    id: str
    zh: str
    basis: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class LeaveRule:
    """How many days of leave the office may approve itself; more are approved by the bureau's department."""

    kind: Literal["travel", "forbidden_place"]
    office_days: int
    basis: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """So many earlier measures of a kind."""

    kind: MeasureCode
    count: int


@dataclass(frozen=True, slots=True)
class LadderRule:
    """A step of the ladder of measures: what must have happened, and what is then proposed.

    An episode out of supervision counts by its days or months, earlier measures by their number. `sentences`: for
    these only; empty: for all.
    """

    id: str
    zh: str
    propose: MeasureCode
    basis: str
    valid_from: date
    valid_to: date | None = None
    sentences: tuple[Sentence, ...] = ()
    lost_days_over: int | None = None
    lost_days_at_most: int | None = None
    lost_months_over: int | None = None
    earlier: Earlier | None = None

    def covers(self, first: date, last: date) -> bool:
        """Tell whether an episode from a day to a day is what the rule speaks of."""
        days = (last - first).days + 1
        return (
            self.earlier is None
            and (self.lost_days_over is None or days > self.lost_days_over)
            and (self.lost_days_at_most is None or days <= self.lost_days_at_most)
            and (self.lost_months_over is None or last >= add_months(first, self.lost_months_over))
        )


@dataclass(frozen=True, slots=True)
class Tracking:
    """How released persons are looked after: how many years, visited how often, how long a confirmation is fresh."""

    years: int
    visit_months: int
    key_visit_months: int
    confirmation_days: int
    basis: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Supervision:
    """The section of the profile; empty where a district keeps no such records."""

    schedule: tuple[ScheduleRule, ...] = ()
    hours: tuple[HoursRule, ...] = ()
    first_levels: tuple[FirstLevel, ...] = ()
    key_periods: tuple[KeyPeriod, ...] = ()
    leaves: tuple[LeaveRule, ...] = ()
    ladder: tuple[LadderRule, ...] = ()
    trackings: tuple[Tracking, ...] = ()

    def first_level(self, on: date) -> Level | None:
        """Return the level to begin with on a day; None when no rule says one."""
        return next((rule.level for rule in in_force(self.first_levels, on)), None)

    def hours_owed(self, kind: Literal["education", "community_work"], on: date) -> int:
        """Return the hours owed in the month that begins on a day; 0: none."""
        return next((rule.hours for rule in in_force(self.hours, on) if rule.kind == kind), 0)

    def office_days(self, kind: Literal["travel", "forbidden_place"], on: date) -> int:
        """Return the days of leave that an office may approve itself on a day; 0: none."""
        return next((rule.office_days for rule in in_force(self.leaves, on) if rule.kind == kind), 0)

    def tracking(self, on: date) -> Tracking:
        """Return how released persons are looked after on a day. Raises LookupError when no rule says it."""
        found = next(iter(in_force(self.trackings, on)), None)
        if found is None:
            msg = f"supervision.yaml: no tracking in force on {on}"
            raise LookupError(msg)
        return found
