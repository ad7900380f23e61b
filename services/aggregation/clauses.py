"""The clauses of the plan, and what stands for each: figures, the records they are made of, or a stated reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from services.aggregation import catalogue, sql
from services.aggregation.indicator import Indicator
from services.aggregation.kinds import BY_NAME, KINDS, FactKind
from services.aggregation.tables import FACT_TABLES

#: Of what the district profile says exists, what people call it.
_EXISTING = {"office": "司法所", "place": "村和社区", "office_month": "司法所的月份"}
_KIND_OF = {table.name: BY_NAME[name] for name, table in FACT_TABLES.items()}


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in the product's words.

    `records` are kinds of record that stand for it beside those of its figures, `why` says why no figure does.
    """

    id: str
    zh: str
    records: tuple[FactKind, ...]
    why: str

    @property
    def figures(self) -> tuple[Indicator, ...]:
        """The indicators that cite the clause."""
        return tuple(indicator for indicator in catalogue.INDICATORS if self.id in indicator.clauses)

    @property
    def kinds(self) -> tuple[FactKind, ...]:
        """The kinds of record that stand for the clause, those of its figures included, by name."""
        named = {kind.name for figure in self.figures for kind in kinds_of(figure)}
        return _kinds(named | {kind.name for kind in self.records})


@cache
def every() -> tuple[Clause, ...]:
    """Return every clause in the order of the plan. Raises KeyError for a kind of record that is not there."""
    entries: list[dict[str, Any]] = yaml.safe_load(files(__package__).joinpath("clauses.yaml").read_text("utf-8"))
    return tuple(
        Clause(
            entry["id"], entry["zh"], tuple(BY_NAME[name] for name in entry.get("records", ())), entry.get("why", "")
        )
        for entry in entries
    )


def kinds_of(indicator: Indicator) -> tuple[FactKind, ...]:
    """Return the kinds of record that decide a figure, looked-up ones included, by name; of a growth those compared."""
    return _kinds(_KIND_OF[name].name for name in _tables(indicator) if name in _KIND_OF)


def existing(indicator: Indicator) -> tuple[str, ...]:
    """Return what of the district profile a figure counts or looks up, in Chinese."""
    tables = {source.table for source in _base(indicator).sources}
    return tuple(zh for code, zh in _EXISTING.items() if code in {table.info.get("population") for table in tables})


def _base(indicator: Indicator) -> Indicator:
    return catalogue.BY_CODE.get(indicator.base, indicator)


def _tables(indicator: Indicator) -> set[str]:
    sources = _base(indicator).sources
    used = {column.table.name for source in sources for column in sql.columns(*source.expressions)}
    return used | {source.table.name for source in sources}


def _kinds(names: Iterable[str]) -> tuple[FactKind, ...]:
    wanted = {*names}
    return tuple(kind for kind in KINDS if kind.name in wanted)
