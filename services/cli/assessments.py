"""The assessment of the offices as people read it: the ranking, and every point of one office."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geju.aggregation.v1 import assessment_pb2 as pb
from geju.aggregation.v1 import assessment_service_pb2
from rich.console import Group, RenderableType
from rich.text import Text

from services.cli import figures
from services.cli.output import Head, tabled

Answer = assessment_service_pb2.AssessOfficesResponse
_NOT_JUDGED = [Head("label", "不评的指标"), Head("weight", "权重", number=True), Head("why", "原因")]
_PATTERNS = [
    Head("pattern", "格局"),
    Head("weight", "权重", number=True),
    Head("score", "得分", number=True),
    Head("rank", "名次", number=True),
    Head("judged", "已评/全部权重", number=True),
    Head("gained", "计入总分", number=True),
    Head("lost", "失分", number=True),
]
_POINTS = [
    Head("label", "指标"),
    Head("weight", "权重", number=True),
    Head("n", "n", number=True),
    Head("denominator", "N", number=True),
    Head("value", "值", number=True),
    Head("target", "目标", number=True),
    Head("attainment", "达成度", number=True),
    Head("gained", "得分", number=True),
    Head("lost", "失分", number=True),
]
_LISTED_POINTS = [Head("pattern", "格局"), *_POINTS, Head("text", "说明"), Head("indicator", "代码")]


def ranking(found: Answer) -> Group:
    """Return the offices by place, with their scores."""
    heads, rows = listed(found)
    # Beside the scores of now there is no room for remarks: they stand below.
    left_out = {"unit", "remark"} if found.hypothetical else {"unit"}
    shown = [place for place, head in enumerate(heads) if head.key not in left_out]
    table = tabled([heads[i] for i in shown], ([row[i] for i in shown] for row in rows))
    remarks = [Text(f"{one.unit_label}:{one.remark}") for one in found.offices if one.remark and found.hypothetical]
    advice = _dim("geju assess --unit 司法所 列出每一分的来历")
    return Group(*_head(found, "各司法所"), table, *remarks, *_notes(found), advice)


def listed(found: Answer) -> tuple[list[Head], list[list[Any]]]:
    """Return the offices as rows: place and score, beside those of now when they are hypothetical."""
    now = [Head("rank_now", "现名次", number=True), Head("score_now", "现总分", number=True)]
    heads = [
        Head("rank", "名次", number=True),
        Head("unit_label", "司法所"),
        Head("score", "总分", number=True),
        *(now if found.hypothetical else []),
        *(Head(p.pattern, p.label, number=True) for p in (found.offices[0].patterns if found.offices else ())),
        Head("remark", "备注"),
        Head("unit", "代码"),
    ]
    return heads, [_office(one, hypothetical=found.hypothetical) for one in found.offices]


def _office(one: pb.OfficeAssessment, *, hypothetical: bool) -> list[Any]:
    now = [_place(one.standing_now), _score(one.standing_now)] if hypothetical else []
    scores = [_score(pattern.standing) for pattern in one.patterns]
    return [_place(one.standing), one.unit_label, _score(one.standing), *now, *scores, one.remark, one.unit]


def explained(found: Answer) -> Group:
    """Return every point of the offices of an answer."""
    return Group(*(part for one in found.offices for part in _explained(found, one)), *_notes(found))


def _explained(found: Answer, one: pb.OfficeAssessment) -> Iterator[RenderableType]:
    yield from _head(found, one.unit_label)
    yield Text(f"总分 {_score(one.standing)},{_standing(one.standing)}", style="bold")
    if found.hypothetical:
        yield Text(f"现为 {_score(one.standing_now)},{_standing(one.standing_now)}")
    yield tabled(_PATTERNS, [_pattern(pattern) for pattern in one.patterns])
    for pattern in one.patterns:
        judged = [line for line in pattern.indicators if line.gained]
        if judged:
            title = f"{pattern.label}  得分 {_score(pattern.standing)},{_standing(pattern.standing)}"
            yield tabled(_POINTS, [_point(line) for line in judged], title)
            # What costs points says how; who has them all needs no words.
            yield from (
                _dim(f"{line.figure.label}:{line.text}") for line in judged if line.lost.strip("0.") and line.text
            )
        left_out = [line for line in pattern.indicators if not line.gained]
        if left_out:
            title = "" if judged else f"{pattern.label}  没有可评的指标"
            rows = ([line.figure.label, line.weight, line.text] for line in left_out)
            yield tabled(_NOT_JUDGED, rows, title)


def listed_points(found: Answer) -> tuple[list[Head], list[list[Any]]]:
    """Return every point as a row, those not judged with their reason."""
    lines = ((p, line) for one in found.offices for p in one.patterns for line in p.indicators)
    return _LISTED_POINTS, [[p.label, *_point(line), line.text, line.figure.indicator] for p, line in lines]


def _pattern(one: pb.PatternAssessment) -> list[Any]:
    judged = f"{one.judged_weight}/{one.total_weight}"
    return [one.label, one.weight, _score(one.standing), _place(one.standing), judged, one.gained, one.lost]


def _point(line: pb.AssessedIndicator) -> list[Any]:
    light_left_out = figures.numbers(line.figure)[:-1]
    return [line.figure.label, line.weight, *light_left_out, line.gained, line.lost]


def _head(found: Answer, whose: str) -> Iterator[Text]:
    hypothetical = "(假设,未保存)" if found.hypothetical else ""
    demonstration = "  (演示数据,人和事均为虚构)" if found.demonstration else ""
    yield Text(f"{whose}  {found.period} 考核{hypothetical}{demonstration}", style="bold")
    rebuilding = "  (正在按新版本重建,含义有变的指标暂缺)" if found.rebuilding else ""
    yield _dim(f"截至 {figures.shown(found, 'as_of_date')},期间已过 {found.days} 天{rebuilding}")


def _notes(found: Answer) -> Iterator[Text]:
    if found.withheld:
        yield Text(f"各所共 {found.withheld} 项数字对您不公开,不评;他人所见的得分和名次可能不同", style="yellow")
    yield from map(_dim, found.rules)


def _standing(standing: pb.Standing) -> str:
    if not standing.rank:
        return f"不排名:{standing.text}"
    return f"第 {standing.rank} 名(共 {standing.of} 个所{',并列' if standing.tied else ''})"


def _place(standing: pb.Standing) -> str:
    return str(standing.rank or "—")


def _score(standing: pb.Standing) -> str:
    return standing.score or "—"


def _dim(text: str) -> Text:
    return Text(text, style="dim")
