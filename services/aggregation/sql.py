"""Renders declared expressions as SQL text.

What happened later than the moment a figure speaks of is not known yet: dates of events beyond it read as null. Due
dates are known in advance and stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from operator import eq
from typing import Any, TypeGuard

from google.protobuf.descriptor import EnumDescriptor
from sqlalchemy import (
    BinaryExpression,
    Boolean,
    Column,
    ColumnClause,
    Date,
    DateTime,
    Select,
    Text,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.postgresql.operators import CONTAINS
from sqlalchemy.sql import ClauseElement, ColumnElement
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from services.aggregation.tables import SCHEMA

DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
Span = tuple[ColumnElement[date], ColumnElement[date]]
# The moment a figure speaks of (the date asked for; for what is in force, the period's end), and the period's start.
AS_OF: ColumnElement[date] = column("as_of", Date())
START: ColumnElement[date] = column("start", Date())
# The date asked for where the moment is a period's end. A date that is compared with it (`day <= KNOWN`) may lie after
# the period: what settles a year may happen in the next.
KNOWN: ColumnElement[date] = column("known", Date())


def render(expression: ClauseElement) -> str:
    """Return an expression as SQL text, constants inlined, tables under the schema token."""
    return str(expression.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))


def at(expression: ClauseElement, as_of: str, start: str = "null::date", known: str = "") -> str:
    """Render an expression as it stands at a moment; the others are SQL texts of dates, `known` by default `as_of`."""
    moment = literal_column(as_of, Date())
    texts = {AS_OF: moment, START: literal_column(start, Date()), KNOWN: literal_column(known or as_of, Date())}

    def replace(element: Any, **_: Any) -> Any:
        if _is_late(element):
            return element.operator(element.left, texts[KNOWN])
        if element in texts:
            return texts[element]
        if isinstance(element, Column) and element.info.get("masked"):
            day = _day(element)
            return case((day <= moment, element))
        return None

    return render(_replaced(expression, replace))


def _is_late(element: Any) -> TypeGuard[BinaryExpression[Any]]:
    return isinstance(element, BinaryExpression) and element.right is KNOWN and isinstance(element.left, Column)


def late(*expressions: ClauseElement) -> frozenset[Column[Any]]:
    """Return the columns whose dates may lie after the period that they are counted in."""
    found = (element for expression in expressions for element in iterate(expression))
    return frozenset(element.left for element in found if _is_late(element) and isinstance(element.left, Column))


def asks_for_period(expression: ClauseElement) -> bool:
    """Tell whether an expression is of a period, and not of a moment alone."""
    return any(element is START or element is KNOWN for element in iterate(expression))


def looks_later(*expressions: ClauseElement) -> bool:
    """Tell whether what happens after a period can change its figure."""
    return any(element is KNOWN for expression in expressions for element in iterate(expression))


def _replaced(expression: ClauseElement, replace: Callable[..., Any]) -> ClauseElement:
    found = replacement_traverse(expression, {}, replace)
    assert isinstance(found, ClauseElement)
    return found


def _day(element: Column[Any]) -> ColumnElement[Any]:
    if isinstance(element.type, DateTime):
        return literal_column(f"({render(element)} at time zone 'Asia/Shanghai')::date", Date())
    return element


def of_row(expression: ClauseElement, row: str) -> str:
    """Render an expression over the `old` or `new` row of a RETURNING clause."""

    def replace(element: Any, **_: Any) -> Any:
        return literal_column(f'{row}."{element.name}"', element.type) if isinstance(element, Column) else None

    return render(_replaced(expression, replace))


def columns(*expressions: ClauseElement | None) -> frozenset[Column[Any]]:
    """Return every table column that the expressions use, at any depth, look-ups included."""
    found: set[Column[Any]] = set()
    for expression in expressions:
        for element in () if expression is None else iterate(expression):
            if isinstance(element, Column):
                found.add(element)
            elif isinstance(element, LookUp):
                found |= element.columns
    return frozenset(found)


def key_text(expression: ColumnElement[Any], raw: str) -> str:
    """Render a breakdown's key, given as SQL, as text: an enum value's short name, "true" or "false", or the code."""
    if isinstance(expression.type, Boolean):
        return f"({raw})::text"
    enum = expression.info.get("enum") if isinstance(expression, Column) else None
    if enum is None:
        return raw
    whens = " ".join(f"when {value.number} then '{value_code(enum, value.number)}'" for value in enum.values)
    return f"case {raw} {whens} else {raw}::text end"


def value_code(enum: EnumDescriptor, number: int) -> str:
    """Return an enum value's short name: DISPUTE_TYPE_WAGES of DisputeType is "wages"."""
    prefix = "".join(f"_{c}" if c.isupper() else c for c in enum.name).strip("_").upper() + "_"
    value = enum.values_by_number.get(number)
    return value.name.removeprefix(prefix).lower() if value is not None else str(number)


def keyed(expression: ColumnElement[Any], keys: Mapping[int, str]) -> ColumnElement[str]:
    """Return the key that stands for a number; "unspecified" for what has none."""
    whens = [(expression == number, cast(literal(key), Text)) for number, key in keys.items()]
    return case(*whens, else_=cast(literal("unspecified"), Text))


def keyed_set(column: Column[Any], keys: Mapping[int, str]) -> ColumnElement[Any]:
    """Return the keys of those numbers of a set that have one, for a breakdown by a part of a set."""
    held = [case((literal(number) == func.any(column), cast(literal(key), Text))) for number, key in keys.items()]
    return func.array_remove(array(held), None, type_=ARRAY(Text()))


def short_names(enum: EnumDescriptor) -> Mapping[int, str]:
    """Return the keys of an enum by number, for `keyed`."""
    return {value.number: value_code(enum, value.number) for value in enum.values if value.number}


def first_day(expression: str) -> str:
    """Render the first day of a date's month, immutably, so that it may be grouped by in parallel."""
    return f"date_trunc('month', ({expression})::timestamp)::date"


def in_schema(statement: str, schema: str) -> str:
    """Put a statement into the schema of one projection."""
    return statement.replace(f"{SCHEMA}.", f"{schema}.")


def days_between(later: ColumnElement[date], earlier: ColumnElement[date]) -> ColumnElement[int]:
    """Return calendar days from one date to another."""
    return later - earlier  # type: ignore[return-value]


def plus(day: ColumnElement[date], days: int) -> ColumnElement[date]:
    """Return the date so many calendar days later."""
    return (day + days).cast(Date)


def earliest(*days: ColumnElement[date]) -> ColumnElement[date]:
    """Return the earliest of the dates that are known."""
    return func.least(*days, type_=Date())


def year_start(year: ColumnElement[int]) -> ColumnElement[date]:
    """Return 1 January of a year; unknown when the year is 0."""
    return func.make_date(func.nullif(year, 0), 1, 1, type_=Date())


def in_force(since: ColumnElement[date], until: ColumnElement[date]) -> ColumnElement[bool]:
    """Tell whether a looked-up record is in force at the moment: begun, and its last day not passed."""
    return (since <= AS_OF) & (until.is_(None) | (until >= AS_OF))


def outer(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column of the counted table for use inside a look-up in another table."""
    return literal_column(render(column), column.type)


class LookUp(ColumnClause[Any]):
    """A look-up in another table for a row, as SQL text that is the same at any moment."""

    inherit_cache = False

    def __init__(self, chosen: str, columns: frozenset[Column[Any]], where: Sequence[ColumnElement[bool]]) -> None:
        super().__init__(f"({chosen})", is_literal=True)
        self.columns = columns
        self.keys = frozenset(key for test in where if (key := _key(test)) is not None)


def _spans(found: Sequence[Span], where: Sequence[ColumnElement[bool]]) -> LookUp:
    """Return the look-up of the spans of days on which something holds."""
    days = " * ".join(f"daterange({render(since)}, {render(until)}, '[]')" for since, until in found)
    lawful = [since.is_not(None) & (until.is_(None) | (until >= since)) for since, until in found]
    chosen = render(select(literal_column(f"range_agg({days})")).where(*where, *lawful))
    return LookUp(chosen, columns(*where, *(c for pair in found for c in pair)), where)


def holding(column: Column[Any], value: ColumnElement[Any]) -> ColumnElement[bool]:
    """Tell whether a set of another table holds a value of the counted row: found by an index, as an equal value is."""
    return column.contains(array([value]))


def looked_up(column: Column[Any], where: Sequence[ColumnElement[bool]]) -> ColumnElement[Any]:
    """Return a column of the one record of another table that `where` chooses; null without one."""
    return LookUp(render(select(func.min(column)).where(*where)), columns(column, *where), where)


def _key(test: Any) -> Column[Any] | None:
    """Return the column that a look-up compares with the row that is counted; None when the test is of another sort."""
    if not isinstance(test, BinaryExpression) or test.operator not in {eq, CONTAINS}:
        return None
    outside = any(isinstance(element, ColumnClause) and element.is_literal for element in iterate(test.right))
    return test.left if outside and isinstance(test.left, Column) else None


def covered(*found: Span, where: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Tell whether another table has rows, chosen by `where`, that are all in force at the moment.

    Each pair is the first and the last day in force (null: without end); compare with the counted table by `outer`.
    """
    return AS_OF.op("<@", is_comparison=True)(_spans(found, where))


def covered_in_period(*found: Span, where: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Tell the same for any day of the period, up to the moment: what a windowed census asks, which flows cannot."""
    return func.daterange(START, AS_OF, "[]").op("&&", is_comparison=True)(_spans(found, where))


def happened(amount: ColumnElement[Any], where: Sequence[ColumnElement[bool]]) -> ColumnElement[int]:
    """Return the sum of an amount over the records of another table that `where` chooses; it may ask for the period."""
    return select(func.coalesce(func.sum(amount), 0)).where(*where).scalar_subquery()


def look_ups(*expressions: ClauseElement) -> list[str]:
    """Return the look-ups that are the same at any moment, as SQL text."""
    found = (element for expression in expressions for element in iterate(expression))
    return sorted({element.name for element in found if isinstance(element, LookUp)})


def keys(*expressions: ClauseElement) -> frozenset[Column[Any]]:
    """Return the columns by which look-ups find the records of a row."""
    found = [element for expression in expressions for element in iterate(expression)]
    asked = [test for select_ in found if isinstance(select_, Select) for test in iterate(select_)]
    fixed = (key for element in found if isinstance(element, LookUp) for key in element.keys)
    return frozenset([*fixed, *(key for test in asked if (key := _key(test)) is not None)])
