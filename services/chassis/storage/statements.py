"""The hand-written statements of a kind, generated once from its row's columns.

One change is one statement: row, request, audit entry and outbox row stand or fall together without BEGIN and COMMIT,
which halves the round trips of a command.
"""

# Built of table and column names of the models and literals of this file; every value is a parameter.
# ruff: noqa: S608

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel

from services.chassis.kinds import Kind
from services.chassis.storage import tables
from services.chassis.storage.codec import HASHES, columns
from services.chassis.storage.scopes import in_scope

__all__ = ["RECORD", "REHASH", "TRAIL", "Statements", "request_insert", "statements"]

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
#: Returns a column's name as SQL has it: "group" is a word of its own.
_quoted = _DIALECT.identifier_preparer.quote
_SHARED = {table.__tablename__: table for table in (tables.Audit, tables.Outbox, tables.Request)}
#: What is read of a row to make its record.
RECORD = "r.revision, r.occurred, r.recorded, r.body"
#: Parameters after the row's own, in order: of the audit entry and the outbox row, then of the request.
TRAIL = ("audit.id", "audit.roles", "audit.method", "audit.change", "audit.reason", "outbox.id", "outbox.traceparent")
REQUEST = ("request.subject", "request.request_id", "request.request_hash", "request.response")
#: How long an answer is kept is not the business clock's to say: whoever lost one asks again within real time.
REAL_TIME = "clock_timestamp()"


@dataclass(frozen=True, slots=True)
class Statements:
    """SQL of one kind. `insert` and `update` take the row, TRAIL and, with `_request`, REQUEST; they return the id.

    `insert_many` takes the same but for the hashes as arrays, and makes many records at a third of the cost; empty for
    a kind with search hashes or other arrays in its row, which no array can hold.
    The others take what is looked for and, as second parameter, the terms of the scope that it is looked for in.
    """

    insert: str
    insert_many: str
    update: str
    insert_request: str
    update_request: str
    load: str
    load_request: str
    find_many: str


def sql_type(table: str, column: str) -> str:
    """Return the PostgreSQL type of a column, for a cast."""
    found: Table = SQLModel.metadata.tables[table]
    return found.c[column].type.compile(dialect=_DIALECT)


@cache
def statements(kind: Kind[Any]) -> Statements:
    """Return the statements of a kind."""
    table = str(kind.row.__tablename__)
    seen = in_scope(kind, "$2")
    found = f"SELECT r.id, r.key_hash, r.hashes, {RECORD} FROM {table} r"
    kept = f"{found} WHERE NOT r.deleted AND {seen} AND r.key_hash = "
    stored = f"r.deleted, r.facts, r.hashes, r.key_hash, {RECORD}"
    here = f"r.id = $1 AND {seen}"
    return Statements(
        insert=_write(kind, table, update=False, request=False),
        insert_many=_write_many(kind, table),
        update=_write(kind, table, update=True, request=False),
        insert_request=_write(kind, table, update=False, request=True),
        update_request=_write(kind, table, update=True, request=True),
        load=f"SELECT {stored} FROM {table} r WHERE {here}",
        load_request=(
            f"SELECT q.method, q.request_hash, q.response, {stored} FROM (VALUES (1)) one "
            f"LEFT JOIN {table} r ON {here} LEFT JOIN request q ON q.subject = $3 AND q.request_id = $4"
        ),
        find_many=kept + "ANY($1)",
    )


def _write(kind: Kind[Any], table: str, *, update: bool, request: bool) -> str:
    names = columns(kind)
    params = [f"{table}.{name}" for name in names] + [*TRAIL, *(REQUEST if request else ())]
    at = {name: f"${i}::{sql_type(*name.split('.'))}" for i, name in enumerate(params, 1)}
    row = {name: at[f"{table}.{name}"] for name in names}
    if update:
        sets = ", ".join(f"{_quoted(name)} = {row[name]}" for name in names if name != "id")
        guard = f"WHERE id = {row['id']} AND revision = {row['revision']} - 1"
        record = f"UPDATE {table} SET {sets} {guard} RETURNING id"
    else:
        record = (
            f"INSERT INTO {table} ({', '.join(map(_quoted, names))}) VALUES ({', '.join(row.values())}) RETURNING id"
        )
    parts = [f"r AS ({record})", f"a AS ({_insert('audit', _audit(kind, row, at))})"]
    if kind.is_searchable and not update:
        parts.append(f"h AS (INSERT INTO search_hash (record_id, hash) SELECT id, unnest({row['hashes']}) FROM r)")
    parts.append(f"o AS ({_insert('outbox', _outbox(kind, row, at))})")
    if request:
        parts.append(f"q AS ({_insert('request', _request(at))})")
    return f"WITH {', '.join(parts)} SELECT id FROM r"


def _write_many(kind: Kind[Any], table: str) -> str:
    names = columns(kind)
    params = [f"{table}.{name}" for name in names if name != names[HASHES]] + [*TRAIL]
    types = [sql_type(*name.split(".")) for name in params]
    if kind.is_searchable or any(type_.endswith("[]") for type_ in types):
        return ""
    at = {name: f"g.c{i}" for i, name in enumerate(params)}
    row = {name: at.get(f"{table}.{name}", "'{}'") for name in names}
    arrays = ", ".join(f"${i}::{type_}[]" for i, type_ in enumerate(types, 1))
    parts = (
        f"g AS MATERIALIZED (SELECT * FROM unnest({arrays}) AS g ({', '.join(f'c{i}' for i in range(len(types)))}))",
        f"r AS ({_insert(table, row, 'g')} RETURNING id)",
        f"a AS ({_insert('audit', _audit(kind, row, at), 'g')})",
        f"o AS ({_insert('outbox', _outbox(kind, row, at), 'g')})",
    )
    return f"WITH {', '.join(parts)} SELECT id FROM r"


def _audit(kind: Kind[Any], row: dict[str, str], at: dict[str, str]) -> dict[str, str]:
    return {
        "id": at["audit.id"],
        "at": row["recorded"],
        "actor": row["actor"],
        "roles": at["audit.roles"],
        "method": at["audit.method"],
        "kind": f"'{kind.name}'",
        "record_id": row["id"],
        "revision": row["revision"],
        "office": row["office"],
        "change": at["audit.change"],
        "purpose": "''",
        "reason": at["audit.reason"],
        "digest": row["digest"],
    }


def _outbox(kind: Kind[Any], row: dict[str, str], at: dict[str, str]) -> dict[str, str]:
    return {
        "id": at["outbox.id"],
        "kind": f"'{kind.name}'",
        "record_id": row["id"],
        "revision": row["revision"],
        "change": at["audit.change"],
        "office": row["office"],
        "actor": row["actor"],
        "recorded": row["recorded"],
        "facts_type": f"'{kind.facts_type}'",
        "collection": f"'{kind.collection}'",
        "facts": row["facts"],
        "traceparent": at["outbox.traceparent"],
    }


def _request(at: dict[str, str]) -> dict[str, str]:
    return {
        "subject": at["request.subject"],
        "request_id": at["request.request_id"],
        "method": at["audit.method"],
        "request_hash": at["request.request_hash"],
        "response": at["request.response"],
        "recorded": REAL_TIME,
    }


def _insert(table: str, values: dict[str, str], source: str = "r") -> str:
    # FROM r: where the revision guard found no row, nothing else is written either.
    names = ", ".join(map(_quoted, values))
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(values.values())} FROM {source}"


#: Brings the search hashes of a record ($1) to those of its revision ($2).
REHASH = """
WITH gone AS (DELETE FROM search_hash WHERE record_id = $1 AND hash <> ALL ($2::bytea[]))
INSERT INTO search_hash (record_id, hash) SELECT $1, unnest($2::bytea[]) ON CONFLICT DO NOTHING
"""


def request_insert() -> str:
    """Return the statement that stores an answer by itself: subject, id, method, hash, answer."""
    names = ("subject", "request_id", "method", "request_hash", "response")
    values = ", ".join(f"${i}::{sql_type('request', name)}" for i, name in enumerate(names, 1))
    return f"INSERT INTO request ({', '.join(names)}, recorded) VALUES ({values}, {REAL_TIME})"
