"""Every table of the test store."""

from __future__ import annotations

import sqlalchemy as sa

from services.chassis.migration_ops import create_fund_entries, create_record_table, create_shared_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    create_shared_tables()
    create_fund_entries()
    create_record_table(
        "note",
        sa.Column("mood", sa.Integer, nullable=False),
        sa.Column("person_count", sa.Integer, nullable=False),
        sa.Column("taken_date", sa.Date),
        sa.Column("moods", sa.ARRAY(sa.Integer), nullable=False),
        indexes=("mood",),
    )
    create_record_table(
        "client",
        sa.Column("taken_date", sa.Date),
        sa.Column("sealed", sa.Boolean, nullable=False),
        sa.Column("second_office", sa.Text, nullable=False),
        sa.Column("earlier", sa.Text, nullable=False),
        indexes=("second_office",),
    )
    create_record_table(
        "visit",
        sa.Column("clients", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("sealed", sa.Boolean, nullable=False),
    )
    create_record_table(
        "tip",
        sa.Column("sealed", sa.Boolean, nullable=False),
        sa.Column("client", sa.Text, nullable=False),
        sealed_for="discipline",
    )
