"""The board on one screen: it fits, the worst comes first, and what to try next can be typed as it stands."""

from __future__ import annotations

import pytest
from geju.aggregation.v1 import board_pb2, figure_pb2
from google.type.date_pb2 import Date
from rich.text import Text

from services.cli.screen import Marks, screen, shared

LABELS = ("大调解", "大法援", "大普法", "大服务", "大帮教")


def pattern(number: int, losing: int) -> board_pb2.PatternBoard:
    """Return a pattern with so many indicators that lose points, each more than the one before."""
    found = board_pb2.PatternBoard(
        pattern=f"p{number}", label=LABELS[number], department="社区矫正与安置帮教科", attainment=0.9
    )
    for i in range(losing + 1):
        found.figures.add(
            indicator=f"p{number}.rate_{i}", label=f"归正人员管控到位率{i}", form=figure_pb2.FORM_RATIO,
            better=figure_pb2.BETTER_UP, measure="%", n=i, denominator=10, value="0.5", scale=1, denominator_scale=1,
            light=figure_pb2.LIGHT_RED if i else figure_pb2.LIGHT_GREEN, small=i == 1,
            target=figure_pb2.Target(value="0.9812", year_value="1"),
        )  # fmt: skip
        found.contributions.add(indicator=f"p{number}.rate_{i}", weight=1, attainment=1 - i / 100)
    return found


def board(losing: int = 9, **fields: object) -> board_pb2.Board:
    """Return a board of five patterns."""
    return board_pb2.Board(
        unit_label="全区", period="2012", as_of_date=Date(year=2012, month=6, day=1), attainment=0.93,
        demonstration=True, patterns=[pattern(i, losing) for i in range(5)], **fields,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(("width", "height"), [(80, 23), (100, 39), (100, 40), (120, 50), (160, 50)])
@pytest.mark.parametrize("losing", [0, 2, 9])
def test_it_fits_on_one_screen_with_every_pattern(width: int, height: int, losing: int) -> None:
    """No line is wider and no screen higher than the terminal, whatever there is to show."""
    lines = screen(board(losing), width, height).split()
    assert (True, True) == (len(lines) <= height, max(line.cell_len for line in lines) <= width)
    text = "\n".join(line.plain for line in lines)
    assert [True] * 6 == [word in text for word in (*LABELS, "总达成度")]
    assert 5 * min(losing, 2) <= text.count("○ ") - text.count("○ 落后")


def test_what_costs_most_comes_first_with_points_and_numbers() -> None:
    """N and N stand beside every rate; of a hundred points those that are lost; few records are marked."""
    rows = [line.plain for line in screen(board(2), 100, 40).split() if line.plain.startswith("  ○")]
    assert [True, True] == ["2/10" in rows[0] and "-0.7" in rows[0], "1/10" in rows[1] and "小样本" in rows[1]]
    assert "≥ 98.12%(全年 100.00%)*" in rows[0]


def test_rows_are_shared_in_turn() -> None:
    """Every pattern gets one before any gets a second; nobody gets more than there is."""
    assert [2, 1, 0, 2] == shared([5, 1, 0, 2], 5)
    assert [0, 0] == shared([3, 3], -1)
    assert [3, 1] == shared([3, 1], 9)


def test_who_is_behind_is_counted() -> None:
    """One line for all quotas, with how many are behind each."""
    found = board()
    found.patterns[2].behind.extend([board_pb2.Behind(indicator="p2.rate_1")] * 34)
    assert "落后于时间进度 归正人员管控到位率1 34 个单位" in screen(found, 100, 40).plain


def test_who_is_silent_is_told_with_since_when() -> None:
    """The first two by name, the others as a number; without any there is no line."""
    found = board()
    for office in ("五马", "广化", "南门"):
        found.silences.add(unit=office, label=office, text=f"{office} 没有新数据")
    told = next(line.plain for line in screen(found, 100, 40).split() if "久无数据" in line.plain)
    assert "久无数据 五马 没有新数据;广化 没有新数据;另有 1 个" == told
    assert "久无数据" not in screen(board(), 100, 40).plain


def test_what_to_try_next_names_unit_and_period() -> None:
    """What is typed as it stands shows the same unit and period, the worst pattern and indicator."""
    text = screen(_of_wuma(), 120, 40).plain
    assert "geju board --unit wuma --period 2012-05 --pattern 大法援" in text
    assert "geju explain p0.rate_9 --unit wuma --period 2012-05 --part against" in text


@pytest.mark.parametrize("width", [80, 100, 120])
def test_what_to_try_next_has_the_other_views(width: int) -> None:
    """Assessment, work and verification are named on every screen, each command whole."""
    text = screen(board(), width, 40).plain
    wanted = ("geju assess", "geju work", "geju verify", "geju explain p0.rate_9 --part against", "geju board --watch")
    assert [] == [command for command in wanted if command not in text]
    assert "geju verify --unit wuma --period 2012-05" in screen(_of_wuma(), width, 40).plain


def test_what_to_try_next_stays_with_a_past_day() -> None:
    """Whoever looks at a past day is led on within it; what only knows today is not proposed."""
    text = screen(board(), 120, 40, Marks(as_of="2012-06-01")).plain
    assert "geju explain p0.rate_9 --as-of 2012-06-01 --part against" in text
    assert "geju assess --as-of 2012-06-01" in text
    assert [] == [command for command in ("verify", "work", "--watch") if command in text]


def _of_wuma() -> board_pb2.Board:
    found = board(unit="wuma")
    found.period, found.patterns[1].attainment = "2012-05", 0.5
    return found


def test_marks_stand_beside_what_has_changed() -> None:
    """Beside the figure, and beside the pattern."""
    marks = Marks(figures={"p0.rate_9": Text("▲ n+1")}, patterns={"p0": Text(" ▲0.10")})
    lines = screen(board(), 100, 40, marks).split()
    assert ["▲ n+1"] == [line.plain[-5:] for line in lines if "n+1" in line.plain]
    assert ["大调解"] == [line.plain[:3] for line in lines if "▲0.10" in line.plain]
