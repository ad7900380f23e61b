"""Compiles flows: which cells (part, office, month) a row touches, and the statements that count cells.

Flows of one table and one `when` form a group, counted in one pass. Groups that share an indicator form a part: the
smallest thing that is counted again as a whole.
"""
# ruff: noqa: S608  statements are made of declarations, never of input

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import BigInteger, Table, literal_column
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import iterate

from services.aggregation import sql
from services.aggregation.indicator import Expression, Flow, Indicator, Link
from services.aggregation.plan_common import Cut, Entry, Moment, all_of, amounts, arrays, cuts, differ, joined, unpivot
from services.aggregation.tables import SCHEMA

TODAY = "$1::date"
NOW = Moment(TODAY)
MOMENT = ":moment"
INDEXABLE = {"least", "make_date", "nullif"}
# What a row adds under one key of what it is split into.
ITEM = literal_column("item.n", BigInteger)


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Flows of one table that are in the period of the same date."""

    part: int
    table: Table
    when: Expression
    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """The table under the schema token."""
        return f"{SCHEMA}.{self.table.name}"

    @property
    def when_sql(self) -> str:
        """The bucket date as it is indexed: what happened later than the moment falls out by its own date."""
        return sql.render(self.when)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that the entries count by."""
        return tuple(e for entry in self.entries for e in entry.source.expressions)


@dataclass(frozen=True, slots=True)
class Touch:
    """A row of `table` touches the cells of `part` at its `old` and its `new` date when `changed`; all as SQL.

    `MOMENT` in `changed` stands for the date that is measured for.
    """

    part: int
    table: str
    changed: str
    old: str
    new: str


def check_when(when: Expression) -> None:
    """Refuse a bucket date that would not be the same with and without what is not known yet."""
    for element in iterate(when):
        if isinstance(element, FunctionElement) and getattr(element, "name", "") not in INDEXABLE:
            raise TypeError(f"{when}: `when` is made of columns, earliest, plus and year_start only")


def groups_of(indicators: Iterable[Indicator]) -> tuple[Group, ...]:
    """Return the groups of all flows, parts numbered by the order of declaration."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for indicator in indicators:
        for flow in indicator.flows:
            check_when(flow.when)
            found.setdefault((flow.table.name, sql.render(flow.when)), []).append(Entry(indicator, flow))
    parts = joined([[entry.indicator.code for entry in entries] for entries in found.values()])
    return tuple(
        Group(part, entries[0].source.table, _flow(entries[0]).when, tuple(entries))
        for part, entries in zip(parts, found.values(), strict=True)
    )


def _flow(entry: Entry) -> Flow:
    assert isinstance(entry.source, Flow)
    return entry.source


def touches(groups: Iterable[Group]) -> tuple[Touch, ...]:
    """Return which rows touch which cells: a group's own table, and the tables that its flows look up."""
    found = []
    for group in groups:
        links = [link for entry in group.entries for link in _flow(entry).links]
        if not links:
            old, new = (group.when_sql.replace(f"{group.name}.", f"{row}.") for row in ("old", "new"))
            found.append(Touch(group.part, group.table.name, _adds_otherwise(group), old, new))
        for link in [Link(group.table, group.when), *links] if links else []:
            used = {c.name for c in sql.columns(*group.expressions, link.when) if c.table is link.table}
            old, new = (sql.of_row(link.when, row) for row in ("old", "new"))
            found.append(Touch(group.part, link.table.name, differ(sorted(used | {"office", "deleted"})), old, new))
    return tuple(found)


def _adds_otherwise(group: Group) -> str:
    """Render that a row adds something else than before, or the same in another cell or under another key."""
    keys = sorted({sql.render(e) for entry in group.entries for e in entry.source.by.values()})
    place = f"row({', '.join([f'{group.name}.office', sql.first_day(group.when_sql), *keys])})"
    adds = _contribution(group, MOMENT)
    anything = "num_nonnulls" + adds.removeprefix("row")
    old, new, old_place, new_place = (
        text.replace(f"{group.name}.", f"{row}.") for text in (adds, place) for row in ("old", "new")
    )
    there = anything.replace(f"{group.name}.", "new.")
    return f"({old} is distinct from {new} or ({old_place} is distinct from {new_place} and {there} > 0))"


def known(entry: Entry, as_of: str) -> list[str]:
    """Render the condition that an entry's records can be judged."""
    judged = _flow(entry).judged
    return [] if judged is None else [f"{sql.at(judged, as_of)} <= {as_of}"]


def _rows(group: Group, lead: Sequence[tuple[str, str]], source: str, where: str) -> str:
    """Render the SELECTs of a group: one for the whole and its breakdowns, one more for each by a set or a split."""
    values = {entry: amounts(entry, known(entry, TODAY), NOW) for entry in group.entries}
    heads, by = unpivot(lead, cuts(group.entries, NOW), values)
    parts = [f"select {heads} from {source} where {where} group by {by}"]
    for name, expression, held in arrays(group.entries):
        cut = Cut(name, "item.key", sql.key_text(expression, "item.key"), tuple(held))
        heads, by = unpivot(lead, [cut], values)
        lateral = f"cross join lateral (select distinct unnest({sql.render(expression)})) as item(key)"
        parts.append(f"select {heads} from {source} {lateral} where {where} group by {by}")
    for name, items, entry in _splits(group):
        cut = Cut(name, "item.key", "item.key", (entry,))
        heads, by = unpivot(lead, [cut], {entry: amounts(entry, known(entry, TODAY), NOW)})
        lateral = f"cross join lateral (values {items}) as item(key, n)"
        parts.append(f"select {heads} from {source} {lateral} where {where} group by {by}")
    return " union all ".join(parts)


def _splits(group: Group) -> Iterator[tuple[str, str, Entry]]:
    """Give every split with the amount under each key as rows of SQL, and its entry with such an amount for its n."""
    for entry in group.entries:
        flow = _flow(entry)
        for name, keys in flow.split.items():
            items = ", ".join(f"('{key}', ({NOW.at(amount)})::bigint)" for key, amount in keys.items())
            yield name, items, Entry(entry.indicator, replace(flow, n=ITEM))


def _alive(group: Group) -> str:
    return f"not {group.name}.deleted and {group.when_sql} is not null and {group.when_sql} <= {TODAY}"


def _summed(selects: Iterable[str]) -> str:
    """Add up the sources of one indicator in one cell; a cell without anything is no row."""
    union = " union all ".join(selects)
    return (
        "select office, month, indicator, breakdown, key, sum(n)::bigint as n, sum(total)::bigint as total "
        f"from ({union}) as counted group by 1, 2, 3, 4, 5 having sum(n) <> 0 or sum(total) <> 0"
    )


def whole(groups: Iterable[Group]) -> str:
    """Render the statement that counts every cell; parameter: the moment."""
    selects = []
    for group in groups:
        lead = [(f"{group.name}.office", "office"), (sql.first_day(group.when_sql), "month")]
        selects.append(_rows(group, lead, group.name, _alive(group)))
    return _summed(selects)


TOUCHED = (
    "touched as materialized (select part, office, month, (month + interval '1 month')::date as until "
    "from unnest($2::smallint[], $3::text[], $4::date[]) as t(part, office, month))"
)


def cells(groups: Iterable[Group]) -> str:
    """Render the statement that counts cells; parameters: the moment, and arrays of part, office and month."""
    selects = []
    for group in groups:
        source = (
            f"touched join {group.name} on {group.name}.office = touched.office "
            f"and {group.when_sql} >= touched.month and {group.when_sql} < touched.until"
        )
        lead = [("touched.office", "office"), ("touched.month", "month")]
        selects.append(_rows(group, lead, source, f"touched.part = {group.part} and {_alive(group)}"))
    return _summed(selects)


def dated(groups: Iterable[Group]) -> str:
    """Render the statement that finds the cells which the passing of time changes; parameters: old and new moment."""
    selects = [
        f"select {group.part}::smallint as part, {group.name}.office, {sql.first_day(group.when_sql)} as month "
        f"from {group.name} where {group.when_sql} <= $2::date "
        f"and {_told(group, '$1::date')} is distinct from {_told(group, '$2::date')}"
        for group in groups
    ]
    return " union ".join(selects)


def _told(group: Group, as_of: str) -> str:
    """Render what a row adds at a moment, and under which keys: a key may follow from what has happened by then."""
    adds = _contribution(group, as_of)
    keys = {expression for entry in group.entries for expression in entry.source.by.values()}
    dated_keys = sorted(at for e in keys if (at := sql.at(e, as_of)) != sql.render(e))
    return f"row({', '.join([adds, *dated_keys])})" if dated_keys else adds


def _contribution(group: Group, as_of: str) -> str:
    """Render what a row adds to each indicator at a moment, for comparison with another moment."""
    values, moment = [], Moment(as_of)
    for entry in group.entries:
        source = _flow(entry)
        over = [
            f"not {group.name}.deleted",
            f"{group.when_sql} <= {as_of}",
            *known(entry, as_of),
            *moment.tests(source.over),
        ]
        of = [*over, *moment.tests(source.of)]
        split = [(of, amount) for keys in source.split.values() for amount in keys.values()]
        for conditions, amount in ((of, source.n), (over, source.total), *split):
            what = "1" if amount is None else moment.at(amount)
            values.append(f"case when {all_of(conditions)} then {what} end")
    return f"row({', '.join(values)})"


def indexes(groups: Iterable[Group]) -> list[str]:
    """Render the indexes that cells are counted from: they hold all that a group looks at, so the table is not read."""
    statements = []
    for group in groups:
        when = group.when_sql.replace(f"{group.name}.", "")
        used = {c.name for c in sql.columns(*group.expressions) if c.table is group.table} | {"deleted"}
        held = ", ".join(f'"{name}"' for name in sorted(used - {"office", when}))
        statements.append(
            f"create index on {group.name} (office, ({when})) include ({held}) where ({when}) is not null"
        )
    return statements
