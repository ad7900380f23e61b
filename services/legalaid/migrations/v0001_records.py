"""The shared tables, the fund entries and the tables of legal aid."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

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
    _cases()
    _stations()


def _cases() -> None:
    create_record_table(
        "aid_case",
        *dates("received_date", "granted_date"),
        *ints("path", "kind", "matter", "state"),
        *texts("practitioner", "origin_dispute"),
        indexes=("practitioner", "origin_dispute"),
    )


def _stations() -> None:
    create_record_table("consultation", *ints("channel", "topic"), *dates("held_date"))
    create_record_table("station", *ints("kind"), *dates("from_date", "to_date"))
    create_record_table("travel_time", *texts("station"), *dates("from_date", "to_date"), indexes=("station",))
    create_record_table("aid_volunteer", *dates("from_date", "to_date"))
    create_record_table(
        "volunteer_shift", *texts("volunteer", "station"), *dates("served_date"), indexes=("volunteer", "station")
    )
    create_record_table("fee_relief", *texts("firm"), *ints("kind"), *dates("granted_date"), indexes=("firm",))
    create_record_table("aid_survey_answer", *dates("answered_date"), *ints("satisfaction"))
