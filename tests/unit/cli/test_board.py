"""`geju board` says under a pattern who is behind the pace of a quota."""

from __future__ import annotations

from io import StringIO

from geju.aggregation.v1 import board_pb2, figure_pb2
from rich.console import Console

from services.cli.commands.board import rendered

CODE = "publicity.cadre_study_rate"


def pattern(behind: int) -> board_pb2.PatternBoard:
    """Return a pattern of which so many are behind."""
    figure = figure_pb2.Figure(indicator=CODE, label="干部集中学法达标率", period="2012")
    return board_pb2.PatternBoard(
        pattern="publicity",
        label="大普法",
        figures=[figure],
        behind=[
            board_pb2.Behind(indicator=CODE, label=f"示例{number}村", detail="已学 1 次", reason="behind_pace")
            for number in range(1, behind + 1)
        ],
    )


def shown(*patterns: board_pb2.PatternBoard) -> str:
    """Return a board as text."""
    out = StringIO()
    Console(file=out, width=120).print(rendered(board_pb2.Board(patterns=patterns)))
    return out.getvalue()


def test_who_is_behind_is_named() -> None:
    """The first by name and with how far they are, how many in all, and how to list the others."""
    text = shown(pattern(13))
    assert "干部集中学法达标率:13 个单位落后于时间进度" in text
    assert ["示例12村"] == [name for name in ("示例12村", "示例13村") if name in text]
    assert f"geju explain {CODE} --reason behind_pace" in text
    assert "explain publicity" not in shown(pattern(2))
    assert "落后" not in shown(pattern(0))
