"""Figures as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from geju.aggregation.v1 import figure_pb2
from google.protobuf import json_format
from google.protobuf.message import Message
from rich.text import Text

from services.chassis.domain.percentages import percent
from services.cli.output import Head
from services.cli.sheets import cells

# A glyph beside the word: the lights can be told apart without colours.
LIGHTS: dict[int, tuple[str, str, str]] = {
    figure_pb2.LIGHT_GREEN: ("●", "达标", "green"),
    figure_pb2.LIGHT_AMBER: ("◐", "接近", "yellow"),
    figure_pb2.LIGHT_RED: ("○", "落后", "red"),
    figure_pb2.LIGHT_NONE: ("–", "不评", "dim"),
}
PERCENT = "%"
#: In the place of a record that the caller may not see.
SEALED = "(已封存)"
HEADS = [
    Head("label", "指标"),
    Head("n", "n", number=True),
    Head("denominator", "N", number=True),
    Head("value", "值", number=True),
    Head("target", "目标", number=True),
    Head("attainment", "达成度", number=True),
    Head("light", "状态"),
    Head("indicator", "代码"),
]


def row(figure: figure_pb2.Figure) -> list[Any]:
    """Return the cells of a figure under HEADS."""
    return [figure.label, *numbers(figure), figure.indicator]


def numbers(figure: figure_pb2.Figure) -> list[Any]:
    """Return n, N, value, target, attainment and light of a figure; of a withheld one only that it is."""
    if figure.withheld:
        return ["", "", figure.text, "", "", light(figure.light)]
    return [
        amount(figure.n, figure.scale),
        _denominator(figure) if figure.denominator or figure.form in _WITH_DENOMINATOR else "",
        value(figure),
        target(figure),
        percent(figure.attainment) if figure.HasField("attainment") else "",
        light(figure.light),
    ]


def _denominator(figure: figure_pb2.Figure) -> str:
    return amount(figure.denominator, figure.denominator_scale)


_WITH_DENOMINATOR = {
    figure_pb2.FORM_RATIO,
    figure_pb2.FORM_MEAN,
    figure_pb2.FORM_SHARE,
    figure_pb2.FORM_QUOTA,
    figure_pb2.FORM_GROWTH,
}


def value(figure: figure_pb2.Figure) -> str:
    """Return the value with its unit; a dash when there is nothing to divide by, a word when it is withheld."""
    if figure.withheld:
        return figure.text
    if figure.value and figure.denominator and figure.measure == PERCENT:
        # From n and N, not from the value: that is rounded already, and rounding twice can differ in the last digit.
        if figure.form != figure_pb2.FORM_GROWTH:
            return percent(Fraction(figure.n, figure.denominator), 2)
        return ("+" if figure.n > 0 else "") + hundredths(Decimal(figure.n) * 100 / figure.denominator)
    return scaled(figure.value, figure.measure) or "—"


def made_of(figure: figure_pb2.Figure) -> str:
    """Return n and N of a figure, or n alone of a form that has no N; empty when it is withheld."""
    if figure.withheld:
        return ""
    n = amount(figure.n, figure.scale)
    return f"{n}/{_denominator(figure)}" if figure.form in _WITH_DENOMINATOR else n


def target(figure: figure_pb2.Figure, *, year: bool = True) -> str:
    """Return what the figure is measured against, with its direction; empty when no target binds.

    Of a target for a whole year that is what is due by now, with the `year`'s own value behind it.
    """
    if not figure.HasField("target"):
        return ""
    aim = figure.target
    down = figure.better == figure_pb2.BETTER_DOWN
    sign = ("<" if down else ">") if aim.strict else ("≤" if down else "≥")
    whole = f"(全年 {scaled(aim.year_value, figure.measure)})" if aim.year_value and year else ""
    return f"{sign} {scaled(aim.value, figure.measure)}{whole}{'' if aim.plan else '*'}"


def scaled(number: str, measure: str) -> str:
    """Return a decimal of the contract with its unit: 0.9735 of "%" is 97.35%."""
    if not number:
        return ""
    if measure == PERCENT:
        return hundredths(Decimal(number) * 100)
    exact = Decimal(number)
    shown = f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact:,.2f}"
    return f"{shown} {measure}".strip()


def hundredths(percentage: Decimal) -> str:
    """Return a percentage with two decimals, halves rounded away from zero as people do."""
    return f"{percentage.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def amount(n: int, scale: int) -> str:
    """Return n or N; money, which the contract counts in fen (scale 100), in yuan."""
    return f"{Decimal(n) / scale:,.2f}" if scale > 1 and n % scale else f"{n // max(scale, 1):,}"


def light(state: int) -> Text:
    """Return a light as glyph and word."""
    glyph, word, style = LIGHTS.get(state, ("?", "", "dim"))
    return Text(f"{glyph} {word}", style=style)


def shown(message: Message, field: str) -> Any:
    """Return a field as people see it, a date, a time or the label of a value; empty when it is unset."""
    described: Any = message.DESCRIPTOR.fields_by_name
    return cells.shown_field(message, described[field]) or ""


def as_json(message: Message) -> Any:
    """Return a whole message for programs, empty fields included."""
    return json_format.MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
