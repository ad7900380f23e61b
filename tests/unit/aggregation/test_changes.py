"""Changes since the period before, and places of offices, made of figures as they are shown."""

from __future__ import annotations

import pytest
from geju.aggregation.v1 import figure_pb2
from geju.aggregation.v1 import indicator_pb2 as pb

from services.aggregation import catalogue
from services.aggregation.changes import change, ranks
from services.aggregation.indicator import Indicator

RATE = catalogue.BY_CODE["mediation.success_rate"]
DOWN = catalogue.BY_CODE["correction.absconding_rate"]
COUNT = catalogue.BY_CODE["legalaid.accepted"]
WATCHED = catalogue.BY_CODE["mediation.accepted"]
MONEY = catalogue.BY_CODE["legalaid.recovered_amount"]
B, W, S, U = pb.DIRECTION_BETTER, pb.DIRECTION_WORSE, pb.DIRECTION_SAME, pb.DIRECTION_UNKNOWN


def figure(n: int, total: int = 0, *, unit: str = "", withheld: bool = False) -> figure_pb2.Figure:
    """Return a figure of April."""
    shown = (0, 0) if withheld else (n, total)
    return figure_pb2.Figure(
        unit=unit, unit_label=unit, period="2012-04", n=shown[0], denominator=shown[1], withheld=withheld,
        small=0 < total < 20,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("indicator", "before", "now", "value", "direction", "words"),
    [
        (RATE, (30, 40), (45, 50), "0.15", B, "比 2012-04 +15.00 个百分点"),
        (RATE, (45, 50), (30, 40), "-0.15", W, "比 2012-04 -15.00 个百分点"),
        (RATE, (20, 40), (30, 60), "0", S, "比 2012-04 持平"),
        (RATE, (1, 3), (30, 60), "0.166667", B, "比 2012-04 +16.67 个百分点;N 不足 20,一件就会有明显变动"),
        (RATE, (0, 0), (3, 3), "", U, "与 2012-04 无从比较:有一期没有应计入的记录"),
        (DOWN, (1, 100), (0, 100), "-0.01", B, "比 2012-04 -1.00 个百分点"),
        (COUNT, (5, 0), (2, 0), "-3", W, "比 2012-04 -3 件"),
        (WATCHED, (5, 0), (7, 0), "2", U, "比 2012-04 +2 件"),
        (WATCHED, (5, 0), (5, 0), "0", S, "比 2012-04 持平"),
        (MONEY, (100_000, 0), (250_050, 0), "1500.5", B, "比 2012-04 +1,500.50 元"),
    ],
)
def test_a_change_says_how_much_and_whether_it_is_progress(
    indicator: Indicator, before: tuple[int, int], now: tuple[int, int], value: str, direction: int, words: str
) -> None:
    """n, N and the value less those before, and whether that is the better way."""
    found = change(indicator, figure(*now), figure(*before), runs=False)
    assert (now[0] - before[0], now[1] - before[1]) == (found.n_change, found.denominator_change)
    assert (value, direction, words) == (found.value_change, found.direction, found.text)


def test_what_adds_up_is_not_judged_while_its_period_runs() -> None:
    """Half a month against a whole one tells no direction; a rate is one at any time."""
    count = change(COUNT, figure(2), figure(5), runs=True)
    assert (-3, U, "比 2012-04 -3 件;本期尚未结束,不评") == (count.n_change, count.direction, count.text)
    assert W == change(RATE, figure(30, 40), figure(45, 50), runs=True).direction


@pytest.mark.parametrize("hidden", [(True, False), (False, True), (True, True)])
def test_no_change_tells_what_is_withheld(hidden: tuple[bool, bool]) -> None:
    """Where either is withheld, the change has no number at all."""
    now, before = (figure(3, 7, withheld=withheld) for withheld in hidden)
    found = change(RATE, now, before, runs=False)
    expected = pb.Change(direction=U, text="与 2012-04 不作比较:不公开")
    assert expected == found


def test_offices_have_places_best_first() -> None:
    """Equal values share one; who has no value, or none that is shown, has none; few are marked."""
    offices = [
        figure(1, 2, unit="a"), figure(30, 40, unit="b"), figure(3, 4, unit="c"), figure(0, 0, unit="d"),
        figure(9, 9, unit="e", withheld=True),
    ]  # fmt: skip
    found = [(r.unit, r.rank, r.of, r.tied, r.small) for r in ranks(RATE, offices)]
    assert [("b", 1, 3, True, False), ("c", 1, 3, True, True), ("a", 3, 3, False, True)] == found
    assert ["a", "b", "c"] == [r.unit for r in ranks(DOWN, offices)]
    assert [] == list(ranks(WATCHED, offices))
