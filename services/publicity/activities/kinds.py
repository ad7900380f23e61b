"""The kinds of activities and studies."""

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

from services.chassis.domain.dates import to_date
from services.chassis.kinds import Dues, Kind
from services.publicity.activities import facts, guards, import_rows, storage
from services.publicity.domain.activities import activity, handout, lifecycle, study

ACTIVITY = Kind(
    name="activity",
    collection="activities",
    message=activity_pb2.Activity,
    facts=facts_pb2.ActivityFacts,
    row=storage.ActivityRow,
    to_facts=facts.activity,
    check=activity.check,
    import_row=import_rows.import_row,
    closed=lifecycle.is_cancelled,
    guard=guards.guard_activity,
    occurred=activity.happened,
    transition=lifecycle.transition,
    dues=Dues(activity.dues, activity.DUE_LABELS),
)

MATERIAL_HANDOUT = Kind(
    name="material_handout",
    collection="materialHandouts",
    message=material_handout_pb2.MaterialHandout,
    facts=facts_pb2.MaterialHandoutFacts,
    row=storage.MaterialHandoutRow,
    to_facts=facts.material_handout,
    check=handout.check,
    create_change="handed_out",
    guard=guards.guard_handout,
    occurred=lambda record: to_date(record.handed_out_date),
)

STUDY_SESSION = Kind(
    name="study_session",
    collection="studySessions",
    message=study_session_pb2.StudySession,
    facts=facts_pb2.StudySessionFacts,
    row=storage.StudySessionRow,
    to_facts=facts.study_session,
    check=study.check_study,
    create_change="held",
    occurred=lambda record: to_date(record.held_date),
)

EXAM = Kind(
    name="exam",
    collection="exams",
    message=exam_pb2.Exam,
    facts=facts_pb2.ExamFacts,
    row=storage.ExamRow,
    to_facts=facts.exam,
    check=study.check_exam,
    create_change="held",
    occurred=lambda record: to_date(record.held_date),
)

NEWS_ITEM = Kind(
    name="news_item",
    collection="newsItems",
    message=news_item_pb2.NewsItem,
    facts=facts_pb2.NewsItemFacts,
    row=storage.NewsItemRow,
    to_facts=facts.news_item,
    create_change="published",
    occurred=lambda record: to_date(record.published_date),
)

YEAR_PLAN = Kind(
    name="year_plan",
    collection="yearPlans",
    message=year_plan_pb2.YearPlan,
    facts=facts_pb2.YearPlanFacts,
    row=storage.YearPlanRow,
    to_facts=facts.year_plan,
    check=study.check_plan,
    create_change="adopted",
    guard=guards.guard_plan,
    occurred=lambda record: to_date(record.adopted_date),
)

KINDS = (ACTIVITY, MATERIAL_HANDOUT, STUDY_SESSION, EXAM, NEWS_ITEM, YEAR_PLAN)
