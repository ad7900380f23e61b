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
from services.publicity.places.kinds import EDUCATION_SESSION, ENTERPRISE, FACILITY, MARKET, SCHOOL, SCHOOL_YEAR


@records(FACILITY)
class FacilityServicer(facility_service_pb2_grpc.FacilityServiceServicer):
    """Keeps the facility records."""


@records(MARKET)
class MarketServicer(market_service_pb2_grpc.MarketServiceServicer):
    """Keeps the market records."""


@records(ENTERPRISE)
class EnterpriseServicer(enterprise_service_pb2_grpc.EnterpriseServiceServicer):
    """Keeps the enterprise records."""


@records(EDUCATION_SESSION)
class EducationSessionServicer(education_session_service_pb2_grpc.EducationSessionServiceServicer):
    """Keeps the education session records."""


@records(SCHOOL)
class SchoolServicer(school_service_pb2_grpc.SchoolServiceServicer):
    """Keeps the school records."""


@records(SCHOOL_YEAR)
class SchoolYearServicer(school_year_service_pb2_grpc.SchoolYearServiceServicer):
    """Keeps the school year records."""


SERVICERS = (
    FacilityServicer,
    MarketServicer,
    EnterpriseServicer,
    EducationSessionServicer,
    SchoolServicer,
    SchoolYearServicer,
)
