"""What a report's figures were judged by."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; what was published before is judged by the profile of today."""
    op.add_column("report", sa.Column("standards", JSONB, nullable=False, server_default="{}"))
