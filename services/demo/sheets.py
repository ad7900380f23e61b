"""Spreadsheets that grow from part to part, and end before they get too long for who opens them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from services.cli.sheets import columns, write
from services.cli.sheets.columns import Column
from services.demo.rows import Rows

#: A spreadsheet program opens more, a person reads fewer; what is taken over again after an interruption is one file.
MOST_ROWS = 50_000


@dataclass(frozen=True)
class Sheet:
    """A spreadsheet of `rows` rows of a kind; `after` names what must have happened before it is loaded."""

    kind: str
    path: Path
    rows: int
    after: str = ""


@dataclass
class Growing:
    """The files of one sheet: the first bears its name, the next ones a number as well."""

    folder: Path
    given: Rows
    files: list[tuple[Path, int]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    _table: write.Table | None = None

    def add(self, rows: Sequence[Message]) -> None:
        """Write rows under the headings of the kind's template, leaving out columns that nobody has filled so far."""
        if not rows:
            return
        wanted = columns.of_row(cast("Descriptor", rows[0].DESCRIPTOR))
        table = [[column.get(row) for column in wanted] for row in rows]
        filled = set(_filled(wanted, table))
        if self._table is None or not filled <= self.used:
            self.used |= filled
            self._begin(wanted)
        kept = sorted(self.used)
        for line in table:
            if self._table is None or self._table.rows == MOST_ROWS:
                self._begin(wanted)
            cast("write.Table", self._table).append([line[i] for i in kept])

    def _begin(self, wanted: Sequence[Column]) -> None:
        self.close()
        number = len(self.files) + 1
        name = f"{self.given.name}{'' if number == 1 else f'-{number}'}.{'csv' if self.given.export else 'xlsx'}"
        self.files.append((self.folder / name, 0))
        self._table = write.Table(self.folder / name, self.given.kind, [wanted[i].label for i in sorted(self.used)])

    def close(self) -> None:
        """Complete the last file."""
        if self._table is not None:
            self._table.close()
            self.files[-1] = (self.files[-1][0], self._table.rows)
            self._table = None


def _filled(wanted: Sequence[Column], table: Sequence[Sequence[Any]]) -> Iterator[int]:
    return (i for i, column in enumerate(wanted) if column.required or any(line[i] not in {None, ""} for line in table))


def written(folder: Path, parts: Iterable[Iterable[Rows]]) -> list[Sheet]:
    """Write the rows of one part after the other: what has one name in several parts goes on in the same file.

    A part is given up before the next one is made, so no more than one is in memory. Returns the files in the order of
    their first rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    growing: dict[str, Growing] = {}
    try:
        for part in parts:
            for rows in part:
                growing.setdefault(rows.name, Growing(folder, rows)).add(rows.rows)
    finally:
        for one in growing.values():
            one.close()
    return [Sheet(one.given.kind, path, n, one.given.after) for one in growing.values() for path, n in one.files]
