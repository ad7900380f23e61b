"""Finds the heading row of a sheet and says which column is which."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.cli.failure import Exit, Failure
from services.cli.sheets import cells, labels
from services.cli.sheets.columns import HINT_MARK, Column

# Titles and notes above the headings are usual in offices' own sheets.
SEARCHED_ROWS = 10


@dataclass(frozen=True)
class Header:
    """Where the headings stand and the column at each position (None: ignored)."""

    line: int
    columns: tuple[Column | None, ...]


def find(rows: Sequence[Sequence[object]], wanted: Sequence[Column], *, skip_unknown: bool = False,
         given: frozenset[str] = frozenset()) -> Header:  # fmt: skip
    """Find the heading row among the first rows; `given` names fields that need no column.

    Errors: Failure naming the missing, unknown and double headings.
    """
    names = _names(wanted)
    line = best_row(rows, wanted)
    if line is None:
        raise Failure("表格中找不到标题行", Exit.RULE, "应有的标题:" + "、".join(column.label for column in wanted))
    headings = [_heading(cell) for cell in rows[line]]
    found = tuple(names.get(labels.plain(heading)) if heading else None for heading in headings)
    unknown = [heading for heading, column in zip(headings, found, strict=True) if heading and column is None]
    present = Counter(column.label for column in found if column)
    double = [label for label, count in present.items() if count > 1]
    missing = [c.label for c in wanted if c.required and c.label not in present and c.field.name not in given]
    if double or missing or (unknown and not skip_unknown):
        raise Failure(f"标题行(第 {line + 1} 行)与模板不符", Exit.RULE, _advice(missing, unknown, double, wanted))
    return Header(line, found)


def best_row(rows: Sequence[Sequence[object]], wanted: Sequence[Column]) -> int | None:
    """Return the index of the row with most known headings; None when no row has two of them."""
    names = _names(wanted)
    scores = [score(row, names) for row in rows[:SEARCHED_ROWS]]
    best = max(range(len(scores)), key=lambda index: scores[index], default=None)
    enough = min(2, len(wanted))
    return best if best is not None and scores[best] >= enough else None


def score(row: Sequence[object], names: dict[str, Column]) -> int:
    """Count the known headings in a row."""
    return sum(labels.plain(_heading(cell)) in names for cell in row if _heading(cell))


def known(rows: Sequence[Sequence[object]], wanted: Sequence[Column]) -> set[str]:
    """Return the labels of a kind's columns that the sheet's heading row has."""
    line = best_row(rows, wanted)
    names = _names(wanted)
    found = (names.get(labels.plain(_heading(cell))) for cell in rows[line]) if line is not None else ()
    return {column.label for column in found if column}


def is_hint(row: Sequence[object]) -> bool:
    """Say whether a row holds the template's hints."""
    filled = [text for text in (_heading(cell) for cell in row) if text]
    return bool(filled) and all(text.startswith(HINT_MARK) for text in filled)


def _names(wanted: Sequence[Column]) -> dict[str, Column]:
    names = {labels.plain(column.field.name): column for column in wanted}
    # A sheet headed "(分)" holds fen; the template's own heading says yuan.
    names |= {labels.plain(labels.label(c.field)): replace(c, yuan=False) for c in wanted if labels.is_money(c.field)}
    return names | {labels.plain(column.label): column for column in wanted}


def _heading(cell: object) -> str:
    try:
        return cells.text(cell)
    except cells.CellError:
        return ""


def _advice(missing: list[str], unknown: list[str], double: list[str], wanted: Sequence[Column]) -> str:
    lines = []
    if missing:
        lines.append("缺少必填列:" + "、".join(missing))
    known = [column.label for column in wanted]
    for heading in unknown:
        near = difflib.get_close_matches(heading, known, n=1, cutoff=0.5)
        lines.append(f"不认识的列:{heading[:40]}" + (f"(是否指「{near[0]}」?)" if near else ""))
    if double:
        lines.append("重复的列:" + "、".join(double))
    if unknown:
        lines.append("多余的列可用 --skip-unknown 略过")
    return "\n".join(lines)
