"""What each role of a database may do with each table: put in order by the owner at the end of every migration.

Tables that are made later by a revision need nothing more: a table that looks like one of records is one. Of tables
known neither here nor by their look the application keeps what the owner's default privileges and the revision gave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, text

from services.chassis.rights.roles import Role

_OWNER = f"_{Role.OWNER}"
_TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
    AND NOT a.attisdropped
GROUP BY c.relname ORDER BY c.relname
"""
_POLICIES = "SELECT tablename::text, policyname::text FROM pg_policies WHERE schemaname = current_schema()"
#: Taken from the application, which has by default what one needs to read and write rows.
_APP_NOT: Mapping[str, str] = {
    "alembic_version": "INSERT, UPDATE, DELETE",
    "source": "UPDATE, DELETE",
    "outbox": "UPDATE, DELETE",
    "audit": "UPDATE, DELETE",
    "audit_link": "INSERT, UPDATE, DELETE",
    "request": "UPDATE, DELETE",
}
_RECORDS_NOT = "DELETE"
#: A new epoch is begun by a call, erasing a person empties answers; how far the trail is linked the relay says.
_APP_COLUMNS: Mapping[str, str] = {"source": "epoch, sequence", "request": "response"}
_RELAY: Mapping[str, str] = {
    "source": "SELECT, INSERT, UPDATE",
    "outbox": "SELECT, UPDATE, DELETE",
    "audit": "SELECT",
    "audit_link": "SELECT, INSERT",
    "request": "SELECT, DELETE",
}
_AUDITOR: Mapping[str, str] = dict.fromkeys(("source", "audit", "audit_link"), "SELECT")
#: No reader's business: answers and hashes are made of personal data, the rest is machinery.
_HIDDEN_TABLES = frozenset({*_APP_NOT, "search_hash"})
_HIDDEN_COLUMNS = frozenset({"body", "facts", "digest", "hashes", "key_hash"})
_RECORD = {"office", "revision", "body", "facts", "deleted"}


def apply(connection: Connection) -> None:
    """Put the privileges of every role that is there in order; as the owner `geju_<service>_owner`.

    An owner of another name has no such roles beside it: nothing is done then.
    """
    owner = str(connection.scalar(text("SELECT current_user")))
    if not owner.endswith(_OWNER):
        return
    base = owner.removesuffix(_OWNER)
    known = {str(name) for (name,) in connection.execute(text("SELECT rolname FROM pg_roles"))}
    names = {role: base if role is Role.APP else f"{base}_{role}" for role in Role}
    tables = {str(name): list(columns) for name, columns in connection.execute(text(_TABLES))}
    policies = {(str(table), str(policy)) for table, policy in connection.execute(text(_POLICIES))}
    for role, name in names.items():
        if role is not Role.OWNER and name in known:
            for statement in _statements(role, name, tables, policies):
                connection.exec_driver_sql(statement)


def _statements(
    role: Role, name: str, tables: Mapping[str, Sequence[str]], policies: set[tuple[str, str]]
) -> Iterator[str]:
    if role is Role.APP:
        yield from _app(name, tables)
        return
    yield f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{name}"'
    if role is Role.READER:
        yield from _reader(name, tables, policies)
        return
    for table, privileges in (_RELAY if role is Role.RELAY else _AUDITOR).items():
        if table in tables:
            yield f'GRANT {privileges} ON {table} TO "{name}"'


def _app(name: str, tables: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for table, columns in tables.items():
        if taken := _APP_NOT.get(table) or (_RECORDS_NOT if set(columns) >= _RECORD else ""):
            yield f'REVOKE {taken}, TRUNCATE ON "{table}" FROM "{name}"'
    for table, columns in _APP_COLUMNS.items():
        if table in tables:
            yield f'GRANT UPDATE ({columns}) ON {table} TO "{name}"'


def _reader(name: str, tables: Mapping[str, Sequence[str]], policies: set[tuple[str, str]]) -> Iterator[str]:
    for table, columns in tables.items():
        if table in _HIDDEN_TABLES:
            continue
        shown = ", ".join(f'"{column}"' for column in columns if column not in _HIDDEN_COLUMNS)
        yield f'GRANT SELECT ({shown}) ON "{table}" TO "{name}"'
        if set(columns) >= _RECORD:
            if (table, "reader") not in policies:
                yield f'CREATE POLICY reader ON "{table}" FOR SELECT TO "{name}" USING (true)'
            # Whatever scope the session claims to have.
            if "sealed" in columns and (table, "reader_unsealed") not in policies:
                yield f'CREATE POLICY reader_unsealed ON "{table}" AS RESTRICTIVE TO "{name}" USING (NOT sealed)'
