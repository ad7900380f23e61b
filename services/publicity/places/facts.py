"""Records of facilities and places -> their facts: what the figures are counted from, nothing personal."""

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
from services.chassis.domain.references import uuid_of
from services.chassis.domain.steps import put
from services.chassis.facts import copied
from services.publicity.domain.places import school as school_rules


def facility(record: facility_pb2.Facility) -> facts_pb2.FacilityFacts:
    """Return the facts of a facility of law publicity."""
    facts = facts_pb2.FacilityFacts(market=uuid_of(record.market))
    return copied(record, facts, "kind", "from_date", "to_date", "inspected_date", "renewed_date")


def market(record: market_pb2.Market) -> facts_pb2.MarketFacts:
    """Return the facts of a market."""
    facts = facts_pb2.MarketFacts()
    return copied(record, facts, "from_date", "to_date", "large")


def enterprise(record: enterprise_pb2.Enterprise) -> facts_pb2.EnterpriseFacts:
    """Return the facts of an enterprise."""
    facts = facts_pb2.EnterpriseFacts()
    return copied(
        record,
        facts,
        "from_date",
        "to_date",
        "sized_from_date",
        "sized_to_date",
        "programme_from_date",
        "programme_to_date",
        "programme_grade",
    )


def education_session(record: education_session_pb2.EducationSession) -> facts_pb2.EducationSessionFacts:
    """Return the facts of a law-education session for the staff of an enterprise."""
    facts = facts_pb2.EducationSessionFacts(enterprise=uuid_of(record.enterprise))
    return copied(record, facts, "held_date", "staff", "migrant_workers")


def school(record: school_pb2.School) -> facts_pb2.SchoolFacts:
    """Return the facts of a school."""
    facts = facts_pb2.SchoolFacts()
    return copied(record, facts, "from_date", "to_date", "law_deputy_head")


def school_year(record: school_year_pb2.SchoolYear) -> facts_pb2.SchoolYearFacts:
    """Return the facts of a record of what a school has in place for a school year."""
    facts = facts_pb2.SchoolYearFacts(school=uuid_of(record.school))
    for name in school_rules.FOUR:
        put(facts, f"{name}_date", to_date(getattr(record, name).date))
    for field, day in zip(("begins_date", "ends_date"), school_rules.days_of(record.year), strict=True):
        put(facts, field, day)
    return copied(record, facts, "year")
