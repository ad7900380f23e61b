"""Firms and practitioners over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from geju.legalservices.v1 import (
    firm_service_pb2_grpc,
    firm_status_service_pb2_grpc,
    internship_service_pb2_grpc,
    practitioner_service_pb2_grpc,
    training_service_pb2_grpc,
    yearly_assessment_service_pb2_grpc,
)

from services.chassis.crud import records
from services.legalservices.registers.documents import RendersAssessments
from services.legalservices.registers.kinds import (
    FIRM,
    FIRM_STATUS,
    INTERNSHIP,
    PRACTITIONER,
    TRAINING,
    YEARLY_ASSESSMENT,
)


@records(FIRM)
class FirmServicer(firm_service_pb2_grpc.FirmServiceServicer):
    """Keeps the firm records."""


@records(FIRM_STATUS)
class FirmStatusServicer(firm_status_service_pb2_grpc.FirmStatusServiceServicer):
    """Keeps the firm status records."""


@records(PRACTITIONER)
class PractitionerServicer(practitioner_service_pb2_grpc.PractitionerServiceServicer):
    """Keeps the practitioner records."""


@records(YEARLY_ASSESSMENT)
class YearlyAssessmentServicer(RendersAssessments, yearly_assessment_service_pb2_grpc.YearlyAssessmentServiceServicer):
    """Keeps the yearly assessment records."""


@records(TRAINING)
class TrainingServicer(training_service_pb2_grpc.TrainingServiceServicer):
    """Keeps the training records."""


@records(INTERNSHIP)
class InternshipServicer(internship_service_pb2_grpc.InternshipServiceServicer):
    """Keeps the internship records."""


SERVICERS = (
    FirmServicer,
    FirmStatusServicer,
    PractitionerServicer,
    YearlyAssessmentServicer,
    TrainingServicer,
    InternshipServicer,
)
