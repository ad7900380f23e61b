"""Activities and studies over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from typing import Any

from geju.publicity.v1 import activity_service_pb2 as rpc
from geju.publicity.v1 import (
    activity_service_pb2_grpc,
    exam_service_pb2_grpc,
    material_handout_service_pb2_grpc,
    news_item_service_pb2_grpc,
    study_session_service_pb2_grpc,
    year_plan_service_pb2,
    year_plan_service_pb2_grpc,
)

from services.chassis.changes import create, update
from services.chassis.context import current
from services.chassis.crud import records
from services.chassis.domain.steps import day, put
from services.chassis.importing import taking_over
from services.chassis.masks import without_service_fields
from services.chassis.reads import read_page
from services.chassis.storage.store import Store
from services.chassis.work import Work, mutation
from services.publicity.activities import completion, held, imports
from services.publicity.activities.kinds import ACTIVITY, EXAM, MATERIAL_HANDOUT, NEWS_ITEM, STUDY_SESSION, YEAR_PLAN
from services.publicity.domain.activities import activity


@records(ACTIVITY)
class ActivityServicer(activity_service_pb2_grpc.ActivityServiceServicer):
    """Keeps the activities: planned, held, cancelled."""

    store: Store

    @mutation
    async def HoldActivity(self, work: Work, request: rpc.HoldActivityRequest) -> rpc.HoldActivityResponse:
        """Record that a planned activity was held, with what was handed out at it."""
        record, told = await held.loaded(work, request)
        activity.hold(record, activity.Held.of(request), work.rules)
        record = await update(work, ACTIVITY, record, told, "held")
        materials = await held.settle(work, record, request.materials, renewed=request.contents_renewed)
        return rpc.HoldActivityResponse(activity=record, materials=materials)

    @mutation
    async def CancelActivity(self, work: Work, request: rpc.CancelActivityRequest) -> activity.Activity:
        """Record that a planned activity will not be held."""
        record, told = await held.loaded(work, request)
        activity.cancel(record, request.cancelled_date, work.rules)
        return await update(work, ACTIVITY, record, told, "cancelled")

    @mutation
    async def RecordHeldActivity(
        self, work: Work, request: rpc.RecordHeldActivityRequest
    ) -> rpc.RecordHeldActivityResponse:
        """Record an activity that was held, with what was handed out at it."""
        record = without_service_fields(request.activity)
        put(record, "held_date", day(work.rules, "held_date", record.held_date))
        record = await create(work, ACTIVITY, record)
        materials = await held.settle(work, record, request.materials, renewed=request.contents_renewed)
        return rpc.RecordHeldActivityResponse(activity=record, materials=materials)

    @mutation
    async def ImportActivities(self, work: Work, request: rpc.ImportActivitiesRequest) -> rpc.ImportActivitiesResponse:
        """Take over a street's sheet: activities with audience, facilities and materials."""
        return await imports.import_activities(work, request)

    async def ExportActivities(self, request: rpc.ExportActivitiesRequest, _context: Any = None) -> Any:
        """List activities as rows to import again."""
        page, token = await read_page(self.store, ACTIVITY, request)
        async with Work(self.store, current()) as work:
            rows = await imports.rows_of(work, page)
        return rpc.ExportActivitiesResponse(rows=rows, next_page_token=token)


@records(MATERIAL_HANDOUT)
class MaterialHandoutServicer(material_handout_service_pb2_grpc.MaterialHandoutServiceServicer):
    """Keeps the materials handed out."""

    ImportMaterialHandouts = taking_over(MATERIAL_HANDOUT, "activity", ACTIVITY)


@records(STUDY_SESSION)
class StudySessionServicer(study_session_service_pb2_grpc.StudySessionServiceServicer):
    """Keeps the collective studies."""


@records(EXAM)
class ExamServicer(exam_service_pb2_grpc.ExamServiceServicer):
    """Keeps the exams."""


@records(NEWS_ITEM)
class NewsItemServicer(news_item_service_pb2_grpc.NewsItemServiceServicer):
    """Keeps the news items and awards."""


@records(YEAR_PLAN)
class YearPlanServicer(year_plan_service_pb2_grpc.YearPlanServiceServicer):
    """Keeps the plans for a year and tells how far they have come."""

    store: Store

    async def GetPlanCompletion(
        self, request: year_plan_service_pb2.GetPlanCompletionRequest, _context: Any = None
    ) -> year_plan_service_pb2.GetPlanCompletionResponse:
        """Tell how far the activities of a year have come, by office."""
        return await completion.completion(self.store, request.year, request.office)


SERVICERS = (
    ActivityServicer,
    MaterialHandoutServicer,
    StudySessionServicer,
    ExamServicer,
    NewsItemServicer,
    YearPlanServicer,
)
