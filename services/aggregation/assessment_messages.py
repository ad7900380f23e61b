"""Assessments as messages: points as decimals that add up, and words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from geju.aggregation.v1 import assessment_pb2 as pb

from services.aggregation.assessment import (
    FULL,
    OVERALL,
    Line,
    OfficeScore,
    PatternScore,
    Points,
    Standing,
    Standings,
    Unranked,
)
from services.aggregation.figures import Figures

_NOT_RANKED = {why: pb.NotRanked.Value(f"NOT_RANKED_{why.name}") for why in Unranked}
_HUNDREDTHS = 100


def rounded(value: Fraction) -> Decimal:
    """Return points with two digits after the point, halves up."""
    return Decimal(floor(value * _HUNDREDTHS + Fraction(1, 2))).scaleb(-2)


def add_up(values: Sequence[Fraction], total: Decimal) -> list[Decimal]:
    """Round points that add up to about a total so that they add up to it: up are rounded those that lose most."""
    exact = [value * _HUNDREDTHS for value in values]
    units = [floor(value) for value in exact]
    missing = int(total.scaleb(2)) - sum(units)
    by_rest = sorted(range(len(units)), key=lambda i: (units[i] - exact[i], i))
    for i in by_rest[:missing]:
        units[i] += 1
    return [Decimal(n).scaleb(-2) for n in units]


def office_message(one: OfficeScore, ranks: Standings, now: Standings | None, figures: Figures) -> pb.OfficeAssessment:
    """Return the assessment of an office; `now` is how things are, when the scores are hypothetical."""
    code = one.office.code
    lines = [line for pattern in one.patterns for line in pattern.lines]
    withheld = sum(figures.disclosure.hides(line.stored) for line in lines)
    message = pb.OfficeAssessment(
        unit=code,
        unit_label=one.office.zh,
        standing=standing_message(ranks[code][OVERALL]),
        standing_now=None if now is None else standing_message(now[code][OVERALL]),
        days=one.days,
        judged_weight=sum(pattern.judged for pattern in one.patterns),
        total_weight=sum(pattern.total for pattern in one.patterns),
        withheld=withheld,
        remark=_remark(ranks[code][OVERALL], withheld),
    )
    for pattern, points in zip(one.patterns, decimals(p.points for p in one.patterns), strict=True):
        its = pattern.pattern.code
        shown = _pattern_message(pattern, points, figures)
        shown.standing.CopyFrom(standing_message(ranks[code][its]))
        if now is not None:
            shown.standing_now.CopyFrom(standing_message(now[code][its]))
        message.patterns.append(shown)
    return message


def standing_message(standing: Standing) -> pb.Standing:
    """Return a score with its place, or with the reason why it has none."""
    return pb.Standing(
        score="" if standing.score is None else str(rounded(standing.score)),
        rank=standing.place,
        of=standing.of,
        tied=standing.tied,
        not_ranked=pb.NOT_RANKED_UNSPECIFIED if standing.unranked is None else _NOT_RANKED[standing.unranked],
        text=standing.words,
    )


def _remark(standing: Standing, withheld: int) -> str:
    parts = [
        f"不排名:{standing.words}" if standing.words else "",
        "并列" if standing.tied else "",
        f"{withheld} 项不公开,不评" if withheld else "",
    ]
    return ";".join(part for part in parts if part)


def _pattern_message(one: PatternScore, points: tuple[str, str], figures: Figures) -> pb.PatternAssessment:
    message = pb.PatternAssessment(
        pattern=one.pattern.code,
        label=one.pattern.zh,
        weight=one.pattern.weight,
        gained=points[0],
        lost=points[1],
        judged_weight=one.judged,
        total_weight=one.total,
    )
    for line, (gained, lost) in zip(one.lines, decimals(line.points for line in one.lines), strict=True):
        message.indicators.add(
            figure=figures.figure(line.stored),
            weight=line.weight,
            gained=gained,
            lost=lost,
            text=_words(line, one.judged, gained, lost),
        )
    return message


def decimals(parts: Iterable[Points | None]) -> list[tuple[str, str]]:
    """Return points gained and lost as decimals that add up to the score and to what it lacks; "" without any."""
    parts = list(parts)
    held = [points for points in parts if points is not None]
    if not held:
        return [("", "")] * len(parts)
    score = rounded(sum((points.gained for points in held), Fraction(0)))
    gained = add_up([points.gained for points in held], score)
    lost = add_up([points.lost for points in held], FULL - score)
    shown = zip(map(str, gained), map(str, lost), strict=True)
    return [("", "") if points is None else next(shown) for points in parts]


def _words(line: Line, judged: int, gained: str, lost: str) -> str:
    """Say what an indicator is judged by and what it adds, or why it is left out."""
    if line.points is None:
        return "不计权重(权重为 0)" if not line.weight else f"{line.judgement.words};不计权重"
    return f"{line.judgement.words};权重 {line.weight}/{judged},得 {gained} 分" + (
        f",失 {lost} 分" if line.points.lost else ""
    )
