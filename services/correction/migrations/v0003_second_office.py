"""Records about a released person belong to both offices that list the person."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.migration_ops import secure_again

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = (
    "new_offence",
    "help_act",
    "helping_agreement",
    "released_visit",
    "placement",
    "transition_grant",
    "lost_contact",
    "base_stay",
)


def upgrade() -> None:
    """Add the column, empty until the record or its person is next changed, and let both offices see the row."""
    for table in _TABLES:
        op.add_column(table, sa.Column("second_office", sa.Text, nullable=False, server_default=""))
        op.alter_column(table, "second_office", server_default=None)
        kept = sa.text("NOT deleted")
        op.create_index(f"{table}_second_office", table, ["second_office", "id"], postgresql_where=kept)
        secure_again(table, "sealed", "second_office")
