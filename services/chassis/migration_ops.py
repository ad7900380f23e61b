"""What revisions are made of: the shared tables, record tables, row-level security and what the application may do.

Revisions that have run somewhere must not change: add a new function here rather than alter one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from services.chassis.storage.scopes import policy

# Whoever was granted the tables (the application) may add to them and read them, and nothing else.
_APPEND_ONLY = """
DO $$ DECLARE grantee name; BEGIN
    FOR grantee IN SELECT DISTINCT g.grantee FROM information_schema.role_table_grants g
        WHERE g.table_schema = current_schema() AND g.table_name IN ('audit', 'audit_link')
        AND g.grantee NOT IN (current_user, 'PUBLIC')
    LOOP EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit, audit_link FROM %I', grantee); END LOOP;
END $$
"""


def _column(name: str, kind: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=options.pop("nullable", False), **options)


def ints(*names: str) -> Iterator[sa.Column[Any]]:
    """Give columns of whole numbers and enum values."""
    return (sa.Column(name, sa.Integer, nullable=False) for name in names)


def texts(*names: str) -> Iterator[sa.Column[Any]]:
    """Give columns of codes and uuids; empty for none."""
    return (sa.Column(name, sa.Text, nullable=False) for name in names)


def text_lists(*names: str) -> Iterator[sa.Column[Any]]:
    """Give columns of lists of codes and uuids."""
    return (sa.Column(name, ARRAY(sa.Text), nullable=False) for name in names)


def dates(*names: str) -> Iterator[sa.Column[Any]]:
    """Give columns of dates; null for none."""
    return (sa.Column(name, sa.Date) for name in names)


def bools(*names: str) -> Iterator[sa.Column[Any]]:
    """Give columns of yes/no."""
    return (sa.Column(name, sa.Boolean, nullable=False) for name in names)


def create_shared_tables() -> None:
    """Create the tables that are no records; the audit trail append-only for the application."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "source",
        _column("name", sa.Text, primary_key=True),
        *(_column(name, sa.BigInteger) for name in ("epoch", "sequence", "audit_sequence")),
        _column("audit_head", sa.LargeBinary),
    )
    op.create_table(
        "outbox",
        _column("id", sa.Uuid, primary_key=True),
        _column("seq", sa.BigInteger, nullable=True),
        _column("kind", sa.Text),
        _column("record_id", sa.Uuid),
        _column("revision", sa.BigInteger),
        _column("epoch", sa.BigInteger, nullable=True),
        *(_column(name, sa.Text) for name in ("change", "office", "actor")),
        _column("recorded", instant),
        *(_column(name, sa.Text) for name in ("facts_type", "collection")),
        _column("facts", sa.LargeBinary),
        _column("traceparent", sa.Text),
    )
    _create_audit()
    op.create_table(
        "request",
        _column("subject", sa.Text, primary_key=True),
        _column("request_id", sa.Uuid, primary_key=True),
        _column("method", sa.Text),
        _column("request_hash", sa.LargeBinary),
        _column("response", sa.LargeBinary),
        _column("recorded", instant),
    )
    op.create_table(
        "search_hash",
        _column("record_id", sa.Uuid, primary_key=True),
        _column("hash", sa.LargeBinary, primary_key=True),
    )
    op.create_index("search_hash_hash", "search_hash", ["hash"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        _column("id", sa.Uuid, primary_key=True),
        _column("at", sa.DateTime(timezone=True)),
        *(_column(name, sa.Text) for name in ("actor", "roles", "method", "kind")),
        _column("record_id", sa.Uuid, nullable=True),
        _column("revision", sa.BigInteger),
        *(_column(name, sa.Text) for name in ("office", "change", "purpose", "reason")),
        _column("digest", sa.LargeBinary),
    )
    op.create_index("ix_audit_record_id", "audit", ["record_id"])
    op.create_table(
        "audit_link",
        _column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        _column("audit_id", sa.Uuid),
        _column("prev_hash", sa.LargeBinary),
        _column("hash", sa.LargeBinary),
        sa.UniqueConstraint("audit_id"),
    )
    op.execute(_APPEND_ONLY)


def create_record_table(
    name: str, *own: sa.Column[Any], indexes: tuple[str, ...] = (), sealed_for: str = "sealed_files"
) -> None:
    """Create a record table: the common columns, a kind's own, the indexes of `record_indexes`, row-level security.

    `sealed_for` is the role that sees sealed records, as the kind has it.
    """
    op.create_table(
        name,
        _column("id", sa.Uuid, primary_key=True),
        *(_column(column, sa.Text) for column in ("office", "place")),
        _column("key_hash", sa.LargeBinary, nullable=True),
        _column("revision", sa.BigInteger),
        _column("deleted", sa.Boolean),
        _column("occurred", sa.Date),
        _column("recorded", sa.DateTime(timezone=True)),
        _column("actor", sa.Text),
        *(_column(column, sa.LargeBinary) for column in ("body", "facts", "digest")),
        _column("hashes", ARRAY(sa.LargeBinary)),
        _column("next_due", sa.Date, nullable=True),
        _column("next_rule", sa.Text),
        *own,
    )
    kept, due = sa.text("NOT deleted"), sa.text("next_due IS NOT NULL AND NOT deleted")
    key = sa.text("key_hash IS NOT NULL AND NOT deleted")
    op.create_index(f"{name}_office_id", name, ["office", "id"])
    op.create_index(f"{name}_key", name, ["key_hash"], unique=True, postgresql_where=key)
    op.create_index(f"{name}_due", name, ["next_due", "id"], postgresql_where=due)
    for column in indexes:
        op.create_index(f"{name}_{column}", name, [column, "id"], postgresql_where=kept)
    secure(name, *(str(column.name) for column in own), sealed_for=sealed_for)


def create_fund_entries() -> None:
    """Create the table of fund entries."""
    create_record_table(
        "fund_entry",
        _column("earmark", sa.Text),
        _column("year", sa.Integer),
        _column("kind", sa.Integer),
        _column("amount_fen", sa.BigInteger),
        _column("entry_date", sa.Date, nullable=True),
    )
    op.create_index("fund_entry_purse", "fund_entry", ["earmark", "year"])


def secure(table: str, *own: str, sealed_for: str = "sealed_files") -> None:
    """Let a session see and write only records in the scope of its setting geju.offices (storage/scopes.py).

    `own` are the columns of the kind itself.
    """
    seen = policy(own, sealed_for)
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY office_scope ON {table} USING ({seen}) WITH CHECK ({seen})")


def secure_again(table: str, *own: str, sealed_for: str = "sealed_files") -> None:
    """Let the policy of a table follow columns that were added to it; `own` are all of those that policies look at."""
    seen = policy(own, sealed_for)
    op.execute(f"ALTER POLICY office_scope ON {table} USING ({seen}) WITH CHECK ({seen})")
