"""Queries over the index columns of a kind's table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any
from uuid import UUID

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from sqlalchemy import ARRAY, ColumnElement, Select, Table, all_, any_, literal, or_, select
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlmodel import SQLModel

from services.chassis.contract import DATE, searchable
from services.chassis.crypto import RecordKeys
from services.chassis.domain.dates import EXPECTED, to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.kinds import Kind
from services.chassis.storage.codec import key_hash
from services.chassis.storage.scopes import EVERYWHERE, RIGHTS

_DIALECT = asyncpg_dialect()  # type: ignore[no-untyped-call]
_READ = ("id", "office", "revision", "occurred", "recorded", "body", "digest", "hashes", "key_hash")


def table_of(kind: Kind[Any]) -> Table:
    """Return a kind's table."""
    return SQLModel.metadata.tables[str(kind.row.__tablename__)]


def compiled(statement: Any) -> tuple[str, list[Any]]:
    """Return a statement's text for asyncpg and its parameters in order."""
    result = statement.compile(dialect=_DIALECT)
    return str(result), [result.params[name] for name in result.positiontup or ()]


def select_rows(  # noqa: PLR0913 (each is one clause of the query)
    kind: Kind[Any],
    conditions: Mapping[str, Any] | Iterable[ColumnElement[bool]],
    seen: Sequence[str],
    *,
    limit: int,
    after: UUID | None = None,
    columns: Iterable[str] = _READ,
) -> tuple[str, list[Any]]:
    """Return the query for records that are not deleted, newest first, after an id of an earlier page.

    `seen` are the terms of the scope that they are in.
    """
    table = table_of(kind)
    if isinstance(conditions, Mapping):
        conditions = [_condition(table, name, value) for name, value in conditions.items()]
    query: Select[Any] = select(*(table.c[name] for name in columns))
    query = query.where(~table.c.deleted, *_in_scope(kind, table, seen), *conditions)
    if after is not None:
        query = query.where(table.c.id < after)
    return compiled(query.order_by(table.c.id.desc()).limit(limit))


def _in_scope(kind: Kind[Any], table: Table, seen: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    if EVERYWHERE not in seen:
        yield or_(*(_is_any(column, list(seen)) for column in _offices(table)))
    if kind.has_sealed and RIGHTS[kind.sealed_for] not in seen:
        yield ~table.c.sealed


def _offices(table: Table) -> list[ColumnElement[str]]:
    return [table.c[name] for name in ("office", "second_office") if name in table.c]


def _condition(table: Table, name: str, value: Any) -> ColumnElement[bool]:
    if name in table.c:
        column = table.c[name]
        if isinstance(value, list | tuple | set | frozenset) and not isinstance(column.type, ARRAY):
            return _is_any(column, list(value))
        return column.is_(None) if value is None else column == value
    stem, _, bound = name.rpartition("_")
    within: ColumnElement[bool] = table.c[stem] >= value if bound == "from" else table.c[stem] <= value
    return within


def _is_any(column: ColumnElement[Any], values: list[Any]) -> ColumnElement[bool]:
    return column == any_(literal(values, ARRAY(column.type)))


def found_by(kind: Kind[Any], hashed: bytes) -> ColumnElement[bool]:
    """Return the condition that a searchable field of a record has a value with this hash."""
    hashes = SQLModel.metadata.tables["search_hash"].c
    return table_of(kind).c.id.in_(select(hashes.record_id).where(hashes.hash == hashed))


def none_of(kind: Kind[Any], ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Return the condition that a record is none of these."""
    column = table_of(kind).c.id
    return column != all_(literal(ids, ARRAY(column.type)))


def _holds(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    held: ColumnElement[bool] = column.bool_op("@>")(literal([value], column.type))
    return held


Condition = Callable[[Any, RecordKeys], ColumnElement[bool]]


def filter_conditions(kind: Kind[Any], wanted: Message, crypto: RecordKeys) -> list[ColumnElement[bool]]:
    """Return the conditions that a filter message sets; what is empty does not filter."""
    plan = filter_plan(kind, wanted.DESCRIPTOR)
    found = [plan[field.name](value, crypto) for field, value in wanted.ListFields()]
    if wanted.key:  # type: ignore[attr-defined]
        if not wanted.office:  # type: ignore[attr-defined]
            raise InvalidField("filter.office", expected="按编号查找时须同时指定司法所")
        hashed = key_hash(crypto, wanted.office, wanted.key)  # type: ignore[attr-defined]
        found.append(table_of(kind).c.key_hash == hashed)
    return found


@cache
def filter_plan(kind: Kind[Any], descriptor: Descriptor) -> dict[str, Condition]:
    """Return how each field of a kind's filter becomes a condition. Raises TypeError when one cannot."""
    return {field.name: _filter_condition(kind, field) for field in descriptor.fields}


def _filter_condition(kind: Kind[Any], field: FieldDescriptor) -> Condition:  # noqa: PLR0911 (one for each shape)
    table, name = table_of(kind), str(field.name)
    if name == "key":
        return lambda _value, _crypto: literal(value=True)
    if name.endswith("_exact") and _is_searchable(kind, name.removesuffix("_exact")):
        return lambda value, crypto: found_by(kind, crypto.search_hash(value))
    stem, _, bound = name.rpartition("_")
    if name == "office":
        return lambda value, _crypto: or_(*(column == value for column in _offices(table)))
    if name in table.c:
        column = table.c[name]
        if field.is_repeated:
            return lambda values, _crypto: _is_any(column, list(values))
        if isinstance(column.type, ARRAY):
            return lambda value, _crypto: _holds(column, value)
        if field.message_type is not None:
            return lambda value, _crypto: column == _day(name, value)
        return lambda value, _crypto: column == value
    if stem in table.c and bound in {"from", "to"}:
        column, is_date = table.c[stem], field.message_type is not None
        lower = bound == "from"

        def within(value: Any, _crypto: RecordKeys) -> ColumnElement[bool]:
            limit = _day(name, value) if is_date else value
            kept: ColumnElement[bool] = column >= limit if lower else column <= limit
            return kept

        return within
    msg = f"{field.full_name} filters by nothing that {kind.row.__name__} has"
    raise TypeError(msg)


def _is_searchable(kind: Kind[Any], name: str) -> bool:
    leaves = searchable(kind.message.DESCRIPTOR)
    return any(name == leaf or name.endswith("_" + leaf) for leaf in leaves)


def _day(name: str, message: Any) -> Any:
    assert message.DESCRIPTOR.full_name == DATE, "filters hold codes, numbers and dates"
    with suppress(ValueError):
        if (day := to_date(message)) is not None:
            return day
    raise InvalidField(f"filter.{name}", expected=EXPECTED)
