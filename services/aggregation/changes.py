"""How a figure differs from that of the period before, and which place an office has.

Both are made of the figures as the caller is shown them, so that neither tells anything of one that is withheld.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from geju.aggregation.v1 import figure_pb2
from geju.aggregation.v1 import indicator_pb2 as pb

from services.aggregation import wording
from services.aggregation.attainment import value_of
from services.aggregation.indicator import Better, Form, Indicator
from services.aggregation.ranking import ranked

#: What adds up over its period: half of one is not held against a whole one.
ADDS_UP = frozenset({Form.COUNT, Form.SUM, Form.QUOTA, Form.GROWTH})


def value_in(indicator: Indicator, figure: figure_pb2.Figure) -> Fraction | None:
    """Return the exact value of a figure as it is shown; None when it has none, or is withheld."""
    return None if figure.withheld else value_of(indicator, figure.n, figure.denominator)


def change(indicator: Indicator, now: figure_pb2.Figure, before: figure_pb2.Figure, *, runs: bool) -> pb.Change:
    """Return a figure against that of the period before; `runs`: its own period is not over."""
    if now.withheld or before.withheld:
        return pb.Change(direction=pb.DIRECTION_UNKNOWN, text=f"与 {before.period} 不作比较:不公开")
    values = value_in(indicator, now), value_in(indicator, before)
    found = pb.Change(n_change=now.n - before.n, denominator_change=now.denominator - before.denominator)
    if values[0] is None or values[1] is None:
        found.direction, found.text = pb.DIRECTION_UNKNOWN, f"与 {before.period} 无从比较:有一期没有应计入的记录"
        return found
    difference = values[0] - values[1]
    found.value_change = wording.decimal(difference)
    found.text = f"比 {before.period} {wording.difference(indicator, difference)}"
    if runs and indicator.form in ADDS_UP:
        found.direction = pb.DIRECTION_UNKNOWN
        found.text += ";本期尚未结束,不评"
    else:
        found.direction = _direction(indicator, difference)
        found.text += ";N 不足 20,一件就会有明显变动" if now.small or before.small else ""
    return found


def _direction(indicator: Indicator, difference: Fraction) -> pb.Direction.ValueType:
    if not difference:
        return pb.DIRECTION_SAME
    if indicator.better is Better.NONE:
        return pb.DIRECTION_UNKNOWN
    return pb.DIRECTION_BETTER if (difference > 0) is (indicator.better is Better.UP) else pb.DIRECTION_WORSE


def ranks(indicator: Indicator, offices: Iterable[figure_pb2.Figure]) -> Iterator[pb.OfficeRank]:
    """Give the places of offices by their figures of one period, best first; none if no direction is progress."""
    if indicator.better is Better.NONE:
        return
    by_unit = {figure.unit: figure for figure in offices}
    values = {unit: value_in(indicator, figure) for unit, figure in by_unit.items()}
    places = ranked(values, lowest_first=indicator.better is Better.DOWN)
    shared = Counter(places.values())
    for unit, place in sorted(places.items(), key=lambda item: item[1]):
        figure = by_unit[unit]
        yield pb.OfficeRank(
            unit=unit,
            unit_label=figure.unit_label,
            rank=place,
            of=len(places),
            tied=shared[place] > 1,
            small=figure.small,
        )
