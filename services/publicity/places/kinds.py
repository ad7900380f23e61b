"""The kinds of facilities and places."""

from __future__ import annotations

from geju.publicity.v1 import (
    education_session_pb2,
    enterprise_pb2,
    facility_pb2,
    facts_pb2,
    market_pb2,
    school_pb2,
    school_year_pb2,
)

from services.chassis.domain.dates import to_date
from services.chassis.kinds import Dues, Kind
from services.publicity.domain.places import enterprise, facility, school
from services.publicity.places import facts, guards, storage

FACILITY = Kind(
    name="facility",
    collection="facilities",
    message=facility_pb2.Facility,
    facts=facts_pb2.FacilityFacts,
    row=storage.FacilityRow,
    to_facts=facts.facility,
    check=facility.check,
    create_change="opened",
    guard=guards.guard_facility,
    dues=Dues(facility.dues, facility.DUE_LABELS),
    occurred=lambda record: to_date(record.from_date),
)

MARKET = Kind(
    name="market",
    collection="markets",
    message=market_pb2.Market,
    facts=facts_pb2.MarketFacts,
    row=storage.MarketRow,
    to_facts=facts.market,
    check=school.check,
    create_change="opened",
    guard=guards.guard_market,
    occurred=lambda record: to_date(record.from_date),
)

ENTERPRISE = Kind(
    name="enterprise",
    collection="enterprises",
    message=enterprise_pb2.Enterprise,
    facts=facts_pb2.EnterpriseFacts,
    row=storage.EnterpriseRow,
    to_facts=facts.enterprise,
    check=enterprise.check,
    create_change="registered",
    guard=guards.guard_enterprise,
    occurred=lambda record: to_date(record.from_date),
)

EDUCATION_SESSION = Kind(
    name="education_session",
    collection="educationSessions",
    message=education_session_pb2.EducationSession,
    facts=facts_pb2.EducationSessionFacts,
    row=storage.EducationSessionRow,
    to_facts=facts.education_session,
    check=enterprise.check_session,
    create_change="held",
    guard=guards.guard_session,
    occurred=lambda record: to_date(record.held_date),
)

SCHOOL = Kind(
    name="school",
    collection="schools",
    message=school_pb2.School,
    facts=facts_pb2.SchoolFacts,
    row=storage.SchoolRow,
    to_facts=facts.school,
    check=school.check,
    create_change="opened",
    guard=guards.guard_school,
    occurred=lambda record: to_date(record.from_date),
)

SCHOOL_YEAR = Kind(
    name="school_year",
    collection="schoolYears",
    message=school_year_pb2.SchoolYear,
    facts=facts_pb2.SchoolYearFacts,
    row=storage.SchoolYearRow,
    to_facts=facts.school_year,
    check=school.check_year,
    guard=guards.guard_year,
)

KINDS = (FACILITY, MARKET, ENTERPRISE, EDUCATION_SESSION, SCHOOL, SCHOOL_YEAR)
