"""The shared tables, the fund entries and the tables of supervision."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from services.chassis.migration_ops import create_fund_entries, create_record_table, create_shared_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


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
    create_record_table(
        "supervised_person",
        sa.Column("sealed", sa.Boolean, nullable=False),
        *_ints("state", "sentence", "level"),
        *_dates("taken_over_date", "ended_date"),
        *_texts("released_person"),
        indexes=("released_person",),
    )
    _of_person("duty", *_ints("kind"), *_dates("month_date", "met_due", "met_date"))
    _of_person("leave", *_ints("state"))
    _of_person("absconding", *_dates("from_date", "to_date"))
    _of_person("new_offence")
    _of_person("measure", *_ints("kind", "state"))
    _of_person("positioning")
    _of_person("help_act", *_ints("kind"))


def _of_person(name: str, *own: sa.Column[Any]) -> None:
    """Create the table of a kind whose records are about a person."""
    sealed, person = sa.Column("sealed", sa.Boolean, nullable=False), sa.Column("person", sa.Text, nullable=False)
    create_record_table(name, sealed, person, *own, indexes=("person",))
