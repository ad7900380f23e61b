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

from services.chassis.crud import records
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
    """Keeps the consultation records."""


@records(STATION)
class StationServicer(station_service_pb2_grpc.StationServiceServicer):
    """Keeps the station records."""


@records(TRAVEL_TIME)
class TravelTimeServicer(travel_time_service_pb2_grpc.TravelTimeServiceServicer):
    """Keeps the travel time records."""


@records(AID_VOLUNTEER)
class AidVolunteerServicer(aid_volunteer_service_pb2_grpc.AidVolunteerServiceServicer):
    """Keeps the aid volunteer records."""


@records(VOLUNTEER_SHIFT)
class VolunteerShiftServicer(volunteer_shift_service_pb2_grpc.VolunteerShiftServiceServicer):
    """Keeps the volunteer shift records."""


@records(FEE_RELIEF)
class FeeReliefServicer(fee_relief_service_pb2_grpc.FeeReliefServiceServicer):
    """Keeps the fee relief records."""


@records(AID_SURVEY_ANSWER)
class AidSurveyAnswerServicer(aid_survey_answer_service_pb2_grpc.AidSurveyAnswerServiceServicer):
    """Keeps the aid survey answer records."""


SERVICERS = (
    ConsultationServicer,
    StationServicer,
    TravelTimeServicer,
    AidVolunteerServicer,
    VolunteerShiftServicer,
    FeeReliefServicer,
    AidSurveyAnswerServicer,
)
