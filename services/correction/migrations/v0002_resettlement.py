"""Tables of resettlement: released persons, what is done for them, bases, staff, meetings and plans."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from services.chassis.migration_ops import create_record_table

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SPAN = ("from_date", "to_date")


def _ints(*names: str) -> Iterator[sa.Column[Any]]:
    return (sa.Column(name, sa.Integer, nullable=False) for name in names)


def _texts(*names: str) -> Iterator[sa.Column[Any]]:
    return (sa.Column(name, sa.Text, nullable=False) for name in names)


def _dates(*names: str) -> Iterator[sa.Column[Any]]:
    return (sa.Column(name, sa.Date) for name in names)


def _bools(*names: str) -> Iterator[sa.Column[Any]]:
    return (sa.Column(name, sa.Boolean, nullable=False) for name in names)


def upgrade() -> None:
    """Create everything."""
    _persons()
    _bases()
    _staff()


def _persons() -> None:
    create_record_table(
        "released_person",
        *_bools("sealed"),
        *_texts("second_office"),
        *_ints("source", "household", "state"),
        *_bools("three_none"),
        *_dates("released_date"),
        *_texts("supervised_person"),
        indexes=("second_office", "supervised_person"),
    )
    _of_a_person("helping_agreement", *_dates(*_SPAN))
    _of_a_person("released_visit", *_dates("visit_date"))
    _of_a_person("placement", *_ints("kind"), *_texts("base"), *_dates(*_SPAN), indexes=("base",))
    _of_a_person("transition_grant", *_ints("state"), *_dates("granted_date"))
    _of_a_person("lost_contact", *_dates(*_SPAN))
    create_record_table("situation_survey", *_dates("opened_date"))


def _of_a_person(name: str, *own: sa.Column[Any], indexes: tuple[str, ...] = ()) -> None:
    create_record_table(name, *_bools("sealed"), *_texts("person"), *own, indexes=("person", *indexes))


def _bases() -> None:
    create_record_table("resettlement_base", *_ints("kind"), *_dates(*_SPAN))
    own = (*_bools("sealed"), *_texts("base", "person"), *_dates(*_SPAN))
    create_record_table("base_stay", *own, indexes=("base", "person"))


def _staff() -> None:
    create_record_table("correction_volunteer", *_dates(*_SPAN))
    create_record_table("correction_officer", *_ints("kind"), *_dates(*_SPAN))
    create_record_table("member_unit_meeting", *_dates("held_date"))
    create_record_table("emergency_plan", *_dates(*_SPAN))
    create_record_table("emergency_drill", *_texts("plan"), *_dates("held_date"), indexes=("plan",))
