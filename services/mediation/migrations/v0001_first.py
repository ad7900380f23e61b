"""Every table of the mediation service."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.migration_ops import (
    create_fund_entries,
    create_record_table,
    create_shared_tables,
    dates,
    ints,
    texts,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEPT = sa.text("NOT deleted")


def upgrade() -> None:
    """Create everything."""
    create_shared_tables()
    create_fund_entries()
    _disputes()
    _registers()
    _rounds()


def _disputes() -> None:
    create_record_table(
        "dispute",
        *ints("type", "channel", "kind", "state", "outcome"),
        *texts("committee", "centre", "mediator"),
        *dates("registered_date", "accepted_date", "closed_date"),
        indexes=("mediator",),
    )
    intake = ["office", "type", "registered_date"]
    op.create_index("dispute_intake", "dispute", intake, postgresql_where=_KEPT)
    op.create_index("dispute_closed", "dispute", ["office", "closed_date"], postgresql_where=_KEPT)
    create_record_table("session", *texts("dispute"), *ints("venue"), *dates("held_date"), indexes=("dispute",))


def _registers() -> None:
    span = ("from_date", "to_date")
    create_record_table("committee", *ints("kind", "level", "host"), *dates(*span))
    create_record_table("centre", *ints("level"), *dates(*span))
    create_record_table("building", *dates(*span))
    own = (*texts("committee"), *ints("employment", "background"), *dates(*span))
    create_record_table("mediator", *own, indexes=("committee",))
    own = (*texts("mediator"), *ints("kind", "measure"), *dates("found_date"))
    create_record_table("breach", *own, indexes=("mediator",))
    create_record_table("rate_scheme", *dates(*span))
    create_record_table("premises", *dates("reached_date", "to_date"))


def _rounds() -> None:
    own = (*dates("month_date"), sa.Column("key_period", sa.Boolean, nullable=False))
    create_record_table("screening", *own)
    op.create_index("screening_month", "screening", ["office", "month_date"], postgresql_where=_KEPT)
    create_record_table("warning", *ints("level", "type", "state"), *dates("raised_date"))
    create_record_table("reception_day", *ints("kind"), *dates("held_date"))
    create_record_table("piece_rate_statement", *texts("mediator"), *ints("state"), *dates("month_date"))
    statement = ["mediator", "month_date"]
    op.create_index("piece_rate_statement_month", "piece_rate_statement", statement, postgresql_where=_KEPT)
