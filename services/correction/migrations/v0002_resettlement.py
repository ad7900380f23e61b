"""Tables of resettlement: released persons, what is done for them, bases, staff, meetings and plans."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.chassis.migration_ops import bools, create_record_table, dates, ints, texts

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SPAN = ("from_date", "to_date")


def upgrade() -> None:
    """Create everything."""
    _persons()
    _bases()
    _staff()


def _persons() -> None:
    create_record_table(
        "released_person",
        *bools("sealed"),
        *texts("second_office"),
        *ints("source", "household", "state"),
        *bools("three_none"),
        *dates("released_date"),
        *texts("supervised_person"),
        indexes=("second_office", "supervised_person"),
    )
    _of_a_person("helping_agreement", *dates(*_SPAN))
    _of_a_person("released_visit", *dates("visit_date"))
    _of_a_person("placement", *ints("kind"), *texts("base"), *dates(*_SPAN), indexes=("base",))
    _of_a_person("transition_grant", *ints("state"), *dates("granted_date"))
    _of_a_person("lost_contact", *dates(*_SPAN))
    create_record_table("situation_survey", *dates("opened_date"))


def _of_a_person(name: str, *own: sa.Column[Any], indexes: tuple[str, ...] = ()) -> None:
    create_record_table(name, *bools("sealed"), *texts("person"), *own, indexes=("person", *indexes))


def _bases() -> None:
    create_record_table("resettlement_base", *ints("kind"), *dates(*_SPAN))
    own = (*bools("sealed"), *texts("base", "person"), *dates(*_SPAN))
    create_record_table("base_stay", *own, indexes=("base", "person"))


def _staff() -> None:
    create_record_table("correction_volunteer", *dates(*_SPAN))
    create_record_table("correction_officer", *ints("kind"), *dates(*_SPAN))
    create_record_table("member_unit_meeting", *dates("held_date"))
    create_record_table("emergency_plan", *dates(*_SPAN))
    create_record_table("emergency_drill", *texts("plan"), *dates("held_date"), indexes=("plan",))
