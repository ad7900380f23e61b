"""A report as a workbook: a cover, a sheet for each pattern, the offices, the breakdowns, what has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from geju.aggregation.v1 import figure_pb2, report_pb2
from geju.aggregation.v1.report_service_pb2 import ListRestatementsResponse
from geju.common.v1.document_pb2 import Document
from openpyxl import Workbook

from services.aggregation import report_words as words
from services.aggregation.publication import OVERALL, Publication
from services.aggregation.report_sheet import Column, Sheet, Styled
from services.aggregation.report_words import Section
from services.aggregation.rollup import DISTRICT
from services.chassis.contract import value_label
from services.chassis.workbooks import MEDIA_TYPE, written

_FIGURE = (
    Column("指标", 28), Column("代码", 26), Column("单位", 13), Column("n", 12), Column("N", 12), Column("值", 16),
    Column("目标", 13), Column("达成度", 10), Column("状态", 10), Column("权重", 7), Column("说明", 66),
)  # fmt: skip
_PART = (
    Column("指标", 28), Column("代码", 26), Column("单位", 13), Column("分项", 26), Column("n", 12), Column("N", 12),
    Column("值", 16), Column("说明", 36),
)  # fmt: skip
_RESTATED = (
    Column("指标", 34), Column("代码", 26), Column("单位", 13), Column("公布 n", 11), Column("公布 N", 11),
    Column("公布值", 16), Column("现 n", 11), Column("现 N", 11), Column("现值", 16), Column("Δn", 10),
    Column("ΔN", 10), Column("涉及记录", 10),
)  # fmt: skip
_CAUSE = (
    Column("指标", 34), Column("单位", 13), Column("记录", 50), Column("缘由", 10), Column("录入人", 14),
    Column("录入时间", 18), Column("现判定原因", 28), Column("Δn", 10), Column("ΔN", 10),
)  # fmt: skip
_LIGHTS = {figure_pb2.LIGHT_GREEN: "green", figure_pb2.LIGHT_AMBER: "amber", figure_pb2.LIGHT_RED: "red"}
_COUNT, _MONEY, _PERCENT = "#,##0", "#,##0.00", "0.0%"
Amount = Decimal | int | None


class Restated(NamedTuple):
    """What has changed since, or why it is not told."""

    found: ListRestatementsResponse | None
    why: str = ""


def workbook(found: Publication, restated: Restated) -> Document:
    """Return the file; it takes a while where every unit is told, so it is made beside the event loop."""
    book = Workbook(write_only=True)
    book.properties.creator = found.profile.zh
    book.properties.title = f"{words.title(found)} {words.period_words(found.report.period)}"
    _cover(book, found)
    for section in words.sections(found):
        _pattern(book, found, section)
    if found.unit is None:
        _offices(book, found)
    _breakdowns(book, found)
    _restatements(book, restated)
    content = written(book, found.report.closed)
    return Document(file_name=words.file_name(found, ".xlsx"), media_type=MEDIA_TYPE, content=content)


def _cover(book: Workbook, found: Publication) -> None:
    report, sheet = found.report, Sheet(book, "封面", (16, 24, 12, 84))
    sheet.line(words.title(found), "title")
    sheet.line(f"{words.period_words(report.period)}　{found.unit_label}", "subtitle")
    if found.profile.demonstration:
        sheet.line(words.DEMONSTRATION, "alarm")
    sheet.line()
    for label, value in words.facts(found):
        sheet.row([Styled(label, "head"), Styled(value, "open")])
    sheet.line()
    sheet.head(("格局", "责任部门", "达成度", "构成"))
    for pattern in (p for p in found.patterns if p.unit == (found.unit or DISTRICT)):
        told = [Styled(pattern.department), _share(pattern), Styled(pattern.attainment_text)]
        sheet.row([Styled(pattern.label, "strong"), *told])
    sheet.line()
    for line in words.LEGEND:
        sheet.line(line, "note")


def _pattern(book: Workbook, found: Publication, section: Section) -> None:
    sheet = Sheet(book, section.pattern.zh, [column.width for column in _FIGURE])
    sheet.freeze(1, 3)
    sheet.line(f"{section.pattern.zh}　{words.period_words(found.report.period)}　{found.unit_label}", "title")
    sheet.line(words.composite(found, section), "note")
    sheet.head(column.zh for column in _FIGURE)
    for figure in section.figures:
        label = "strong" if found.unit is None and figure.unit == DISTRICT else "text"
        sheet.row([
            *_named(figure, figure.label, label), *map(_amount, words.counts(figure)), _value(figure),
            Styled(words.target_words(figure), "number"), _share(figure),
            Styled(words.light_words(figure), _LIGHTS.get(figure.light, "text")),
            Styled(section.pattern.weights.get(figure.indicator), "number"), Styled(words.remarks(figure)),
        ])  # fmt: skip
    sheet.filtered(len(_FIGURE), 3)


def _offices(book: Workbook, found: Publication) -> None:
    """Add how far the patterns had come in every office, side by side."""
    patterns = [*(pattern.zh for pattern in found.profile.patterns), OVERALL]
    sheet = Sheet(book, "各所达成度", [18, *[14] * len(patterns)])
    sheet.freeze(1, 1)
    sheet.head(("单位", *patterns))
    by_unit: dict[str, list[report_pb2.ReportPattern]] = {}
    for judged in found.patterns:
        by_unit.setdefault(judged.unit_label, []).append(judged)
    for label, held in by_unit.items():
        sheet.row([Styled(label), *map(_share, held)])


def _breakdowns(book: Workbook, found: Publication) -> None:
    sheet = Sheet(book, "分项", [column.width for column in _PART])
    sheet.freeze(1, 1)
    sheet.head(column.zh for column in _PART)
    for figure in words.parts(found):
        remark = figure.text if figure.withheld else words.small_words(figure)
        told = [*map(_amount, words.counts(figure)), _value(figure), Styled(remark)]
        sheet.row([*_named(figure, figure.label), Styled(figure.key_label or figure.key), *told])
    sheet.filtered(len(_PART), 1)


def _restatements(book: Workbook, restated: Restated) -> None:
    """Add what would differ today, and the records that make it differ."""
    sheet = Sheet(book, "更正", [column.width for column in _RESTATED])
    if restated.found is None or not restated.found.restatements:
        sheet.line(restated.why or "目前没有与公布不同的数字。")
        return
    sheet.freeze(1, 3)
    sheet.line("公布之后发生变化的数字", "title")
    sheet.line(words.restated_words(restated.found), "note")
    sheet.head(column.zh for column in _RESTATED)
    for change in restated.found.restatements:
        was, now = change.published, change.current
        sheet.row([
            *_named(was, words.name_of(was)), *map(_amount, words.counts(was)), _value(was),
            *map(_amount, words.counts(now)), _value(now),
            *_changes(was, change.n_change, change.denominator_change), _amount(change.cause_count),
        ])  # fmt: skip
    sheet.filtered(len(_RESTATED), 3)
    _causes(book, restated.found)


def _causes(book: Workbook, found: ListRestatementsResponse) -> None:
    sheet = Sheet(book, "更正记录", [column.width for column in _CAUSE])
    sheet.freeze(1, 1)
    sheet.head(column.zh for column in _CAUSE)
    kinds = report_pb2.CauseKind.DESCRIPTOR.values_by_number
    for was, cause in ((change.published, cause) for change in found.restatements for cause in change.causes):
        entered = words.stamp_words(cause.recorded_time.ToDatetime()) if cause.HasField("recorded_time") else ""
        told = (words.record_words(cause), value_label(kinds[cause.cause]), cause.actor, entered, cause.reason_label)
        name, unit = Styled(words.name_of(was)), Styled(was.unit_label)
        sheet.row([name, unit, *map(Styled, told), *_changes(was, cause.n_change, cause.denominator_change)])
        for one in cause.evidence:
            entered = words.stamp_words(one.recorded_time.ToDatetime())
            sheet.row(
                [name, unit, *map(Styled, (f"└ {one.record}", words.EVIDENCE, one.actor, entered, None, None, None))]
            )
    sheet.filtered(len(_CAUSE), 1)


def _named(figure: figure_pb2.Figure, label: str, look: str = "text") -> list[Styled]:
    return [Styled(label, look), Styled(figure.indicator, "code"), Styled(figure.unit_label, look)]


def _share(judged: figure_pb2.Figure | report_pb2.ReportPattern) -> Styled:
    if judged.HasField("attainment"):
        return Styled(judged.attainment, "number", _PERCENT)
    return Styled("不评" if isinstance(judged, report_pb2.ReportPattern) else None, "number")


def _amount(value: Amount) -> Styled:
    """Return n or N: whole ones, and money with its fen."""
    return Styled(value, "number", _MONEY if isinstance(value, Decimal) else _COUNT)


def _value(figure: figure_pb2.Figure) -> Styled:
    """Return the value: a number where it has one."""
    value = words.exact(figure)
    if value is None:
        return Styled(words.value_words(figure), "number")
    return Styled(float(value), "number", words.number_format(figure))


def _changes(figure: figure_pb2.Figure, n: int, total: int) -> Iterator[Styled]:
    """Give what is added to n and N, with the sign."""
    for value in words.changes(figure, n, total):
        form = _MONEY if isinstance(value, Decimal) else _COUNT
        yield Styled(value, "number", f"+{form};-{form};0")
