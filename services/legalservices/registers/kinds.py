"""The kinds of firms and practitioners."""

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

from services.chassis.domain.dates import to_date
from services.chassis.kinds import Kind
from services.legalservices.domain.registers import firm, practitioner, yearly
from services.legalservices.registers import facts, guards, storage

FIRM = Kind(
    name="firm",
    collection="firms",
    message=firm_pb2.Firm,
    facts=facts_pb2.FirmFacts,
    row=storage.FirmRow,
    to_facts=facts.firm,
    check=firm.check,
    create_change="licensed",
    closed=firm.is_closed,
    guard=guards.guard_firm,
    occurred=lambda record: to_date(record.licensed_from_date),
)

FIRM_STATUS = Kind(
    name="firm_status",
    collection="firmStatuses",
    message=firm_status_pb2.FirmStatus,
    facts=facts_pb2.FirmStatusFacts,
    row=storage.FirmStatusRow,
    to_facts=facts.firm_status,
    check=firm.check_status,
    create_change="awarded",
    guard=guards.guard_status,
    occurred=lambda record: to_date(record.from_date),
)

PRACTITIONER = Kind(
    name="practitioner",
    collection="practitioners",
    message=practitioner_pb2.Practitioner,
    facts=facts_pb2.PractitionerFacts,
    row=storage.PractitionerRow,
    to_facts=facts.practitioner,
    check=practitioner.check,
    create_change="licensed",
    closed=firm.is_closed,
    guard=guards.guard_practitioner,
    occurred=lambda record: to_date(record.licensed_from_date),
)

YEARLY_ASSESSMENT = Kind(
    name="yearly_assessment",
    collection="yearlyAssessments",
    message=yearly_assessment_pb2.YearlyAssessment,
    facts=facts_pb2.YearlyAssessmentFacts,
    row=storage.YearlyAssessmentRow,
    to_facts=facts.yearly_assessment,
    check=yearly.check_assessment,
    create_change="assessed",
    guard=guards.guard_assessment,
    occurred=lambda record: to_date(record.assessed_date),
)

TRAINING = Kind(
    name="training",
    collection="trainings",
    message=training_pb2.Training,
    facts=facts_pb2.TrainingFacts,
    row=storage.TrainingRow,
    to_facts=facts.training,
    check=yearly.check_training,
    create_change="trained",
    guard=guards.guard_training,
    occurred=lambda record: to_date(record.held_date),
)

INTERNSHIP = Kind(
    name="internship",
    collection="internships",
    message=internship_pb2.Internship,
    facts=facts_pb2.InternshipFacts,
    row=storage.InternshipRow,
    to_facts=facts.internship,
    check=yearly.check_internship,
    create_change="begun",
    guard=guards.guard_internship,
    occurred=lambda record: to_date(record.from_date),
)

KINDS = (FIRM, FIRM_STATUS, PRACTITIONER, YEARLY_ASSESSMENT, TRAINING, INTERNSHIP)
