"""The assessment of the offices: scores, places, and what every point is made of. Pure: of stored figures alone.

Nothing is rounded here: points are fractions, and those of a score add up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from services.aggregation.attainment import Judgement
from services.aggregation.board import BoardMaker
from services.aggregation.indicator import Indicator
from services.aggregation.periods import Period
from services.aggregation.ranking import ranked
from services.aggregation.rollup import Stored
from services.chassis.domain.profile import Office, Pattern

FULL = 100
#: Of less than this share of the days, or of what can be judged, nobody is ranked.
ENOUGH = Fraction(1, 2)
#: Stands for the overall score, where the patterns stand under their codes.
OVERALL = ""

RULES = (
    "格局得分为该所可评指标达成度按权重的平均乘以 100,达成度与看板相同;总分为各格局得分按格局权重的平均。",
    "不评的指标(未设目标、尚无应计入的记录、全区目标、不公开)不计权重,既不加分也不减分。",
    "在册天数不足期间至今一半的所,以及可评权重不足各所可评权重一半的所,列出得分,不排名。",
    "得分按分数精确比较,不四舍五入;完全相等者并列,其后的名次顺延。",
    "显示到百分位时调整尾差,使各项得分相加等于总分;同样的得分因此可能差 0.01。",
)


class Unranked(StrEnum):
    """Why an office has no place."""

    TOO_SHORT = "too_short"
    TOO_LITTLE_JUDGED = "too_little_judged"
    NOTHING_JUDGED = "nothing_judged"


@dataclass(frozen=True, slots=True)
class Points:
    """What a part adds to a score of a hundred, and what it takes from the hundred."""

    gained: Fraction
    lost: Fraction


@dataclass(frozen=True, slots=True)
class Line:
    """A weighed indicator of an office; without `points` it is not judged."""

    indicator: Indicator
    weight: int
    stored: Stored
    judgement: Judgement
    points: Points | None


@dataclass(frozen=True, slots=True)
class PatternScore:
    """A pattern of an office; `points` are what it adds to the overall score."""

    pattern: Pattern
    lines: tuple[Line, ...]
    points: Points | None = None

    @property
    def score(self) -> Fraction | None:
        """A hundred times the attainment of the pattern; None when nothing is judged."""
        return total_of([line.points for line in self.lines])

    @property
    def judged(self) -> int:
        """Weight of what is judged."""
        return sum(line.weight for line in self.lines if line.points is not None)

    @property
    def total(self) -> int:
        """Weight of everything that is measured for such a period."""
        return sum(line.weight for line in self.lines)


@dataclass(frozen=True, slots=True)
class OfficeScore:
    """An office: its patterns, and on how many days of the period so far it existed."""

    office: Office
    days: int
    patterns: tuple[PatternScore, ...]

    @property
    def score(self) -> Fraction | None:
        """The weighted mean of the patterns; None when none has a score."""
        return total_of([pattern.points for pattern in self.patterns])

    def scores(self) -> dict[str, Fraction | None]:
        """Return the scores by pattern, with the overall one."""
        return {OVERALL: self.score} | {p.pattern.code: p.score for p in self.patterns}


@dataclass(frozen=True, slots=True)
class Standing:
    """A score and its place; 0: not ranked, for a reason told with its numbers."""

    score: Fraction | None
    place: int = 0
    of: int = 0
    tied: bool = False
    unranked: Unranked | None = None
    words: str = ""


Standings = Mapping[str, Mapping[str, Standing]]  # by office, then by pattern or OVERALL


def points_of(weighed: Sequence[tuple[int, Fraction | None]]) -> list[Points | None]:
    """Share a hundred points out by weight among what has an attainment and a weight: those gained, and those lost."""
    whole = sum(weight for weight, share in weighed if share is not None)
    return [
        Points(FULL * weight * share / whole, FULL * weight * (1 - share) / whole)
        if share is not None and weight
        else None
        for weight, share in weighed
    ]


def total_of(parts: Iterable[Points | None]) -> Fraction | None:
    """Return the score that points add up to; None when there are none."""
    gained = [points.gained for points in parts if points is not None]
    return sum(gained, Fraction(0)) if gained else None


def days_within(office: Office, period: Period, as_of: date) -> int:
    """Return on how many days of the period so far an office existed."""
    first = max(period.start, office.valid_from)
    last = period.at(as_of) if office.valid_to is None else min(period.at(as_of), office.valid_to)
    return max(0, (last - first).days + 1)


def score_office(
    maker: BoardMaker, office: Office, days: int, rows: Iterable[Stored], patterns: Sequence[Pattern]
) -> OfficeScore:
    """Return the scores of an office, of its figures: exactly what its board says."""
    whole = maker.whole(rows, [pattern.code for pattern in patterns])
    scored = [PatternScore(pattern, _lines(maker, pattern, whole)) for pattern in patterns]
    shares = [(p.pattern.weight, None if p.score is None else p.score / FULL) for p in scored]
    shared = zip(scored, points_of(shares), strict=True)
    return OfficeScore(office, days, tuple(PatternScore(p.pattern, p.lines, points) for p, points in shared))


def _lines(maker: BoardMaker, pattern: Pattern, whole: Mapping[str, Stored]) -> tuple[Line, ...]:
    weighed = list(maker.weighed(pattern, whole))
    points = points_of([(weight, judgement.share) for _, weight, judgement in weighed])
    return tuple(
        Line(indicator, weight, whole[indicator.code], judgement, its)
        for (indicator, weight, judgement), its in zip(weighed, points, strict=True)
    )


def standings(offices: Sequence[OfficeScore], days: int) -> Standings:
    """Rank the offices by every pattern and overall, those left out who have too little behind their score."""
    found: dict[str, dict[str, Standing]] = {one.office.code: {} for one in offices}
    judgeable = _judgeable(offices)
    scored = {one.office.code: one.scores() for one in offices}
    for scope in (OVERALL, *judgeable):
        scores = {code: its[scope] for code, its in scored.items()}
        held = {
            one.office.code: (Unranked.NOTHING_JUDGED, "没有可评的指标")
            if scores[one.office.code] is None
            else _held(one, scope, days, judgeable)
            for one in offices
        }
        places = ranked({code: score for code, score in scores.items() if held[code] is None})
        taken = list(places.values())
        for code, score in scores.items():
            reason, words = held[code] or (None, "")
            place = places.get(code, 0)
            found[code][scope] = Standing(score, place, len(places), taken.count(place) > 1, reason, words)
    return found


def _judgeable(offices: Sequence[OfficeScore]) -> dict[str, int]:
    """Return by pattern the weight of the indicators that are judged of any office."""
    judged: dict[str, dict[str, int]] = {}
    for pattern in (pattern for one in offices for pattern in one.patterns):
        its = {line.indicator.code: line.weight for line in pattern.lines if line.points is not None}
        judged.setdefault(pattern.pattern.code, {}).update(its)
    return {code: sum(weights.values()) for code, weights in judged.items()}


def _held(one: OfficeScore, scope: str, days: int, judgeable: Mapping[str, int]) -> tuple[Unranked, str] | None:
    """Return why an office with a score is not ranked; None when it is."""
    if one.days < days * ENOUGH:
        return Unranked.TOO_SHORT, f"在册 {one.days} 天,不足期间至今 {days} 天的一半"
    chosen = [p for p in one.patterns if scope in {OVERALL, p.pattern.code} and judgeable[p.pattern.code]]
    # Of one pattern its own weight among the patterns says nothing.
    weights = [p.pattern.weight if scope == OVERALL else 1 for p in chosen]
    parts = [w * Fraction(p.judged, judgeable[p.pattern.code]) for w, p in zip(weights, chosen, strict=True)]
    share = sum(parts, Fraction(0)) / sum(weights)
    if share < ENOUGH:
        return Unranked.TOO_LITTLE_JUDGED, f"可评权重只有各所可评权重的 {float(share):.1%},不足一半"
    return None
