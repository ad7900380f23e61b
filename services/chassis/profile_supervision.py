"""Reads the profile's section supervision.yaml: shapes, checks across its lists, and the rules made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from services.chassis.domain import supervision as domain
from services.chassis.profile_messages import Problem

FILE = "supervision.yaml"
Basis = Annotated[str, Field(min_length=1, max_length=200)]
Label = Annotated[str, Field(min_length=1, max_length=64)]
RuleId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")]
Count = Annotated[int, Field(ge=1, le=3660)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Rule(_Entry):
    basis: Basis
    valid_from: date
    valid_to: date | None = None


class _Schedule(_Rule):
    duty: Literal["report", "home_visit"]
    who: domain.Who
    every: Count
    unit: Literal["days", "months"]
    during: Literal["always", "key_period"] = "always"


class _Hours(_Rule):
    kind: Literal["education", "community_work"]
    hours: Annotated[int, Field(ge=1, le=200)]


class _FirstLevel(_Rule):
    level: domain.Level


class _KeyPeriod(_Entry):
    id: RuleId
    zh: Label
    basis: Basis
    valid_from: date
    valid_to: date


class _Leave(_Rule):
    kind: Literal["travel", "forbidden_place"]
    office_days: Annotated[int, Field(ge=0, le=366)]


class _Earlier(_Entry):
    kind: domain.MeasureCode
    count: Annotated[int, Field(ge=1, le=20)]


class _When(_Entry):
    lost_days_over: Count | None = None
    lost_days_at_most: Count | None = None
    lost_months_over: Annotated[int, Field(ge=1, le=120)] | None = None
    earlier: _Earlier | None = None

    @property
    def speaks_of_one_thing(self) -> bool:
        """The step waits for an episode out of supervision or for earlier measures, and not for both."""
        episode = (self.lost_days_over, self.lost_days_at_most, self.lost_months_over)
        return (self.earlier is None) != all(value is None for value in episode)


class _Step(_Rule):
    id: RuleId
    zh: Label
    propose: domain.MeasureCode
    when: _When
    sentences: list[domain.Sentence] = []


class _Tracking(_Rule):
    years: Annotated[int, Field(ge=1, le=30)]
    visit_months: Annotated[int, Field(ge=1, le=24)]
    key_visit_months: Annotated[int, Field(ge=1, le=24)]
    confirmation_days: Count


class Section(_Entry):
    """The parsed file."""

    schedule: list[_Schedule]
    hours: list[_Hours]
    first_levels: list[_FirstLevel]
    key_periods: list[_KeyPeriod]
    leaves: list[_Leave]
    ladder: list[_Step]
    tracking: Annotated[list[_Tracking], Field(min_length=1)]


SHAPE = TypeAdapter(Section)
#: The lists of the section, and what tells the rules apart of which one at a time is in force.
_LISTS: dict[str, Callable[[Any], str]] = {
    "schedule": lambda rule: f"{rule.duty} {rule.who} {rule.during}",
    "hours": lambda rule: rule.kind,
    "first_levels": lambda _: "first_levels",
    "key_periods": lambda rule: rule.id,
    "leaves": lambda rule: rule.kind,
    "ladder": lambda rule: f"{rule.id}",
    "tracking": lambda _: "tracking",
}


def checks(section: Section) -> Iterator[Problem]:
    """Give what is wrong across the entries: spans that end before they begin, rules that overlap."""
    for name, label in _LISTS.items():
        rules = getattr(section, name)
        yield from _spans(name, rules, label)
        yield from _overlaps(rules, label)
    for index, step in enumerate(section.ladder):
        if not step.when.speaks_of_one_thing:
            zh = "应写明脱管天数、月数或此前措施次数,且只写一类"
            en = "expected days or months out of supervision, or earlier measures, and not both"
            yield Problem(FILE, f"ladder[{index}].when", zh, en)


def _spans(name: str, rules: Iterable[Any], label: Callable[[Any], str]) -> Iterator[Problem]:
    for index, rule in enumerate(rules):
        if rule.valid_to is not None and rule.valid_to < rule.valid_from:
            where = f"{name}[{index}] {label(rule)}"
            yield Problem(FILE, where, "valid_to 早于 valid_from", "expected valid_to on or after valid_from")


def _overlaps(rules: Iterable[Any], label: Callable[[Any], str]) -> Iterator[Problem]:
    ordered = sorted(rules, key=lambda rule: (label(rule), rule.valid_from))
    for before, after in pairwise(ordered):
        if label(before) == label(after) and (before.valid_to is None or before.valid_to >= after.valid_from):
            where = f"{label(after)} {after.valid_from}"
            yield Problem(FILE, where, "与前一条有效期重叠", "expected to begin after the one before has ended")


def build(section: Section) -> domain.Supervision:
    """Return the section as the domain uses it."""
    return domain.Supervision(
        schedule=tuple(domain.ScheduleRule(**dict(rule)) for rule in section.schedule),
        hours=tuple(domain.HoursRule(**dict(rule)) for rule in section.hours),
        first_levels=tuple(domain.FirstLevel(**dict(rule)) for rule in section.first_levels),
        key_periods=tuple(domain.KeyPeriod(**dict(rule)) for rule in section.key_periods),
        leaves=tuple(domain.LeaveRule(**dict(rule)) for rule in section.leaves),
        ladder=tuple(map(_step, section.ladder)),
        trackings=tuple(domain.Tracking(**dict(rule)) for rule in section.tracking),
    )


def _step(rule: _Step) -> domain.LadderRule:
    given = dict(rule) | {"sentences": tuple(rule.sentences)}
    when = dict(given.pop("when"))
    earlier = when.pop("earlier")
    return domain.LadderRule(**given, **when, earlier=earlier and domain.Earlier(earlier.kind, earlier.count))
