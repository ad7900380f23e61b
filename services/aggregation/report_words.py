"""What stands in an exported report: figures as numbers for a workbook and as words for a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from geju.aggregation.v1 import figure_pb2, report_pb2
from geju.aggregation.v1.report_service_pb2 import ListRestatementsResponse

from services.aggregation import catalogue, wording
from services.aggregation.attainment import value_of
from services.aggregation.board import FUNDS, pattern_of
from services.aggregation.indicator import Form, Indicator
from services.aggregation.periods import Level, parse
from services.aggregation.publication import Publication
from services.aggregation.rollup import DISTRICT
from services.chassis.domain.dates import SHANGHAI
from services.chassis.domain.percentages import percent
from services.chassis.domain.profile import Pattern

#: A mark beside the word: the lights can be told apart on paper.
LIGHTS = {
    figure_pb2.LIGHT_GREEN: "● 达标",
    figure_pb2.LIGHT_AMBER: "◐ 接近",
    figure_pb2.LIGHT_RED: "○ 落后",
    figure_pb2.LIGHT_NONE: "– 不评",
}
DEMONSTRATION = "演示数据,人和事均为虚构"
WITHHELD = "不公开"
#: What a record is called by which another is judged differently.
EVIDENCE = "依据"
SMALL = f"小样本(分母不足 {wording.SMALL})"
#: How the tables are to be read.
LEGEND = (
    "n 为分子,N 为分母,值由两者算得;没有分母的指标,n 即其值。金额单位为元。同比增长的 n 为增减数,N 为上年同期数。",
    "达成度为值达到目标的程度,0 至 100%;格局的达成度按权重平均,不评的指标不计权重。目标与权重均为封账时所定。",
    "状态:● 达标;◐ 接近,达成度在 90% 以上;○ 落后;– 不评。目标后有 * 的由本局自定,其余为规划所定。",
    f"分母不足 {wording.SMALL} 的为小样本,一件之差即使比率变动五个百分点以上,宜看件数。",
    "不公开:可能暴露个人的小数,以及由它可以推出小数的数。",
)
_QUARTERS = "一二三四"
_PERCENT = "0.00%"


class Section(NamedTuple):
    """A pattern with its whole figures: those that weigh most first, of each the district before the offices."""

    pattern: Pattern
    figures: Sequence[figure_pb2.Figure]


def sections(found: Publication) -> list[Section]:
    """Return the patterns of a report, and the funds where there are any figures of them."""
    units = {unit: i for i, unit in enumerate((DISTRICT, *(o.code for o in found.profile.offices), found.profile.code))}
    whole: dict[str, list[figure_pb2.Figure]] = {}
    for figure in found.figures:
        if not figure.breakdown:
            whole.setdefault(pattern_of(found.profile, catalogue.BY_CODE[figure.indicator]), []).append(figure)
    weights = found.profile.weights
    for figures in whole.values():
        figures.sort(key=lambda f: (-weights.get(f.indicator, 0), f.indicator, units.get(f.unit, len(units))))
    return [Section(p, whole[p.code]) for p in (*found.profile.patterns, FUNDS) if p.code in whole]


def parts(found: Publication) -> Iterator[figure_pb2.Figure]:
    """Give the figures of breakdowns."""
    return (figure for figure in found.figures if figure.breakdown)


def title(found: Publication) -> str:
    """Return what a report is called."""
    return f"{found.profile.zh}“五大格局”建设情况"


def facts(found: Publication) -> list[tuple[str, str]]:
    """Return what a report is, when and by whom it was closed, and what proves it."""
    report = found.report
    withheld = sum(figure.withheld for figure in found.figures)
    told = [
        ("期间", report.period),
        ("单位", found.unit_label),
        ("版次", f"第 {report.edition} 版"),
        ("数据截至", str(report.as_of)),
        ("封账时间", moment_words(report.closed)),
        ("封账人", report.closed_by),
        ("指标口径指纹", report.catalogue),
        ("明细摘要", report.digest.hex()),
        ("明细数", f"{report.members:,}"),
        ("备注", report.note),
    ]
    return [*told, *([("不公开的数字", f"{withheld:,} 项")] if withheld else [])]


def composite(found: Publication, section: Section) -> str:
    """Return how far a pattern had come in the unit of the report, in words; nothing of funds."""
    unit = found.unit or DISTRICT
    judged = next((p for p in found.patterns if (p.unit, p.pattern) == (unit, section.pattern.code)), None)
    if judged is None:
        return ""
    share = percent(judged.attainment) if judged.HasField("attainment") else "不评"
    return f"责任部门 {judged.department}　达成度 {share}　{judged.attainment_text}"


def restated_words(found: ListRestatementsResponse) -> str:
    """Return what more there is to know of restatements."""
    told = [f"{len(found.restatements)} 个数字与公布时不同;涉及的记录见“更正记录”,每个数字至多列 200 条。"]
    if found.redefined:
        told.append("口径有变的指标:" + "、".join(found.redefined) + "。")
    if found.withheld:
        told.append("敏感分项及不公开的数字未列入。")
    if any(change.causes_withheld for change in found.restatements):
        told.append("部分敏感数字涉及的记录不公开。")
    return "".join(told)


def record_words(cause: report_pb2.Cause) -> str:
    """Return which record makes a difference; that it is sealed, where it may not be told."""
    return "(已封存)" if cause.sealed else cause.record


def period_words(code: str) -> str:
    """Return a period as people say it: "2012年11月", "2012年第三季度", "2012年"."""
    period = parse(code)
    if period.level is Level.MONTH:
        return f"{period.start.year}年{period.start.month}月"
    if period.level is Level.QUARTER:
        return f"{period.start.year}年第{_QUARTERS[period.start.month // 3]}季度"
    return f"{period.start.year}年"


def file_name(found: Publication, suffix: str) -> str:
    """Return what the file is called: what it is of, in characters that any file system takes."""
    name = f"五大格局-{found.report.period}-第{found.report.edition}版-{found.unit_label}"
    return "".join(char if char.isalnum() or char in "-_" else "_" for char in name) + suffix


def moment_words(moment: datetime) -> str:
    """Return an instant as the clock in the office shows it."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def stamp_words(stamp: datetime) -> str:
    """Return an instant of a message, which bears no zone, likewise."""
    return moment_words(stamp.replace(tzinfo=UTC))


def name_of(figure: figure_pb2.Figure) -> str:
    """Return the label of a figure, with the key of a breakdown."""
    return f"{figure.label}({figure.key_label or figure.key})" if figure.breakdown else figure.label


def light_words(figure: figure_pb2.Figure) -> str:
    """Return how far a figure is at a glance."""
    return LIGHTS.get(figure.light, "")


def remarks(figure: figure_pb2.Figure) -> str:
    """Return what there is to say of a figure."""
    return figure.text if figure.withheld else ";".join(filter(None, [figure.attainment_text, small_words(figure)]))


def small_words(figure: figure_pb2.Figure) -> str:
    """Return the warning of a rate that rests on few; empty for others."""
    return SMALL if figure.small else ""


def exact(figure: figure_pb2.Figure) -> Fraction | None:
    """Return the value of a figure from its n and N; None when it is withheld or there is nothing to divide by."""
    return None if figure.withheld else value_of(_indicator(figure), figure.n, figure.denominator)


def value_words(figure: figure_pb2.Figure) -> str:
    """Return the value with its unit."""
    value = exact(figure)
    if value is None:
        return WITHHELD if figure.withheld else "—"
    return wording.as_text(_indicator(figure), value)


def target_words(figure: figure_pb2.Figure) -> str:
    """Return what a figure is measured against, with its direction; empty when no target binds."""
    if not figure.HasField("target"):
        return ""
    aim, down = figure.target, figure.better == figure_pb2.BETTER_DOWN
    sign = ("<" if down else ">") if aim.strict else ("≤" if down else "≥")
    wanted = wording.as_text(_indicator(figure), Fraction(aim.value)).replace(".00%", "%")
    return f"{sign} {wanted}{'' if aim.plan else '*'}"


def counts(figure: figure_pb2.Figure) -> tuple[Decimal | int | None, Decimal | int | None]:
    """Return n and N for people, money in yuan; None for what is withheld, and for N where a form has none."""
    if figure.withheld:
        return None, None
    n = _amount(figure.n, figure.scale)
    return n, _amount(figure.denominator, figure.denominator_scale) if _indicator(figure).form.has_total else None


def count_words(amount: Decimal | int | None) -> str:
    """Return n or N in words."""
    if amount is None:
        return ""
    return f"{amount:,}" if isinstance(amount, int) else f"{amount:,.2f}"


def changes(figure: figure_pb2.Figure, n: int, total: int) -> tuple[Decimal | int, Decimal | int]:
    """Return what is added to n and N of a figure, for people."""
    return _amount(n, figure.scale), _amount(total, figure.denominator_scale)


def number_format(figure: figure_pb2.Figure) -> str:
    """Return how a workbook shows the value: percent as percent, amounts of money with their fen, the unit behind."""
    indicator = _indicator(figure)
    if indicator.form is Form.GROWTH:
        return f"+{_PERCENT};-{_PERCENT};{_PERCENT}"
    if indicator.form.has_total and indicator.unit == "%":
        return _PERCENT
    digits = "#,##0.00" if indicator.form.has_total or indicator.scale > 1 else "#,##0"
    return f'{digits}" {indicator.unit}"'


def _indicator(figure: figure_pb2.Figure) -> Indicator:
    return catalogue.BY_CODE[figure.indicator]


def _amount(n: int, scale: int) -> Decimal | int:
    return n // max(scale, 1) if scale <= 1 or n % scale == 0 else Decimal(n) / scale
