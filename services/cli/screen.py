"""The board on one screen: every pattern with what costs it most, who is behind, and what to try next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from geju.aggregation.v1 import board_pb2, figure_pb2
from rich.cells import cell_len, set_cell_size
from rich.text import Text

from services.chassis.domain.percentages import percent
from services.cli import figures

#: From so many rows on there is room for air between the patterns.
_AIRY = 36
#: From so many columns on targets stand with what they are for the whole year.
_WIDE = 100
#: Wider than that the eye loses the row.
_WIDEST = 120
#: The share of the way from which on a pattern is near its targets, as the lights of figures have it.
_NEAR = 0.9
#: So many of those who have sent nothing are told with since when.
_TOLD = 2
#: What to try next takes so many rows at most.
_TRIED = 4
_LIGHTS = (figure_pb2.LIGHT_GREEN, figure_pb2.LIGHT_AMBER, figure_pb2.LIGHT_RED, figure_pb2.LIGHT_NONE)


@dataclass(frozen=True)
class Marks:
    """What is said of a board beside its figures: what has changed, by code, and what is told at its foot.

    `as_of` is the past day that was asked for; "" when none was.
    """

    figures: Mapping[str, Text] = field(default_factory=dict)
    patterns: Mapping[str, Text] = field(default_factory=dict)
    state: str = ""
    foot: Sequence[Text] = ()
    as_of: str = ""


@dataclass(frozen=True)
class _Row:
    """An indicator that costs its pattern points: how many of a hundred."""

    figure: figure_pb2.Figure
    lost: float


def screen(found: board_pb2.Board, width: int, height: int, marks: Marks | None = None) -> Text:
    """Return a board as so many rows of so many columns at most, as far as it fits."""
    marks, width = marks or Marks(), min(width, _WIDEST)
    patterns = [pattern for pattern in found.patterns if pattern.contributions]
    head = [*_head(found, width, marks), _headings(width)]
    foot = [*_behind(patterns), *silent(found), *marks.foot, *_tries(found, patterns, width, marks)]
    air = height >= _AIRY
    losing = [_losing(pattern) for pattern in patterns]
    room = height - len(head) - len(foot) - len(patterns) * (2 if air else 1)
    rows = shared([len(rows) for rows in losing], room)
    lines = list(head)
    for pattern, worst, count in zip(patterns, losing, rows, strict=True):
        lines += [Text()] if air else []
        lines.append(_pattern(pattern, width, marks))
        lines += [_indicator(row, width, marks) for row in worst[:count]]
    lines += foot
    for line in lines:
        line.truncate(width, overflow="ellipsis")
    return Text("\n").join(lines)


def shared(wanted: Sequence[int], room: int) -> list[int]:
    """Share out rows: one to each in turn that wants more, for as long as there is room."""
    given = [0] * len(wanted)
    while room > 0 and given != list(wanted):
        for i, most in enumerate(wanted):
            if room > 0 and given[i] < most:
                given[i], room = given[i] + 1, room - 1
    return given


def _head(found: board_pb2.Board, width: int, marks: Marks) -> Iterator[Text]:
    head = Text(f"{found.unit_label}  {found.period}", style="bold")
    if found.HasField("attainment"):
        head.append("  总达成度 ").append(_bar(found.attainment)).append(f" {percent(found.attainment)}")
        head.append(marks.patterns.get("", Text()))
    if found.demonstration:
        head.append("  (演示数据,人和事均为虚构)", style="not bold dim")
    yield head
    proven = figures.shown(found, "proven_time")
    state = marks.state or f"上次与记录核对一致:{proven or '尚未核对'}"
    rebuilding = "  (正在按新版本重建,含义有变的指标暂缺)" if found.rebuilding else ""
    line = Text(f"截至 {figures.shown(found, 'as_of_date')},{state}{rebuilding}", style="dim")
    legend = "  ".join(f"{glyph} {word}" for glyph, word, _ in (figures.LIGHTS[state] for state in _LIGHTS))
    gap = width - line.cell_len - cell_len(legend)
    yield line.append(" " * gap + legend) if gap > 1 else line


def _bar(share: float, width: int = 20) -> Text:
    """Return a share of one as a bar; full only when nothing is missing."""
    full = width if share >= 1 else min(int(share * width), width - 1)
    style = "green" if share >= 1 else "yellow" if share >= _NEAR else "red"
    return Text.assemble(("━" * full, style), ("─" * (width - full), "dim"))


def _widths(width: int) -> tuple[int, int, int, int, int]:
    """Return the columns of label, n/N, value, target and points lost."""
    return (26, 14, 13, 24, 6) if width >= _WIDE else (22, 12, 12, 12, 6)


def _columns(width: int, cells: Iterable[tuple[str, str]]) -> Text:
    """Return a label and numbers, each in its column, numbers to the right."""
    line = Text()
    for place, ((text, style), room) in enumerate(zip(cells, _widths(width), strict=True)):
        fitting = text if cell_len(text) <= room else set_cell_size(text, room - 1) + "…"
        gap = " " * (room - cell_len(fitting))
        line.append(fitting + gap if place == 0 else f" {gap}{fitting}", style=style)
    return line


def _headings(width: int) -> Text:
    cells = (("指标(失分多的在前)", ""), ("n/N", ""), ("值", ""), ("目标", ""), ("失分", ""))
    line = Text("    ").append(_columns(width, cells))
    line.stylize("dim")
    return line


def _pattern(found: board_pb2.PatternBoard, width: int, marks: Marks) -> Text:
    label, name, *_ = found.label, found.department
    line = Text(set_cell_size(label, 7), style="bold")
    line.append(set_cell_size(name, 24 if width >= _WIDE else 22), style="not bold dim")
    if found.HasField("attainment"):
        line.append(" ").append(_bar(found.attainment)).append(f" {percent(found.attainment):>6}")
    else:
        line.append(f" {'不评':^25}", style="not bold dim")
    line.append(marks.patterns.get(found.pattern, Text()))
    counts = Counter(figure.light for figure in found.figures)
    for state in _LIGHTS:
        glyph, _, style = figures.LIGHTS[state]
        line.append(f"  {glyph}{counts[state]}", style=f"not bold {style}")
    return line


def _losing(found: board_pb2.PatternBoard) -> list[_Row]:
    """Return what costs a pattern points, most first."""
    by_code = {figure.indicator: figure for figure in found.figures}
    judged = [part for part in found.contributions if part.HasField("attainment")]
    weights = sum(part.weight for part in judged) or 1
    lost = {part.indicator: 100 * part.weight * (1 - part.attainment) / weights for part in judged}
    rows = [_Row(by_code[code], points) for code, points in lost.items() if points > 0 and code in by_code]
    return sorted(rows, key=lambda row: -row.lost)


def _indicator(row: _Row, width: int, marks: Marks) -> Text:
    figure = row.figure
    glyph, _, style = figures.LIGHTS[figure.light]
    aim = figures.target(figure) if width >= _WIDE else figures.target(figure, year=False)
    numbers = (figures.made_of(figure), figures.value(figure), aim, f"-{row.lost:.1f}")
    line = Text("  ").append(glyph, style=style).append(" ")
    line.append(_columns(width, [(figure.label, ""), *((text, "") for text in numbers)]))
    told = marks.figures.get(figure.indicator)
    if told is not None:
        return line.append(" ").append(told)
    return line.append(" 小样本" if figure.small else "", style="magenta")


def _behind(patterns: Iterable[board_pb2.PatternBoard]) -> Iterator[Text]:
    """Give who is behind the pace of a quota, as a number for each."""
    labels = {figure.indicator: figure.label for pattern in patterns for figure in pattern.figures}
    counts = Counter(one.indicator for pattern in patterns for one in pattern.behind)
    if counts:
        told = ";".join(f"{labels.get(code, code)} {count} 个单位" for code, count in counts.most_common())
        yield Text.assemble(("落后于时间进度 ", "bold"), told)


def silent(found: board_pb2.Board) -> Iterator[Text]:
    """Give who has sent nothing for unusually long, the first of them with since when."""
    if found.silences:
        told = ";".join(one.text for one in found.silences[:_TOLD])
        more = len(found.silences) - _TOLD
        yield Text.assemble(("久无数据 ", "bold red"), told, f";另有 {more} 个" if more > 0 else "")


def _against(figure: figure_pb2.Figure) -> str:
    """Return the part of a figure's records that speak against it: those it counts, where less is better."""
    return "counted" if figure.better == figure_pb2.BETTER_DOWN else "against"


def _tries(
    found: board_pb2.Board, patterns: Sequence[board_pb2.PatternBoard], width: int, marks: Marks
) -> Iterator[Text]:
    """Give what to try next, the pattern and the indicator that lose most by name, in as few rows as it fits in."""
    lines = [Text("试试 "), *(Text("     ") for _ in range(_TRIED - 1))]
    empty = {line.plain for line in lines}
    for words in _commands(found, patterns, marks):
        for line in lines:
            gap = "" if line.plain in empty else "  "
            if line.cell_len + cell_len(gap + words) <= width:
                line.append(gap).append(words, style="cyan")
                break
    yield from (line for line in lines if line.plain not in empty)


def _commands(found: board_pb2.Board, patterns: Sequence[board_pb2.PatternBoard], marks: Marks) -> Iterator[str]:
    """Give commands about the same unit, period and day; what can only be said of today is left out of a past one."""
    unit = f" --unit {found.unit}" if found.unit else ""
    period = "" if found.period == str(found.as_of_date.year) else f" --period {found.period}"
    day = f" --as-of {marks.as_of}" if marks.as_of else ""
    of = unit + period + day
    scored = [pattern for pattern in patterns if pattern.HasField("attainment")]
    if scored:
        worst = min(scored, key=lambda pattern: pattern.attainment)
        yield f"geju board{of} --pattern {worst.label}"
        yield f"geju board{of} --all"
        yield f"geju assess{of}"
    if not day:
        yield f"geju work{unit}"
        yield f"geju verify{unit}{period}"
    rows = sorted(chain.from_iterable(map(_losing, scored)), key=lambda row: -row.lost)
    for row in rows[:1]:
        yield f"geju explain {row.figure.indicator}{of} --part {_against(row.figure)}"
    if not day and not marks.state:
        yield f"geju board{unit}{period} --watch"
    yield "geju indicator"
