"""Records of firms and practitioners -> their facts: what the figures are counted from, nothing personal."""

from __future__ import annotations

from geju.legalservices.v1 import (
    facts_pb2,
    firm_pb2,
    firm_status_pb2,
    internship_pb2,
    practitioner_pb2,
    training_pb2,
    yearly_assessment_pb2,
)

from services.chassis.domain.references import uuid_of
from services.chassis.facts import copied


def firm(record: firm_pb2.Firm) -> facts_pb2.FirmFacts:
    """Return the facts of a law firm, a grassroots legal-service office or a notary office."""
    return copied(record, facts_pb2.FirmFacts(), "kind", "licensed_from_date", "licensed_to_date")


def firm_status(record: firm_status_pb2.FirmStatus) -> facts_pb2.FirmStatusFacts:
    """Return the facts of a status of a firm from day to day."""
    facts = facts_pb2.FirmStatusFacts(firm=uuid_of(record.firm))
    return copied(record, facts, "kind", "from_date", "to_date")


def practitioner(record: practitioner_pb2.Practitioner) -> facts_pb2.PractitionerFacts:
    """Return the facts of a lawyer, grassroots legal worker or notary."""
    facts = facts_pb2.PractitionerFacts(firm=uuid_of(record.firm))
    return copied(
        record, facts, "kind", "licensed_from_date", "licensed_to_date", "end_ground", "first_practised_date", "deputy"
    )


def yearly_assessment(record: yearly_assessment_pb2.YearlyAssessment) -> facts_pb2.YearlyAssessmentFacts:
    """Return the facts of a yearly assessment."""
    facts = facts_pb2.YearlyAssessmentFacts(firm=uuid_of(record.firm), practitioner=uuid_of(record.practitioner))
    return copied(record, facts, "year", "grade", "assessed_date")


def training(record: training_pb2.Training) -> facts_pb2.TrainingFacts:
    """Return the facts of training of one practitioner on one day."""
    facts = facts_pb2.TrainingFacts(practitioner=uuid_of(record.practitioner))
    return copied(record, facts, "kind", "held_date", "hours")


def internship(record: internship_pb2.Internship) -> facts_pb2.InternshipFacts:
    """Return the facts of an internship with a firm."""
    facts = facts_pb2.InternshipFacts(firm=uuid_of(record.firm), practitioner=uuid_of(record.practitioner))
    return copied(record, facts, "from_date", "to_date")
