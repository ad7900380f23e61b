"""Every table of the mediation service."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.chassis.migration_ops import create_fund_entries, create_record_table, create_shared_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEPT = sa.text("NOT deleted")


def _ints(*names: str) -> Iterator[sa.Column[Any]]:
    return (sa.Column(name, sa.Integer, nullable=False) for name in names)


def _texts(*names: str) -> Iterator[sa.Column[Any]]:
    return (sa.Column(name, sa.Text, nullable=False) for name in names)


def _dates(*names: str) -> Iterator[sa.Column[Any]]:
    return (sa.Column(name, sa.Date) for name in names)


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
        *_ints("type", "channel", "kind", "state", "outcome"),
        *_texts("committee", "centre", "mediator"),
        *_dates("registered_date", "accepted_date", "closed_date"),
        indexes=("mediator",),
    )
    intake = ["office", "type", "registered_date"]
    op.create_index("dispute_intake", "dispute", intake, postgresql_where=_KEPT)
    op.create_index("dispute_closed", "dispute", ["office", "closed_date"], postgresql_where=_KEPT)
    create_record_table("session", *_texts("dispute"), *_ints("venue"), *_dates("held_date"), indexes=("dispute",))


def _registers() -> None:
    span = ("from_date", "to_date")
    create_record_table("committee", *_ints("kind", "level", "host"), *_dates(*span))
    create_record_table("centre", *_ints("level"), *_dates(*span))
    create_record_table("building", *_dates(*span))
    own = (*_texts("committee"), *_ints("employment", "background"), *_dates(*span))
    create_record_table("mediator", *own, indexes=("committee",))
    own = (*_texts("mediator"), *_ints("kind", "measure"), *_dates("found_date"))
    create_record_table("breach", *own, indexes=("mediator",))
    create_record_table("rate_scheme", *_dates(*span))
    create_record_table("premises", *_dates("reached_date", "to_date"))


def _rounds() -> None:
    own = (*_dates("month_date"), sa.Column("key_period", sa.Boolean, nullable=False))
    create_record_table("screening", *own)
    op.create_index("screening_month", "screening", ["office", "month_date"], postgresql_where=_KEPT)
    create_record_table("warning", *_ints("level", "type", "state"), *_dates("raised_date"))
    create_record_table("reception_day", *_ints("kind"), *_dates("held_date"))
    create_record_table("piece_rate_statement", *_texts("mediator"), *_ints("state"), *_dates("month_date"))
    statement = ["mediator", "month_date"]
    op.create_index("piece_rate_statement_month", "piece_rate_statement", statement, postgresql_where=_KEPT)
