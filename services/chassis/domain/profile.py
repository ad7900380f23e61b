"""The district profile: offices, places, time limits, targets, funds and rates of one district, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal

from services.chassis.domain.errors import UnknownEarmark, UnknownOffice, UnknownPlace
from services.chassis.domain.hours import WorkingHours
from services.chassis.domain.limits import LimitRule, rule_in_force
from services.chassis.domain.supervision import Supervision

__all__ = ["Earmark", "HardshipStandard", "LimitRule", "Office", "Pattern", "Place", "Profile", "RateRule", "Target"]


@dataclass(frozen=True, slots=True)
class Office:
    """A judicial office (司法所) of a street or township; kind "district" is the bureau's own department."""

    code: str
    zh: str
    street_zh: str
    kind: Literal["street", "township", "district"]
    valid_from: date
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        """Tell whether the office exists on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Place:
    """A village or community (村居) of an office."""

    code: str
    zh: str
    office: str
    kind: Literal["village", "community"]
    valid_from: date
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        """Tell whether the place exists on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Target:
    """What an indicator should reach from a year on; `strict`: more than that; `plan`: stated by the plan itself."""

    indicator: str
    value: Decimal
    from_year: int
    strict: bool = False
    plan: bool = False
    per: Literal["year"] | None = None


@dataclass(frozen=True, slots=True)
class Earmark:
    """A purpose-bound part of a department's funds; `purposes` maps the codes it covers to their labels."""

    code: str
    zh: str
    service: str
    purposes: Mapping[str, str]
    from_year: int


@dataclass(frozen=True, slots=True)
class RateRule:
    """Piece rates in force over a span: fen by difficulty and outcome, and the most a mediator gets in a month."""

    basis: str
    valid_from: date
    valid_to: date | None
    amounts: Mapping[str, Mapping[str, int]]
    cap_fen: int

    def amount(self, difficulty: str, outcome: str) -> int:
        """Return the fen for a dispute: difficulty simple, difficult, major; outcome agreement, confirmed; else 0."""
        return self.amounts.get(difficulty, {}).get(outcome, 0)


@dataclass(frozen=True, slots=True)
class HardshipStandard:
    """Up to what monthly income per head, in fen, a household is in economic hardship, over a span."""

    monthly_income_fen: int
    basis: str
    valid_from: date
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        """Tell whether an application received on this day is judged by it."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One of the five patterns: its label, department and the weights of its indicators.

    `weight` is its own among the patterns; one with 0 takes no part in the attainment of the whole board.
    """

    code: str
    zh: str
    department: str
    weights: Mapping[str, int]
    weight: int = 1


@dataclass(frozen=True)
class Profile:
    """Everything about one district that is data and not code."""

    code: str
    zh: str
    demonstration: bool
    valid_from: date
    offices: tuple[Office, ...]
    places: tuple[Place, ...]
    limits: tuple[LimitRule, ...]
    targets: tuple[Target, ...]
    earmarks: tuple[Earmark, ...]
    rates: tuple[RateRule, ...]
    patterns: tuple[Pattern, ...]
    disclosure_threshold: int
    hardship: tuple[HardshipStandard, ...] = ()
    documents: Mapping[str, Path] = field(default_factory=dict)
    supervision: Supervision = field(default_factory=Supervision)
    hours: WorkingHours = field(default_factory=WorkingHours)
    #: Day at which a demonstration begins to live when it is first started; None: it lives today.
    demonstration_today: date | None = None

    def office(self, code: str, on: date | None = None) -> Office:
        """Return an office, or the bureau's department under the district's own code. Raises UnknownOffice."""
        found = self._offices.get(code)
        if found is None or (on is not None and not found.in_force(on)):
            raise UnknownOffice("office", office=code)
        return found

    def place(self, code: str, office: str = "", on: date | None = None) -> Place:
        """Return a village or community, of this office when one is named. Raises UnknownPlace."""
        found = self._places.get(code)
        elsewhere = found is not None and office and found.office != office
        if found is None or elsewhere or (on is not None and not found.in_force(on)):
            raise UnknownPlace("place", place=code)
        return found

    def has_office(self, code: str) -> bool:
        """Tell whether a code is an office or the district's own code."""
        return code in self._offices

    def limit_rule(self, rule_id: str, on: date) -> LimitRule | None:
        """Return the time limit of this id for a clock that starts on a day; None when no law sets one then."""
        return rule_in_force(self.limits, rule_id, on)

    def limit_label(self, rule_id: str) -> str:
        """Return the Chinese label of a time limit; the id itself when the profile no longer has it."""
        return next((rule.zh for rule in self.limits if rule.id == rule_id), rule_id)

    def target(self, indicator: str, year: int) -> Target | None:
        """Return the target that binds in a year: the newest that has begun; None when none has."""
        begun = [t for t in self.targets if t.indicator == indicator and t.from_year <= year]
        return max(begun, key=lambda t: t.from_year, default=None)

    def earmark(self, code: str, year: int) -> Earmark:
        """Return an earmark of a budget year. Raises UnknownEarmark."""
        found = next((e for e in self.earmarks if e.code == code and e.from_year <= year), None)
        if found is None:
            raise UnknownEarmark("earmark", earmark=code)
        return found

    def earmark_label(self, code: str) -> str:
        """Return the Chinese label of an earmark; the code itself when the profile does not have it."""
        return next((earmark.zh for earmark in self.earmarks if earmark.code == code), code)

    def rate_rule(self, on: date) -> RateRule | None:
        """Return the piece rates in force on a day."""
        spans = (r for r in self.rates if r.valid_from <= on and (r.valid_to is None or on <= r.valid_to))
        return next(spans, None)

    def hardship_standard(self, on: date) -> HardshipStandard | None:
        """Return the standard of economic hardship in force on a day; None when there is none then."""
        return next((standard for standard in self.hardship if standard.in_force(on)), None)

    @cached_property
    def weights(self) -> Mapping[str, int]:
        """Weights of all indicators, whatever their pattern."""
        return {code: weight for pattern in self.patterns for code, weight in pattern.weights.items()}

    @cached_property
    def _offices(self) -> Mapping[str, Office]:
        own = Office(self.code, self.zh, self.zh, "district", self.valid_from)
        return {self.code: own} | {office.code: office for office in self.offices}

    @cached_property
    def _places(self) -> Mapping[str, Place]:
        return {place.code: place for place in self.places}
