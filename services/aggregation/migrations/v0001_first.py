"""Every table of the aggregation service beside its projections, and the right to make those."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Whoever was granted the tables (the application) makes the schemas of projections, and never alters a publication.
_RIGHTS = """
DO $$ DECLARE grantee name; BEGIN
    FOR grantee IN SELECT DISTINCT g.grantee FROM information_schema.role_table_grants g
        WHERE g.table_schema = current_schema() AND g.table_name = 'report'
        AND g.grantee NOT IN (current_user, 'PUBLIC')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON report, report_figure, report_member FROM %I', grantee);
        EXECUTE format('GRANT CREATE, TEMPORARY ON DATABASE %I TO %I', current_database(), grantee);
    END LOOP;
END $$
"""


def upgrade() -> None:
    """Create everything."""
    _state()
    _reports()
    op.execute(_RIGHTS)


def _column(name: str, kind: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=options.pop("nullable", False), **options)


def _state() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "current",
        _column("one", sa.Boolean, primary_key=True),
        *(_column(name, sa.Text) for name in ("schema_name", "fingerprint")),
        _column("version", sa.BigInteger),
        _column("as_of", sa.Date),
        _column("measured", instant),
    )
    op.create_table(
        "proof",
        *(_column(name, sa.Text, primary_key=True) for name in ("source", "kind")),
        _column("proven", instant, nullable=True),
        *(_column(name, sa.BigInteger) for name in ("compared", "differences")),
        _column("problem", sa.Text),
    )


def _reports() -> None:
    instant = sa.DateTime(timezone=True)
    edition = [("period", sa.Text), ("edition", sa.Integer)]
    op.create_table(
        "report",
        *(_column(name, kind, primary_key=True, autoincrement=False) for name, kind in edition),
        _column("as_of", sa.Date),
        *(_column(name, instant) for name in ("closed", "sealed")),
        *(_column(name, sa.Text) for name in ("closed_by", "note", "catalogue")),
        _column("definitions", JSONB),
        _column("digest", sa.LargeBinary),
        *(_column(name, sa.Integer) for name in ("figures", "members")),
        _column("request_id", sa.Uuid, unique=True),
    )
    op.create_table(
        "report_figure",
        *(_column(name, kind, primary_key=True, autoincrement=False) for name, kind in edition),
        *(_column(name, sa.Text, primary_key=True) for name in ("unit", "indicator", "breakdown", "key")),
        *(_column(name, sa.BigInteger) for name in ("n", "total")),
    )
    op.create_table(
        "report_member",
        _column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        *(_column(name, kind) for name, kind in edition),
        *(_column(name, sa.Text) for name in ("indicator", "office", "kind", "record")),
        _column("revision", sa.BigInteger),
        _column("part", sa.SmallInteger),
        _column("reason", sa.Text),
        _column("keys", sa.ARRAY(sa.Text)),
        *(_column(name, sa.BigInteger) for name in ("n", "total")),
    )
    op.create_index("report_member_of", "report_member", ["period", "edition", "indicator", "office"])
