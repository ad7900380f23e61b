"""Compiles censuses: what is in force at the end of each period, counted for all periods in one pass."""
# ruff: noqa: S608  statements are made of declarations, never of input

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Date, Table
from sqlalchemy.dialects.postgresql import ARRAY

from services.aggregation import sql
from services.aggregation.indicator import Census, Expression, Flow, Indicator
from services.aggregation.periods import Level
from services.aggregation.plan_common import Entry, Moment, amounts, cuts, differ, joined, unpivot
from services.aggregation.tables import SCHEMA

AT, BEGIN = "p.at", "p.start"
MOMENT = Moment(AT, BEGIN, "p.known")


@dataclass(frozen=True, slots=True, eq=False)
class CensusGroup:
    """Censuses of one table with the same span in force, offices and periods, counted in one pass."""

    table: Table
    census: Census
    levels: frozenset[Level]
    entries: tuple[Entry, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that the entries count by."""
        return tuple(e for entry in self.entries for e in entry.source.expressions)


@dataclass(frozen=True, slots=True, eq=False)
class CensusPart:
    """Groups that share an indicator, directly or through others: counted, written and cleared as a whole."""

    number: int
    groups: tuple[CensusGroup, ...]

    @property
    def levels(self) -> frozenset[Level]:
        """The periods that are counted: the same for all groups, as those of an indicator are."""
        return self.groups[0].levels

    @property
    def codes(self) -> list[str]:
        """Codes of the indicators."""
        return sorted({entry.indicator.code for group in self.groups for entry in group.entries})

    @property
    def looks_later(self) -> bool:
        """What happens after a period can change its figure: with every day all periods are counted again."""
        return any(sql.looks_later(*group.expressions) for group in self.groups)

    @property
    def shared(self) -> bool:
        """Something counts at two offices: the district is no sum of offices, it is counted; always as a whole."""
        return any(group.census.second is not None for group in self.groups)


def parts_of(indicators: Iterable[Indicator]) -> tuple[CensusPart, ...]:
    """Return the parts of all censuses."""
    found: dict[tuple[object, ...], list[Entry]] = {}
    for indicator in indicators:
        for census in indicator.censuses:
            until, second = ("" if e is None else sql.render(e) for e in (census.until, census.second))
            key = (census.table.name, sql.render(census.since), until, second, census.window, indicator.levels)
            found.setdefault(key, []).append(Entry(indicator, census))
    numbers = joined([[entry.indicator.code for entry in entries] for entries in found.values()])
    held: dict[int, list[CensusGroup]] = {}
    for number, entries in zip(numbers, found.values(), strict=True):
        held.setdefault(number, []).append(_group(entries))
    return tuple(CensusPart(number, tuple(groups)) for number, groups in enumerate(held.values()))


def _group(entries: list[Entry]) -> CensusGroup:
    census = entries[0].source
    assert isinstance(census, Census)
    return CensusGroup(census.table, census, entries[0].indicator.levels, tuple(entries))


def span(census: Census, at: str, start: str) -> str:
    """Render that an entity is in force at a moment, or on any day from `start` to it."""
    since = sql.render(census.since)
    begun = f"{since} <= {at}"
    if census.until is None:
        return begun
    # Within a period, what ended before it began would seem to have been there.
    until, day = sql.render(census.until), f"greatest({start}, {since})" if census.window else at
    return f"{begun} and ({until} is null or {until} >= {day})"


def second_office(source: Flow | Census) -> str:
    """Render the other office at which an entity counts; "" for none."""
    if isinstance(source, Flow) or source.second is None:
        return "''::text"
    second, first = sql.render(source.second), f"{SCHEMA}.{source.table.name}.office"
    return f"case when {second} <> {first} then {second} else '' end"


def rows(part: CensusPart) -> str:
    """Render the statement that counts a part: by office, and for the district too when offices share entities.

    Parameters: arrays of period code, start and moment; array of offices, null for all; the date asked for. What a row
    looks up in other tables is the same at every moment, so it is looked up once per row and not once per row and
    period; only what `sql.happened` asks of a period is.
    """
    rendered = [_counted(group, f"e{i}", shared=part.shared) for i, group in enumerate(part.groups)]
    entities, counted = (list(texts) for texts in zip(*rendered, strict=True))
    periods = (
        "p as (select *, $5::date as known from unnest($1::text[], $2::date[], $3::date[]) as p(period, start, at))"
    )
    return (
        f"with {', '.join([periods, *entities])} "
        "select period, unit, indicator, breakdown, key, sum(n)::bigint as n, sum(total)::bigint as total "
        f"from ({' union all '.join(counted)}) as counted group by 1, 2, 3, 4, 5 "
        "having sum(n) <> 0 or sum(total) <> 0"
    )


def _counted(group: CensusGroup, alias: str, *, shared: bool) -> tuple[str, str]:
    """Render the entities of a group as a named query, and the SELECT that counts them."""
    name = f"{SCHEMA}.{group.table.name}"
    looked_up = sql.look_ups(*group.expressions)
    values = {entry: amounts(entry, [], MOMENT) for entry in group.entries}
    # No second office falls together with the district.
    offices = ", ".join(["''", f"{name}.office", second_office(group.census)])
    units = f" cross join lateral (select distinct unnest(array[{offices}])) as u(unit)"
    unit = "u.unit" if shared else f"{name}.office"
    heads, by = unpivot([("p.period", "period"), (unit, "unit")], cuts(group.entries, MOMENT), values)
    extra = "".join(f", {lookup} as lookup{i}" for i, lookup in enumerate(looked_up))
    counted = (
        f"select {heads} from p join {alias} on {span(group.census, AT, BEGIN)}{units if shared else ''} group by {by}"
    )
    for i, lookup in enumerate(looked_up):
        counted = counted.replace(lookup, f"{alias}.lookup{i}")
    entities = (
        f"{alias} as materialized (select {name}.*{extra} from {name} "
        f"where not {name}.deleted and ($4::text[] is null or {name}.office = any($4)))"
    )
    return entities, counted.replace(f"{name}.", f"{alias}.")


@dataclass(frozen=True, slots=True)
class CensusTouch:
    """A row of `table` touches a part from the day `earliest` on; `own`: only at its own office, else everywhere."""

    part: int
    table: str
    own: bool
    changed: str
    earliest: str


def touches(parts: Iterable[CensusPart]) -> tuple[CensusTouch, ...]:
    """Return which rows touch which censuses: the tables counted and the tables looked up."""
    return tuple(touch for part in parts for group in part.groups for touch in _touches(part, group))


def _touches(part: CensusPart, group: CensusGroup) -> Iterator[CensusTouch]:
    used = sql.columns(*group.expressions)
    for table in sorted({c.table for c in used}, key=lambda t: str(t.name)):
        if "kind" in table.info:
            mine = sorted({c.name for c in used if c.table is table} | {"office", "deleted"})
            changed, earliest = _change(table, mine)
            # What settles a period after its end says nothing of which.
            if any(column.table is table for column in sql.late(*group.expressions)):
                earliest = "'0001-01-01'::date"
            own = table is group.table and not part.shared
            yield CensusTouch(part.number, table.name, own, changed, earliest)


def _change(table: Table, names: list[str]) -> tuple[str, str]:
    """Render whether a row changed, and the earliest day on which that can show.

    A date moved shows from the earlier of its two values on; anything else wherever the row is known at all.
    """
    days = [name for name in names if table.c[name].info.get("masked")]
    others = [name for name in names if name not in days]
    moved = [f'case when old."{d}" is distinct from new."{d}" then least(old."{d}", new."{d}") end' for d in days]
    # A row may be counted by a due date alone: known in advance, it lies before any day on which something changed.
    dates = [name for name in names if name in days or isinstance(table.c[name].type, Date)]
    every = ", ".join(f'old."{d}", new."{d}"' for d in dates) or "null::date"
    anything = f"case when {differ(others)} then coalesce(least({every}), '0001-01-01'::date) end"
    return differ(names), f"least({', '.join([*moved, anything])})"


def indexes(parts: Iterable[CensusPart]) -> list[str]:
    """Render the indexes by which the records that a counted row looks up are found."""
    keys = sql.keys(*(e for part in parts for group in part.groups for e in group.expressions))
    found = sorted((str(key.table.name), key.name, isinstance(key.type, ARRAY)) for key in keys)
    # Only an inverted index finds a set by what it holds.
    return [
        f'create index on {SCHEMA}.{table} {"using gin " if of_sets else ""}("{name}")'
        for table, name, of_sets in found
    ]
