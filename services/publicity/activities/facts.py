"""Records of activities and studies -> their facts: what the figures are counted from, nothing personal."""

from __future__ import annotations

from geju.publicity.v1 import (
    activity_pb2,
    exam_pb2,
    facts_pb2,
    material_handout_pb2,
    news_item_pb2,
    study_session_pb2,
    year_plan_pb2,
)

from services.chassis.domain.references import uuid_of
from services.chassis.facts import copied
from services.publicity.domain.activities import audience


def activity(record: activity_pb2.Activity) -> facts_pb2.ActivityFacts:
    """Return the facts of an activity of law publicity: people per group, and in all."""
    facts = facts_pb2.ActivityFacts(
        people=audience.total(record),
        facilities=[uuid_of(name) for name in record.facilities],
    )
    for group, people in audience.by_group(record).items():
        setattr(facts, group, people)
    return copied(
        record,
        facts,
        "form",
        "topics",
        "venue",
        "channel",
        "campaign",
        "planned_date",
        "held_date",
        "cancelled_date",
        "state",
    )


def material_handout(record: material_handout_pb2.MaterialHandout) -> facts_pb2.MaterialHandoutFacts:
    """Return the facts of materials handed out."""
    facts = facts_pb2.MaterialHandoutFacts(activity=uuid_of(record.activity))
    return copied(record, facts, "kind", "handed_out_date", "copies")


def study_session(record: study_session_pb2.StudySession) -> facts_pb2.StudySessionFacts:
    """Return the facts of a collective study of law."""
    facts = facts_pb2.StudySessionFacts()
    return copied(record, facts, "organisation", "held_date", "attendance")


def exam(record: exam_pb2.Exam) -> facts_pb2.ExamFacts:
    """Return the facts of an exam in law for officials."""
    facts = facts_pb2.ExamFacts()
    return copied(record, facts, "grade", "held_date", "had_to_sit", "sat", "passed")


def news_item(record: news_item_pb2.NewsItem) -> facts_pb2.NewsItemFacts:
    """Return the facts of a news item or award about the bureau's work."""
    facts = facts_pb2.NewsItemFacts()
    return copied(record, facts, "medium", "carrier", "kind", "published_date")


def year_plan(record: year_plan_pb2.YearPlan) -> facts_pb2.YearPlanFacts:
    """Return the facts of an office's plan of activities for a year."""
    facts = facts_pb2.YearPlanFacts()
    return copied(record, facts, "year", "activities", "adopted_date")
