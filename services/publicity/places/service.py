"""Facilities and places over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from geju.publicity.v1 import (
    education_session_service_pb2_grpc,
    enterprise_service_pb2_grpc,
    facility_service_pb2_grpc,
    market_service_pb2_grpc,
    school_service_pb2_grpc,
    school_year_service_pb2_grpc,
)

from services.chassis.crud import records
from services.chassis.importing import Anywhere, taking_over
from services.publicity.places.kinds import EDUCATION_SESSION, ENTERPRISE, FACILITY, MARKET, SCHOOL, SCHOOL_YEAR


@records(FACILITY)
class FacilityServicer(facility_service_pb2_grpc.FacilityServiceServicer):
    """Keeps the facilities; the market of a guide board may be another office's."""

    ImportFacilities = taking_over(FACILITY, "market", MARKET, ("market", Anywhere(MARKET)))


@records(MARKET)
class MarketServicer(market_service_pb2_grpc.MarketServiceServicer):
    """Keeps the markets."""


@records(ENTERPRISE)
class EnterpriseServicer(enterprise_service_pb2_grpc.EnterpriseServiceServicer):
    """Keeps the enterprises."""


@records(EDUCATION_SESSION)
class EducationSessionServicer(education_session_service_pb2_grpc.EducationSessionServiceServicer):
    """Keeps the sessions for the staff of enterprises."""

    ImportEducationSessions = taking_over(
        EDUCATION_SESSION, "enterprise", ENTERPRISE, ("enterprise", Anywhere(ENTERPRISE))
    )


@records(SCHOOL)
class SchoolServicer(school_service_pb2_grpc.SchoolServiceServicer):
    """Keeps the schools."""


@records(SCHOOL_YEAR)
class SchoolYearServicer(school_year_service_pb2_grpc.SchoolYearServiceServicer):
    """Keeps what schools have in place for school years."""

    ImportSchoolYears = taking_over(SCHOOL_YEAR, "school", SCHOOL, ("school", Anywhere(SCHOOL)))


SERVICERS = (
    FacilityServicer,
    MarketServicer,
    EnterpriseServicer,
    EducationSessionServicer,
    SchoolServicer,
    SchoolYearServicer,
)
