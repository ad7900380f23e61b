"""`geju indicator`: what a figure means, how it moves, where each office stands."""

# Docstrings of commands are their help, in Chinese; their arguments are the options.
# ruff: noqa: D400, PLR0913, PLR0917

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from typing import Annotated, Any

import typer
from geju.aggregation.v1 import board_service_pb2, board_service_pb2_grpc, figure_pb2, indicator_pb2
from rich.text import Text

from services.cli import figures, session
from services.cli.commands.board import AsOf, Period, Unit
from services.cli.figures import as_json
from services.cli.output import Form, Head, Output, console, dump, emit, fields, tabled

_HEADS = [head for head in figures.HEADS if head.key not in {"label", "indicator"}]
_SERIES = [
    Head("period", "期间"),
    *_HEADS,
    Head("before", "上年同期", number=True),
    Head("change", "比上期", number=True),
]
_OFFICES = [Head("rank", "名次", number=True), Head("unit", "司法所"), *_HEADS]
_KEYS = [Head("key", "代码"), Head("label", "名称"), *_HEADS[:3]]
#: Of each direction its arrow and colour.
_DIRECTIONS = {
    indicator_pb2.DIRECTION_BETTER: "green",
    indicator_pb2.DIRECTION_WORSE: "red",
    indicator_pb2.DIRECTION_SAME: "dim",
}
_BARS = "▁▂▃▄▅▆▇█"
_FEW = "小样本"
_WIDE, _WHEN_NARROW = 130, 5
_LISTED = [
    Head("indicator", "代码"), Head("label", "指标"), Head("pattern", "格局"), Head("target", "目标", number=True),
    Head("weight", "权重", number=True), Head("form", "形式"), Head("better", "方向"), Head("department", "责任部门"),
]  # fmt: skip


def indicator(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="指标代码;缺省列出全部指标。", metavar="[CODE]")] = "",
    unit: Unit = "",
    period: Period = "",
    as_of: AsOf = "",
    points: Annotated[int, typer.Option("--points", help="序列的期数。", min=0, max=60)] = 0,
    output: Output = Form.TABLE,
) -> None:
    """显示一项指标的含义、历期数值(与上年同期、上期对照)、各司法所名次和分项;不带代码则列出全部指标。"""
    current = session.of(context)
    with current.client() as geju:
        stub = geju.stub(board_service_pb2_grpc.BoardServiceStub)
        if not code:
            _list(stub.ListIndicators(board_service_pb2.ListIndicatorsRequest()), output)
            return
        request = board_service_pb2.GetIndicatorRequest(
            indicator=code, unit=current.office_code(unit), period=period, points=points
        )
        if as_of:
            request.as_of_date.CopyFrom(session.date_of(as_of))
        _show(stub.GetIndicator(request), output)


def _list(answer: board_service_pb2.ListIndicatorsResponse, output: Form) -> None:
    if output == Form.JSON:
        dump([as_json(found) for found in answer.indicators])
        return
    # The codes are long: a narrow terminal has no room for what can be read of each indicator alone.
    count = _WHEN_NARROW if output == Form.TABLE and console.width < _WIDE else len(_LISTED)
    emit(output, _LISTED[:count], (_listed(found)[:count] for found in answer.indicators))


def _listed(found: indicator_pb2.Indicator) -> list[Any]:
    """Return the cells of an indicator in the list of all."""
    aim = _aim(found, found.targets[-1]) if found.targets else ""
    row = [found.indicator, found.label, found.pattern_label, aim, found.weight or ""]
    return [*row, figures.shown(found, "form"), figures.shown(found, "better"), found.department_label]


def _show(answer: board_service_pb2.GetIndicatorResponse, output: Form) -> None:
    if output == Form.JSON:
        dump(as_json(answer))
        return
    rows = [_point(point) for point in answer.series]
    if output == Form.CSV:
        emit(output, _SERIES, rows)
        return
    shown = [point.figure for point in answer.series]
    last = shown[-1]
    _meaning(answer.indicator)
    console.print(Text.assemble("\n", (f"{last.unit_label} {last.period}  {last.text}", "bold"), _placed(answer)))
    console.print(Text(f"{last.attainment_text}\n{_course(shown)}"))
    console.print(tabled(_SERIES, rows))
    if answer.offices:
        console.print(tabled(_OFFICES, _offices(answer)))
    _breakdowns(answer.breakdowns)
    if any(figure.small for figure in (*shown, *answer.offices)):
        told = f"{_FEW}:N 不足 20,一件就使比率变动五个百分点以上,名次和升降不足为凭"
        console.print(Text(told, style="magenta"))


def _meaning(found: indicator_pb2.Indicator) -> None:
    weight = f"{found.weight}(格局合计 {found.pattern_weights})" if found.weight else "不计入达成度"
    pairs = [
        ("indicator", "指标", f"{found.label}({found.indicator})"),
        ("form", "形式", f"{figures.shown(found, 'form')},{figures.shown(found, 'better')},计量单位 {found.measure}"),
        ("pattern", "格局", f"{found.pattern_label},责任部门:{found.department_label}"),
        ("targets", "目标", "、".join(_target(found, target) for target in found.targets) or "未设"),
        ("weight", "权重", weight),
        ("clauses", "规划条款", "\n".join(f"{one.label}({one.clause})" for one in found.clause_details)),
        ("reasons", "判定原因", "、".join(f"{reason.label}({reason.reason})" for reason in found.reasons)),
        ("note", "备注", found.note),
    ]
    fields(Form.TABLE, [pair for pair in pairs if pair[2]])


def _aim(found: indicator_pb2.Indicator, target: figure_pb2.Target) -> str:
    return figures.target(figure_pb2.Figure(better=found.better, measure=found.measure, target=target))


def _target(found: indicator_pb2.Indicator, target: figure_pb2.Target) -> str:
    per, origin = "(全年)" if target.per_year else "", "规划指标" if target.plan else "本局起步值"
    return f"{target.from_year} 年起 {_aim(found, target).removesuffix('*')}{per}({origin})"


def _point(point: indicator_pb2.SeriesPoint) -> list[Any]:
    changed = _changed(point.change, point.figure.measure) if point.HasField("change") else ""
    return [point.figure.period, *_numbers(point.figure), figures.value(point.year_before), changed]


def _numbers(figure: figure_pb2.Figure) -> list[Any]:
    """Return the cells of a figure, its light with a word of warning where it rests on few."""
    *numbers, light = figures.numbers(figure)
    return [*numbers, Text.assemble(light, (f" {_FEW}", "magenta")) if figure.small else light]


def _changed(change: indicator_pb2.Change, measure: str) -> Text:
    """Return a change of value with its arrow, coloured by whether it is progress; a dash when it cannot be told."""
    if not change.value_change:
        return Text("—", style="dim")
    value = Decimal(change.value_change)
    arrow = "▲" if value > 0 else "▼" if value < 0 else "="
    amount = f"{abs(value) * 100:.2f} 点" if measure == figures.PERCENT else figures.scaled(str(abs(value)), measure)
    return Text(f"{arrow} {amount}" if value else arrow, style=_DIRECTIONS.get(change.direction, ""))


def _placed(answer: board_service_pb2.GetIndicatorResponse) -> Text:
    """Return the place of the office that was asked for; nothing for the district."""
    if not answer.series[-1].figure.unit or not answer.ranks:
        return Text()
    place = answer.ranks[0]
    tied = ",并列" if place.tied else ""
    return Text(f"  第 {place.rank} 名(共 {place.of} 个司法所参加排名{tied})")


def _place(rank: indicator_pb2.OfficeRank) -> str:
    return f"{rank.rank}{'(并列)' if rank.tied else ''}"


def _course(series: Iterable[figure_pb2.Figure]) -> str:
    """Return how the values run, oldest first, as a line of bars; a point where there is no value."""
    series = list(series)
    values = [Decimal(figure.value) if figure.value and not figure.withheld else None for figure in series]
    return f"走势 {sparkline(values)}  {series[0].period} → {series[-1].period}"


def sparkline(values: Iterable[Decimal | None]) -> str:
    """Return values as bars from the least to the most; all alike are in the middle."""
    values = list(values)
    known = [value for value in values if value is not None]
    low, high = min(known, default=Decimal(0)), max(known, default=Decimal(0))
    steps = len(_BARS) - 1

    def bar(value: Decimal | None) -> str:
        if value is None:
            return "·"
        return _BARS[round((value - low) / (high - low) * steps)] if high > low else _BARS[steps // 2]

    return "".join(map(bar, values))


def _offices(answer: board_service_pb2.GetIndicatorResponse) -> Iterator[list[Any]]:
    """Give the offices by their places, then those that have none."""
    ranks = {rank.unit: rank for rank in answer.ranks}
    ordered = sorted(
        answer.offices, key=lambda figure: ranks[figure.unit].rank if figure.unit in ranks else len(ranks) + 1
    )
    for figure in ordered:
        place = _place(ranks[figure.unit]) if figure.unit in ranks else ""
        yield [place, figure.unit_label, *_numbers(figure)]


def _breakdowns(found: Iterable[figure_pb2.Figure]) -> None:
    for name, group in groupby(found, key=lambda figure: figure.breakdown):
        console.print(tabled(_KEYS, ([f.key, f.key_label, *figures.numbers(f)[:3]] for f in group), f"分项 {name}"))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("indicator")(indicator)
