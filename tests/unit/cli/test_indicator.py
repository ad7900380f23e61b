"""`geju indicator` shows how a figure moves, and where the offices stand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from geju.aggregation.v1 import board_service_pb2, figure_pb2, indicator_pb2

from services.cli.commands import indicator
from services.cli.output import Form

RATE = {"form": figure_pb2.FORM_RATIO, "better": figure_pb2.BETTER_UP, "measure": "%", "scale": 1}


def figure(unit: str, n: int, total: int, period: str = "2012-05") -> figure_pb2.Figure:
    """Return a rate of an office."""
    return figure_pb2.Figure(
        unit=unit, unit_label=unit, period=period, n=n, denominator=total, denominator_scale=1,
        value=str(n / total) if total else "", small=0 < total < 20, text=f"{n}/{total}", **RATE,  # type: ignore[arg-type]
    )  # fmt: skip


def answer() -> board_service_pb2.GetIndicatorResponse:
    """Return a rate of two months, of three offices, of which one has no value."""
    better = indicator_pb2.Change(value_change="0.125", direction=indicator_pb2.DIRECTION_BETTER)
    return board_service_pb2.GetIndicatorResponse(
        indicator=indicator_pb2.Indicator(
            indicator="a.rate", label="甲率", form=figure_pb2.FORM_RATIO, better=figure_pb2.BETTER_UP, measure="%",
            pattern_label="大调解", department_label="调解科", weight=5, pattern_weights=35, clauses=["a.one"],
            clause_details=[indicator_pb2.Clause(clause="a.one", label="条款一")],
            targets=[figure_pb2.Target(value="0.97", plan=True, from_year=2008)],
        ),
        series=[
            indicator_pb2.SeriesPoint(figure=figure("", 3, 4, "2012-04")),
            indicator_pb2.SeriesPoint(figure=figure("", 35, 40), change=better),
        ],
        offices=[figure("甲所", 1, 2), figure("乙所", 30, 40), figure("丙所", 0, 0)],
        ranks=[
            indicator_pb2.OfficeRank(unit="乙所", rank=1, of=2),
            indicator_pb2.OfficeRank(unit="甲所", rank=2, of=2, small=True),
        ],
    )  # fmt: skip


def test_it_says_what_the_figure_means_and_how_it_moves(capsys: pytest.CaptureFixture[str]) -> None:
    """Meaning, target, weight, clause, course, change and warning stand on the page; the best office is first."""
    indicator._show(answer(), Form.TABLE)
    said = capsys.readouterr().out
    for words in (
        "2008 年起 ≥ 97.00%(规划指标)",
        "5(格局合计 35)",
        "条款一(a.one)",
        "走势 ▁█",
        "▲ 12.50 点",
        "小样本:N",
    ):
        assert words in said
    assert sorted(map(said.index, ("乙所", "甲所", "丙所"))) == [*map(said.index, ("乙所", "甲所", "丙所"))]


def test_an_office_is_told_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    """Beside its figure, with how many there are and whether it is shared."""
    found = answer()
    del found.offices[:]
    for point in found.series:
        point.figure.unit = "甲所"
    found.ranks[0].tied = True
    indicator._show(found, Form.TABLE)
    assert "第 1 名(共 2 个司法所参加排名,并列)" in capsys.readouterr().out


def test_programs_get_series_with_changes(capsys: pytest.CaptureFixture[str]) -> None:
    """CSV has a row for each period."""
    indicator._show(answer(), Form.CSV)
    lines = capsys.readouterr().out.splitlines()
    assert ["期间", "2012-04", "2012-05"] == [line.split(",")[0].lstrip("\ufeff") for line in lines]
    assert lines[-1].endswith("▲ 12.50 点")


@pytest.mark.parametrize(
    ("values", "line"),
    [("1 2 3 8", "▁▂▃█"), ("5 5", "▄▄"), ("1 - 8", "▁·█"), ("-", "·"), ("", ""), ("-0.5 0 0.5", "▁▅█")],
)
def test_values_are_bars_from_the_least_to_the_most(values: str, line: str) -> None:
    """Where there is no value there is a point; all alike are in the middle."""
    assert line == indicator.sparkline(None if value == "-" else Decimal(value) for value in values.split())
