"""The second office of a published member."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; what was published before has none."""
    column = sa.Column("second_office", sa.Text, nullable=False, server_default="")
    op.add_column("report_member", column)
