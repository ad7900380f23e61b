"""Stations and consultations over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from geju.legalaid.v1 import (
    aid_survey_answer_service_pb2_grpc,
    aid_volunteer_service_pb2_grpc,
    consultation_service_pb2_grpc,
    fee_relief_service_pb2_grpc,
    station_service_pb2_grpc,
    travel_time_service_pb2_grpc,
    volunteer_shift_service_pb2_grpc,
)
from geju.legalaid.v1 import consultation_service_pb2 as rpc

from services.chassis.crud import records
from services.chassis.importing import Anywhere, record_each, taking_over
from services.chassis.storage.store import Store
from services.chassis.work import Work, mutations
from services.legalaid.cases.kinds import AID_CASE
from services.legalaid.stations.kinds import (
    AID_SURVEY_ANSWER,
    AID_VOLUNTEER,
    CONSULTATION,
    FEE_RELIEF,
    STATION,
    TRAVEL_TIME,
    VOLUNTEER_SHIFT,
)


@records(CONSULTATION)
class ConsultationServicer(consultation_service_pb2_grpc.ConsultationServiceServicer):
    """Keeps the consultations: one by one, as they happen, and from the call centre's exports."""

    store: Store

    @mutations
    async def RecordConsultations(
        self, work: Work, request: rpc.RecordConsultationsRequest
    ) -> rpc.RecordConsultationsResponse:
        """Take one batch of the stream."""
        verdicts = await record_each(CONSULTATION, work, request.consultations)
        return rpc.RecordConsultationsResponse(request_id=request.request_id, verdicts=verdicts)

    ImportConsultations = taking_over(CONSULTATION, "aid_case", Anywhere(AID_CASE))


@records(STATION)
class StationServicer(station_service_pb2_grpc.StationServiceServicer):
    """Keeps the stations."""


@records(TRAVEL_TIME)
class TravelTimeServicer(travel_time_service_pb2_grpc.TravelTimeServiceServicer):
    """Keeps the travel table; rows name their station by its number, whichever office it is of."""

    ImportTravelTimes = taking_over(TRAVEL_TIME, "station", Anywhere(STATION))


@records(AID_VOLUNTEER)
class AidVolunteerServicer(aid_volunteer_service_pb2_grpc.AidVolunteerServiceServicer):
    """Keeps the volunteers."""


@records(VOLUNTEER_SHIFT)
class VolunteerShiftServicer(volunteer_shift_service_pb2_grpc.VolunteerShiftServiceServicer):
    """Keeps the shifts; rows name volunteer and station by their numbers."""

    ImportVolunteerShifts = taking_over(VOLUNTEER_SHIFT, "volunteer", AID_VOLUNTEER, ("station", Anywhere(STATION)))


@records(FEE_RELIEF)
class FeeReliefServicer(fee_relief_service_pb2_grpc.FeeReliefServiceServicer):
    """Keeps the fees that firms reduced or waived."""


@records(AID_SURVEY_ANSWER)
class AidSurveyAnswerServicer(aid_survey_answer_service_pb2_grpc.AidSurveyAnswerServiceServicer):
    """Keeps the anonymous answers."""


SERVICERS = (
    ConsultationServicer,
    StationServicer,
    TravelTimeServicer,
    AidVolunteerServicer,
    VolunteerShiftServicer,
    FeeReliefServicer,
    AidSurveyAnswerServicer,
)
