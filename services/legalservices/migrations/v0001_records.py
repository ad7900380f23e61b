"""The shared tables, the fund entries and the tables of legal services."""
# ruff: noqa: INP001 - Alembic loads revisions by file

from __future__ import annotations

from services.chassis.migration_ops import (
    bools,
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
    _complaints()
    _registers()
    _outreach()


def _complaints() -> None:
    create_record_table(
        "complaint",
        *dates("received_date"),
        *ints("channel", "respondent_kind", "outcome", "state"),
        *texts("practitioner", "firm"),
        *bools("sealed"),
        indexes=("practitioner", "firm"),
        sealed_for="discipline",
    )
    create_record_table(
        "complaint_proposal",
        *texts("legal_aid_case", "practitioner"),
        *ints("state"),
        indexes=("legal_aid_case", "practitioner"),
    )
    create_record_table(
        "sanction",
        *texts("complaint", "firm", "practitioner"),
        *ints("kind"),
        *dates("decided_date"),
        *bools("sealed"),
        indexes=("complaint", "firm", "practitioner"),
        sealed_for="discipline",
    )


def _registers() -> None:
    create_record_table("firm", *ints("kind"), *dates("licensed_from_date", "licensed_to_date"))
    create_record_table("firm_status", *texts("firm"), *ints("kind"), *dates("from_date", "to_date"), indexes=("firm",))
    create_record_table(
        "practitioner",
        *ints("kind"),
        *texts("firm"),
        *dates("licensed_from_date", "licensed_to_date"),
        indexes=("firm",),
    )
    create_record_table(
        "yearly_assessment", *ints("year", "grade"), *texts("firm", "practitioner"), indexes=("firm", "practitioner")
    )
    create_record_table("training", *texts("practitioner"), *dates("held_date"), indexes=("practitioner",))
    create_record_table("internship", *texts("firm"), *dates("from_date", "to_date"), indexes=("firm",))


def _outreach() -> None:
    create_record_table(
        "counsel_contract",
        *texts("firm", "practitioner"),
        *dates("from_date", "to_date"),
        indexes=("firm", "practitioner"),
    )
    create_record_table(
        "counsel_service", *texts("contract"), *ints("kind"), *dates("given_date"), indexes=("contract",)
    )
    create_record_table(
        "pairing",
        *texts("firm", "project"),
        *ints("partner"),
        *dates("from_date", "to_date"),
        indexes=("firm", "project"),
    )
    create_record_table("key_project", *dates("from_date", "to_date"))
    create_record_table("advice_group", *ints("kind"), *dates("from_date", "to_date"))
    create_record_table("advised_matter", *texts("group"), *ints("kind"), *dates("advised_date"), indexes=("group",))
    create_record_table("leader_visit", *ints("rank"), *dates("held_date"))
    create_record_table("service_event", *ints("kind"), *dates("held_date"))
    create_record_table("card_handout", *ints("kind", "group"), *dates("handed_out_date"))
    create_record_table("symposium", *dates("held_date"))
    create_record_table(
        "suggestion", *ints("kind"), *dates("handed_in_date"), *texts("practitioner"), indexes=("practitioner",)
    )
    create_record_table("liaison_meeting", *dates("held_date"))
    create_record_table("liaison_rule", *dates("from_date", "to_date"))
