"""Compiles censuses: what is in force at the end of each period, counted for all periods in one pass."""
# ruff: noqa: S608  statements are made of declarations, never of input

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from services.aggregation import sql
from services.aggregation.indicator import Census, Indicator
from services.aggregation.periods import Level
from services.aggregation.plan_common import Entry, amounts, cuts, differ, unpivot
from services.aggregation.tables import SCHEMA

AT, BEGIN = "p.at", "p.start"


@dataclass(frozen=True, slots=True, eq=False)
class CensusGroup:
    """Censuses of one table with the same span in force and the same periods."""

    number: int
    table: Table
    census: Census
    levels: frozenset[Level]
    entries: tuple[Entry, ...]

    @property
    def codes(self) -> list[str]:
        """Codes of the indicators."""
        return [entry.indicator.code for entry in self.entries]

    @property
    def columns(self) -> frozenset[Column[Any]]:
        """Every column that decides anything."""
        return sql.columns(*(e for entry in self.entries for e in entry.source.expressions))


def groups_of(indicators: Iterable[Indicator]) -> tuple[CensusGroup, ...]:
    """Return the groups of all censuses."""
    found: dict[tuple[object, ...], list[Entry]] = {}
    for indicator in indicators:
        census = indicator.census
        if census is not None:
            until = "" if census.until is None else sql.render(census.until)
            key = (census.table.name, sql.render(census.since), until, census.window, indicator.levels)
            found.setdefault(key, []).append(Entry(indicator, census))
    return tuple(_group(number, entries) for number, entries in enumerate(found.values()))


def _group(number: int, entries: list[Entry]) -> CensusGroup:
    census = entries[0].source
    assert isinstance(census, Census)
    return CensusGroup(number, census.table, census, entries[0].indicator.levels, tuple(entries))


def span(census: Census, at: str, start: str) -> str:
    """Render that an entity is in force at a moment, or on any day from `start` to it."""
    begun = f"{sql.render(census.since)} <= {at}"
    if census.until is None:
        return begun
    until, day = sql.render(census.until), start if census.window else at
    return f"{begun} and ({until} is null or {until} >= {day})"


def rows(group: CensusGroup) -> str:
    """Render the statement that counts a group.

    Parameters: arrays of period code, start and moment; array of offices, null for all. What a row looks up in other
    tables is the same at every moment, so it is looked up once per row and not once per row and period.
    """
    name = f"{SCHEMA}.{group.table.name}"
    looked_up = sql.spans(*(e for entry in group.entries for e in entry.source.expressions))
    values = {entry: amounts(entry, [], AT, BEGIN) for entry in group.entries}
    heads, by = unpivot([("p.period", "period"), (f"{name}.office", "unit")], cuts(group.entries), values)
    extra = "".join(f", {lookup} as lookup{i}" for i, lookup in enumerate(looked_up))
    counted = f"select {heads} from p join e on {span(group.census, AT, BEGIN)} group by {by}"
    for i, lookup in enumerate(looked_up):
        counted = counted.replace(lookup, f"e.lookup{i}")
    return (
        "with p as (select * from unnest($1::text[], $2::date[], $3::date[]) as p(period, start, at)), "
        f"e as materialized (select {name}.*{extra} from {name} "
        f"where not {name}.deleted and ($4::text[] is null or {name}.office = any($4))) "
        "select period, unit, indicator, breakdown, key, n, total from ("
        f"{counted.replace(f'{name}.', 'e.')}) as counted where n <> 0 or total <> 0"
    )


@dataclass(frozen=True, slots=True)
class CensusTouch:
    """A row of `table` touches a census from the day `earliest` on; `own`: only at its own office."""

    group: int
    table: str
    own: bool
    changed: str
    earliest: str


def touches(groups: Iterable[CensusGroup]) -> tuple[CensusTouch, ...]:
    """Return which rows touch which censuses: the table counted and the tables looked up."""
    found = []
    for group in groups:
        used = group.columns
        for table in sorted({c.table for c in used}, key=lambda t: str(t.name)):
            if "kind" in table.info:
                mine = sorted({c.name for c in used if c.table is table} | {"office", "deleted"})
                changed, earliest = _change(table, mine)
                found.append(CensusTouch(group.number, table.name, table is group.table, changed, earliest))
    return tuple(found)


def _change(table: Table, names: list[str]) -> tuple[str, str]:
    """Render whether a row changed, and the earliest day on which that can show.

    A date moved shows from the earlier of its two values on; anything else wherever the row is known at all.
    """
    days = [name for name in names if table.c[name].info.get("masked")]
    others = [name for name in names if name not in days]
    moved = [f'case when old."{d}" is distinct from new."{d}" then least(old."{d}", new."{d}") end' for d in days]
    every = ", ".join(f'old."{d}", new."{d}"' for d in days) or "null::date"
    anything = f"case when {differ(others)} then coalesce(least({every}), '0001-01-01'::date) end"
    return differ(names), f"least({', '.join([*moved, anything])})"
