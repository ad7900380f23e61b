"""The shared tables, the fund entries and the tables of supervision."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

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


def upgrade() -> None:
    """Create everything."""
    create_shared_tables()
    create_fund_entries()
    create_record_table(
        "supervised_person",
        sa.Column("sealed", sa.Boolean, nullable=False),
        *ints("state", "sentence", "level"),
        *dates("taken_over_date", "ended_date"),
        *texts("released_person"),
        indexes=("released_person",),
    )
    _of_person("duty", *ints("kind"), *dates("month_date", "met_due", "met_date"))
    _of_person("leave", *ints("state"))
    _of_person("absconding", *dates("from_date", "to_date"))
    _of_person("new_offence")
    _of_person("measure", *ints("kind", "state"))
    _of_person("positioning")
    _of_person("help_act", *ints("kind"))


def _of_person(name: str, *own: sa.Column[Any]) -> None:
    """Create the table of a kind whose records are about a person."""
    sealed, person = sa.Column("sealed", sa.Boolean, nullable=False), sa.Column("person", sa.Text, nullable=False)
    create_record_table(name, sealed, person, *own, indexes=("person",))
