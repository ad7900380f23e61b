"""Figures: a value never stands without its unit, a light never without its word."""

from __future__ import annotations

import pytest
from geju.aggregation.v1 import figure_pb2

from services.cli import figures

RATE = figure_pb2.Figure(
    indicator="mediation.success_rate", label="调解成功率", form=figure_pb2.FORM_RATIO, better=figure_pb2.BETTER_UP,
    measure="%", n=110, denominator=113, value="0.973451", light=figure_pb2.LIGHT_GREEN, attainment=1.0,
    target=figure_pb2.Target(value="0.97", plan=True),
)  # fmt: skip


def test_a_rate_is_shown_with_n_and_denominator() -> None:
    """Whoever reads 97.35 % reads 110 of 113 beside it."""
    cells = [str(cell) for cell in figures.row(RATE)]
    assert ["调解成功率", "110", "113", "97.35%", "≥ 97.00%", "100.0%", "● 达标", "mediation.success_rate"] == cells


def test_a_rate_is_rounded_once() -> None:
    """1446 of 1509 is 95.83 %, though the value, rounded to six digits, would round to 95.82 % or 95.83 % by taste."""
    rate = figure_pb2.Figure(measure="%", n=1446, denominator=1509, value="0.95825", form=figure_pb2.FORM_RATIO)
    assert "95.83%" == figures.value(rate)


def test_nothing_to_divide_by_is_a_dash() -> None:
    """A rate of no records is no number."""
    empty = figure_pb2.Figure(form=figure_pb2.FORM_RATIO, measure="%")
    assert "—" == figures.value(empty)


@pytest.mark.parametrize(
    ("better", "strict", "sign"),
    [
        (figure_pb2.BETTER_UP, False, "≥"),
        (figure_pb2.BETTER_UP, True, ">"),
        (figure_pb2.BETTER_DOWN, False, "≤"),
        (figure_pb2.BETTER_DOWN, True, "<"),
    ],
)
def test_targets_say_their_direction(better: figure_pb2.Better.ValueType, strict: bool, sign: str) -> None:  # noqa: FBT001
    """Less can be better, and "more than" is not "at least"."""
    aim = figure_pb2.Target(value="5", strict=strict, plan=True)
    assert f"{sign} 5 件" == figures.target(figure_pb2.Figure(better=better, measure="件", target=aim))


def test_starting_values_are_marked() -> None:
    """A target that the plan does not state is told apart from one that it does."""
    assert figures.target(figure_pb2.Figure(target=figure_pb2.Target(value="5"))).endswith("*")


def test_a_withheld_figure_says_so_and_nothing_else() -> None:
    """No number stands for a figure that is not shown."""
    cell = figure_pb2.Figure(
        label="在册", withheld=True, text="不公开(分项中有不足 10 的数)", light=figure_pb2.LIGHT_NONE
    )
    assert ["", "", cell.text, "", "", "– 不评"] == [str(part) for part in figures.numbers(cell)]
    assert cell.text == figures.value(cell)


def test_money_is_shown_in_yuan() -> None:
    """The contract counts fen; people read yuan."""
    rate = figure_pb2.Figure(
        form=figure_pb2.FORM_RATIO, measure="%", n=120050, denominator=240100, value="0.5",
        scale=100, denominator_scale=100,
    )  # fmt: skip
    assert ["1,200.50", "2,401"] == figures.numbers(rate)[:2]
    assert ["120,050", "240,100"] == figures.numbers(figure_pb2.Figure(form=2, n=120050, denominator=240100, scale=1))[
        :2
    ]


def test_persons_are_counted_as_persons() -> None:
    """Officers are kept a hundredfold to be held against hundreds; what they are held against is not divided."""
    ratio = figure_pb2.Figure(
        form=figure_pb2.FORM_SHARE, measure="人/百人", n=3500, denominator=154, value="22.727273",
        scale=100, denominator_scale=1,
    )  # fmt: skip
    assert ["35", "154", "22.73 人/百人"] == figures.numbers(ratio)[:3]


def test_every_light_has_a_glyph_of_its_own() -> None:
    """The lights can be told apart without colours."""
    lights = [value for value in figure_pb2.Light.values() if value]
    assert len(lights) == len({figures.light(value).plain for value in lights})
