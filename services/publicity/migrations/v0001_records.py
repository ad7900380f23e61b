"""The shared tables, the fund entries and the tables of law publicity."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

from services.chassis.migration_ops import (
    create_fund_entries,
    create_record_table,
    create_shared_tables,
    dates,
    ints,
    text_lists,
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
    _activities()
    _places()


def _activities() -> None:
    own = (*ints("form", "venue", "channel", "campaign", "state"), *dates("planned_date", "held_date"))
    create_record_table("activity", *own, *text_lists("facilities"))
    create_record_table(
        "material_handout", *ints("kind"), *dates("handed_out_date"), *texts("activity"), indexes=("activity",)
    )
    create_record_table("study_session", *ints("organisation"), *dates("held_date"))
    create_record_table("exam", *ints("grade"), *dates("held_date"))
    create_record_table("news_item", *ints("medium", "kind"), *dates("published_date"))
    create_record_table("year_plan", *ints("year", "activities"))


def _places() -> None:
    create_record_table(
        "facility", *ints("kind"), *texts("market"), *dates("from_date", "to_date"), indexes=("market",)
    )
    create_record_table("market", *dates("from_date", "to_date"))
    create_record_table("enterprise", *dates("from_date", "to_date"))
    create_record_table("education_session", *texts("enterprise"), *dates("held_date"), indexes=("enterprise",))
    create_record_table("school", *dates("from_date", "to_date"))
    create_record_table("school_year", *texts("school"), *ints("year"), indexes=("school",))
