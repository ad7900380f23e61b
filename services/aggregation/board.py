"""The board of a unit for a period, made of stored figures: patterns, figures, attainment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from geju.aggregation.v1 import board_pb2 as pb

from services.aggregation import attainment, catalogue
from services.aggregation.attainment import Composite, Judgement
from services.aggregation.behind import Behind
from services.aggregation.errors import UnknownPattern
from services.aggregation.figures import Figures, nothing
from services.aggregation.indicator import Indicator
from services.aggregation.periods import Period
from services.aggregation.rollup import Stored
from services.chassis.domain.profile import Pattern, Profile

FUNDS = Pattern("funds", "经费", "", {}, weight=0)
#: Who answers for what every department has of its own.
_EVERY = "every"
Whole = Mapping[str, Stored]


def patterns(profile: Profile, wanted: Collection[str] = ()) -> list[Pattern]:
    """Return the patterns of the district and the funds; only those wanted, when any are. Raises UnknownPattern."""
    return _chosen((*profile.patterns, FUNDS), wanted)


def assessed(profile: Profile, wanted: Collection[str] = ()) -> list[Pattern]:
    """Return the patterns that offices are assessed by, which are the district's. Raises UnknownPattern."""
    return _chosen(profile.patterns, wanted)


def _chosen(patterns: Iterable[Pattern], wanted: Collection[str]) -> list[Pattern]:
    known = {pattern.code: pattern for pattern in patterns}
    for code in wanted:
        if code not in known:
            raise UnknownPattern("patterns", pattern=code, known="、".join(known))
    return [pattern for code, pattern in known.items() if not wanted or code in wanted]


@cache
def _homes(codes: tuple[str, ...]) -> Mapping[str, tuple[Indicator, ...]]:
    found: dict[str, list[Indicator]] = {code: [] for code in codes}
    for indicator in catalogue.INDICATORS:
        home = indicator.department if indicator.department in found else indicator.area
        found.setdefault(home, []).append(indicator)
    return {code: tuple(held) for code, held in found.items()}


def indicators_of(profile: Profile, pattern: str) -> tuple[Indicator, ...]:
    """Return the indicators that stand under a pattern: those of its department."""
    return _homes(tuple(p.code for p in (*profile.patterns, FUNDS)))[pattern]


def pattern_of(profile: Profile, indicator: Indicator) -> str:
    """Return the pattern that an indicator stands under."""
    codes = [pattern.code for pattern in (*profile.patterns, FUNDS)]
    return next((code for code in codes if indicator in indicators_of(profile, code)), indicator.area)


def pattern_label(profile: Profile, indicator: Indicator) -> str:
    """Return the label of the pattern that an indicator stands under; the subject area where it stands under none."""
    labels = {pattern.code: pattern.zh for pattern in (*profile.patterns, FUNDS)}
    code = pattern_of(profile, indicator)
    return labels.get(code, code)


def department_label(profile: Profile, indicator: Indicator) -> str:
    """Return what the district calls the department that answers for an indicator; its code where it has no name."""
    names = {_EVERY: "各业务科室", **{pattern.code: pattern.department for pattern in profile.patterns}}
    return names.get(indicator.department) or indicator.department


@dataclass(frozen=True)
class BoardMaker:
    """Makes boards of one unit and period, of the indicators that are measured as this version means them."""

    figures: Figures
    unit: str
    period: Period
    measured: Callable[[str], bool]
    behind: Behind = field(default_factory=dict)

    def whole(self, rows: Iterable[Stored], wanted: Collection[str] = ()) -> dict[str, Stored]:
        """Return a stored figure for each indicator on the board, those that nothing came under included."""
        stored = {row.indicator: row for row in rows if not row.breakdown}
        shown = (i for p in patterns(self.figures.profile, wanted) for i in self.shown(p))
        return {i.code: stored.get(i.code) or nothing(i, self.unit, self.period) for i in shown}

    def patterns(self, whole: Whole, wanted: Collection[str] = ()) -> Iterator[pb.PatternBoard]:
        """Give the patterns with their figures."""
        for pattern in patterns(self.figures.profile, wanted):
            message = self.summary(pattern, whole)
            message.figures.extend(self.figures.figure(whole[i.code]) for i in self.shown(pattern))
            yield message

    def summary(self, pattern: Pattern, whole: Whole) -> pb.PatternBoard:
        """Return a pattern without its figures."""
        message = pb.PatternBoard(
            pattern=pattern.code, label=pattern.zh, department=pattern.department, weight=pattern.weight
        )
        parts = list(self.weighed(pattern, whole))
        for indicator, weight, judgement in parts:
            share = None if judgement.share is None else float(judgement.share)
            message.contributions.add(indicator=indicator.code, weight=weight, attainment=share)
        composite = _composite(parts)
        message.attainment_text = composite.words
        if composite.share is not None:
            message.attainment = float(composite.share)
        for indicator in self.shown(pattern):
            message.behind.extend(self.behind.get(indicator.code, ()))
        return message

    def overall(self, whole: Whole, wanted: Collection[str] = ()) -> Composite | None:
        """Return the composite of the district's patterns; None when not all of them are wanted."""
        chosen = self.figures.profile.patterns
        if wanted and {pattern.code for pattern in chosen} - {*wanted}:
            return None
        shares = ((p.zh, p.weight, _composite(self.weighed(p, whole)).share) for p in chosen)
        return attainment.overall(list(shares))

    def weighed(self, pattern: Pattern, whole: Whole) -> Iterator[tuple[Indicator, int, Judgement]]:
        """Give the weighed indicators of a pattern that are measured for such a period, heaviest first."""
        for code, weight in sorted(pattern.weights.items(), key=lambda item: (-item[1], item[0])):
            if code in whole:
                yield catalogue.BY_CODE[code], weight, self.figures.judge(whole[code])

    def shown(self, pattern: Pattern) -> Iterator[Indicator]:
        """Give the indicators of a pattern that are measured for such a period."""
        shown = indicators_of(self.figures.profile, pattern.code)
        return (i for i in shown if self.period.level in i.levels and self.measured(i.code))


def _composite(parts: Iterable[tuple[Indicator, int, Judgement]]) -> Composite:
    return attainment.compose([(indicator.zh, weight, judgement) for indicator, weight, judgement in parts])
