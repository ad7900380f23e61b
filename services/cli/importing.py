"""Takes a spreadsheet over: reads it, has every row checked, then writes the rows chunk by chunk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geju.common.v1 import import_pb2
from google.protobuf import message_factory

from services.cli.failure import Exit, Failure
from services.cli.kinds import Kind, all_kinds
from services.cli.sheets import header, read, rows, write
from services.cli.sheets.columns import row_error
from services.cli.sheets.read import Sheet
from services.cli.sheets.rows import Parsed
from services.client import Geju

CHUNK_ROWS = 500
CHUNK_BYTES = 2**20
_REJECTED = import_pb2.ROW_OUTCOME_REJECTED
Step = Callable[[int], None]


@dataclass(frozen=True)
class Wish:
    """How a file is to be taken over.

    `given` fills empty cells by field, `codes` translates names by field, `check` has every row checked before the
    first is written, `partial` writes the good rows of a file that has bad ones.
    """

    dry_run: bool = False
    partial: bool = False
    skip_unknown: bool = False
    check: bool = True
    given: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass
class Result:
    """What became of a file's rows; `written` is false when nothing was to be or could be written."""

    rows: int = 0
    outcomes: Counter[int] = field(default_factory=Counter)
    errors: list[tuple[int, import_pb2.RowError]] = field(default_factory=list)
    written: bool = False

    @property
    def bad(self) -> int:
        """Number of rows that break a rule."""
        return len({line for line, _ in self.errors})

    def add(self, verdicts: Sequence[import_pb2.RowVerdict]) -> None:
        """Count verdicts and keep their errors."""
        for verdict in verdicts:
            self.outcomes[verdict.outcome] += 1
            errors = list(verdict.errors)
            if verdict.outcome == _REJECTED and not errors:
                errors = [import_pb2.RowError(message="被拒绝")]
            self.errors.extend((verdict.row, error) for error in errors)


def load(path: Path, kind: Kind, wish: Wish) -> list[Parsed]:
    """Read the rows of a file. Errors: Failure when it is no sheet of this kind."""
    sheet, head = _sheet_of(read.read(path), kind, wish)
    parsed = list(rows.parse(sheet.rows, head, kind.columns, kind.row_class, wish.given, wish.codes))
    if not parsed:
        raise Failure(f"{path.name} 只有标题,没有数据", Exit.RULE)
    _mark_doubles(parsed, kind)
    return parsed


def take(geju: Geju, kind: Kind, parsed: Sequence[Parsed], wish: Wish, step: Step) -> Result:
    """Check and write the rows; `step` is told how many rows each call has dealt with."""
    unreadable = [(row.line, error) for row in parsed for error in row.errors]
    good = [row for row in parsed if not row.errors]
    result = Result(len(parsed), errors=list(unreadable))
    if wish.check or wish.dry_run:
        for chunk in chunks(good):
            result.add(_send(geju, kind, chunk, validate_only=True))
            step(len(chunk))
        if wish.dry_run or (result.errors and not wish.partial):
            return result
    elif unreadable and not wish.partial:
        return result
    rejected = {line for line, _ in result.errors}
    kept = [row for row in good if row.line not in rejected]
    written = Result(len(parsed), errors=list(result.errors), written=bool(kept))
    for chunk in chunks(kept):
        written.add(_send(geju, kind, chunk, validate_only=False))
        step(len(chunk))
    return written


def write_errors(path: Path, errors: Sequence[tuple[int, import_pb2.RowError]]) -> Path:
    """Write the broken rules beside the file, in order of its lines; returns the path."""
    target = path.with_name(path.name + ".errors.csv")
    lines = [(line, e.label or e.field, e.message, e.reason) for line, e in sorted(errors, key=lambda pair: pair[0])]
    write.table(target, "errors", ["行", "字段", "问题", "代码"], lines)
    return target


def chunks(parsed: Sequence[Parsed]) -> Iterator[list[Parsed]]:
    """Part rows so that no request is too long or too large."""
    chunk: list[Parsed] = []
    size = 0
    for row in parsed:
        weight = row.message.ByteSize()
        if chunk and (len(chunk) == CHUNK_ROWS or size + weight > CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(row)
        size += weight
    if chunk:
        yield chunk


def _send(geju: Geju, kind: Kind, chunk: Sequence[Parsed], *, validate_only: bool) -> Any:
    make: Any = message_factory.GetMessageClass(kind.importer.input_type)
    request = make(rows=[row.message for row in chunk], validate_only=validate_only)
    return geju.call(kind.importer, request, kind.service, timeout=300).verdicts


def _sheet_of(sheets: Sequence[Sheet], kind: Kind, wish: Wish) -> tuple[Sheet, header.Header]:
    """Return the first sheet that has headings of the kind; when there is none, say what the file looks like."""
    for sheet in sheets:
        if header.best_row(sheet.rows, kind.columns) is not None:
            _refuse_other(sheet, kind)
            given = frozenset(wish.given)
            return sheet, header.find(sheet.rows, kind.columns, skip_unknown=wish.skip_unknown, given=given)
    for sheet in sheets:
        _refuse_other(sheet, kind)
    wanted = "、".join(column.label for column in kind.columns[:12])
    raise Failure(
        f"文件中没有「{kind.zh}」的表格", Exit.RULE, f"应有的标题:{wanted}……;空表用 geju template {kind.name} 生成"
    )


def _refuse_other(sheet: Sheet, kind: Kind) -> None:
    """Refuse a sheet that fits another kind better than this one."""
    best = max(all_kinds().values(), key=lambda other: (_fit(sheet, other), other.name == kind.name))
    if _fit(sheet, best) > _fit(sheet, kind):
        raise Failure(f"这是「{best.zh}」的表格,不是「{kind.zh}」的", Exit.RULE, f"请改用 geju import {best.name} …")


def _fit(sheet: Sheet, kind: Kind) -> float:
    """Return which share of a kind's required headings and of the sheet's own headings match."""
    known = header.known(sheet.rows, kind.columns)
    needed = {column.label for column in kind.columns if column.required}
    return len(known) + (1 if needed <= known else 0)


def _mark_doubles(parsed: Sequence[Parsed], kind: Kind) -> None:
    """Refuse a second row of the same office and number: which of the two is meant, nobody can know."""
    holder = next((c for c in kind.columns if c.field.name == "key"), None)
    office = next((c for c in kind.columns if c.field.name == "office"), None)
    if holder is None or office is None:
        return
    first: dict[tuple[str, str], int] = {}
    for row in parsed:
        place = (str(office.get(row.message) or ""), str(holder.get(row.message) or ""))
        if not place[1]:
            continue
        line = first.setdefault(place, row.line)
        if line != row.line:
            row.errors.append(row_error("key", holder.label, f"与第 {line} 行的编号重复"))
