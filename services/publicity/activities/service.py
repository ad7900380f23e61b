"""Activities and studies over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from geju.publicity.v1 import (
    activity_service_pb2_grpc,
    exam_service_pb2_grpc,
    material_handout_service_pb2_grpc,
    news_item_service_pb2_grpc,
    study_session_service_pb2_grpc,
    year_plan_service_pb2_grpc,
)

from services.chassis.crud import records
from services.publicity.activities.kinds import ACTIVITY, EXAM, MATERIAL_HANDOUT, NEWS_ITEM, STUDY_SESSION, YEAR_PLAN


@records(ACTIVITY)
class ActivityServicer(activity_service_pb2_grpc.ActivityServiceServicer):
    """Keeps the activity records."""


@records(MATERIAL_HANDOUT)
class MaterialHandoutServicer(material_handout_service_pb2_grpc.MaterialHandoutServiceServicer):
    """Keeps the material handout records."""


@records(STUDY_SESSION)
class StudySessionServicer(study_session_service_pb2_grpc.StudySessionServiceServicer):
    """Keeps the study session records."""


@records(EXAM)
class ExamServicer(exam_service_pb2_grpc.ExamServiceServicer):
    """Keeps the exam records."""


@records(NEWS_ITEM)
class NewsItemServicer(news_item_service_pb2_grpc.NewsItemServiceServicer):
    """Keeps the news item records."""


@records(YEAR_PLAN)
class YearPlanServicer(year_plan_service_pb2_grpc.YearPlanServiceServicer):
    """Keeps the year plan records."""


SERVICERS = (
    ActivityServicer,
    MaterialHandoutServicer,
    StudySessionServicer,
    ExamServicer,
    NewsItemServicer,
    YearPlanServicer,
)
