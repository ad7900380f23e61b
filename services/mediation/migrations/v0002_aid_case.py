"""Disputes know the legal-aid case they came from or went to."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, by which the dispute of a case is found again; no dispute there is knows a case."""
    op.add_column("dispute", sa.Column("aid_case", sa.Text, nullable=False, server_default=""))
    op.alter_column("dispute", "aid_case", server_default=None)
    op.create_index("dispute_aid_case", "dispute", ["aid_case", "id"], postgresql_where=sa.text("NOT deleted"))
