"""Firms and practitioners over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from geju.legalservices.v1 import (
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    firm_status_service_pb2_grpc,
    internship_service_pb2_grpc,
    practitioner_pb2,
    practitioner_service_pb2,
    practitioner_service_pb2_grpc,
    training_service_pb2_grpc,
    yearly_assessment_service_pb2_grpc,
)

from services.chassis.crud import records
from services.chassis.domain.references import check_reference
from services.chassis.work import Work, mutation
from services.legalservices import imports, lookups
from services.legalservices.domain.registers import firm, practitioner
from services.legalservices.registers.documents import RendersAssessments
from services.legalservices.registers.guards import check_members, end_contracts
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
    """Keeps the firms and closes them."""

    @mutation
    async def CloseFirm(self, work: Work, request: firm_service_pb2.CloseFirmRequest) -> firm_pb2.Firm:
        """End the licence of a firm at which nobody is licensed any longer and that serves nobody."""
        await work.lock(lookups.REGISTER)
        record = await work.load(FIRM, request.name, request.etag)
        on = firm.close(record, request.licensed_to_date, work.rules)
        await check_members(work, record)
        return work.save(FIRM, record, "closed", on)


@records(FIRM_STATUS)
class FirmStatusServicer(firm_status_service_pb2_grpc.FirmStatusServiceServicer):
    """Keeps the statuses of firms."""

    ImportFirmStatuses = imports.taking_over(FIRM_STATUS, *imports.firm())


@records(PRACTITIONER)
class PractitionerServicer(practitioner_service_pb2_grpc.PractitionerServiceServicer):
    """Keeps the practitioners, moves them from firm to firm and ends their licences."""

    @mutation
    async def TransferPractitioner(
        self, work: Work, request: practitioner_service_pb2.TransferPractitionerRequest
    ) -> practitioner_pb2.Practitioner:
        """Move a practitioner to another firm; the record goes to the firm's office."""
        check_reference("firm", request.firm, FIRM.collection)
        await work.lock(lookups.REGISTER)
        record = await work.load(PRACTITIONER, request.name, request.etag)
        target = await lookups.referred(work, "firm", request.firm)
        on = practitioner.transfer(record, target, request.from_date, work.rules)
        await lookups.free_number(work, PRACTITIONER, record)
        return work.save(PRACTITIONER, record, "transferred", on)

    @mutation
    async def EndLicence(
        self, work: Work, request: practitioner_service_pb2.EndLicenceRequest
    ) -> practitioner_pb2.Practitioner:
        """End a licence, and with it the counsel contracts of its holder."""
        await work.lock(lookups.REGISTER)
        record = await work.load(PRACTITIONER, request.name, request.etag)
        on = practitioner.end(record, request.licensed_to_date, request.end_ground, work.rules)
        await end_contracts(work, record)
        return work.save(PRACTITIONER, record, "licence_ended", on)

    ImportPractitioners = imports.taking_over(PRACTITIONER, *imports.firm())


@records(YEARLY_ASSESSMENT)
class YearlyAssessmentServicer(RendersAssessments, yearly_assessment_service_pb2_grpc.YearlyAssessmentServiceServicer):
    """Keeps the yearly assessments."""

    ImportYearlyAssessments = imports.taking_over(YEARLY_ASSESSMENT, *imports.firm(), *imports.practitioner())


@records(TRAINING)
class TrainingServicer(training_service_pb2_grpc.TrainingServiceServicer):
    """Keeps the training."""

    ImportTrainings = imports.taking_over(TRAINING, *imports.practitioner())


@records(INTERNSHIP)
class InternshipServicer(internship_service_pb2_grpc.InternshipServiceServicer):
    """Keeps the internships."""

    ImportInternships = imports.taking_over(INTERNSHIP, *imports.firm(), *imports.practitioner())


SERVICERS = (
    FirmServicer,
    FirmStatusServicer,
    PractitionerServicer,
    YearlyAssessmentServicer,
    TrainingServicer,
    InternshipServicer,
)
