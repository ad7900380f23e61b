"""Complaints over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from geju.legalservices.v1 import (
    complaint_proposal_service_pb2_grpc,
    complaint_service_pb2_grpc,
    sanction_service_pb2_grpc,
)

from services.chassis.crud import records
from services.legalservices.complaints.documents import RendersComplaints, RendersSanctions
from services.legalservices.complaints.kinds import COMPLAINT, COMPLAINT_PROPOSAL, SANCTION


@records(COMPLAINT)
class ComplaintServicer(RendersComplaints, complaint_service_pb2_grpc.ComplaintServiceServicer):
    """Keeps the complaint records."""


@records(COMPLAINT_PROPOSAL)
class ComplaintProposalServicer(complaint_proposal_service_pb2_grpc.ComplaintProposalServiceServicer):
    """Keeps the complaint proposal records."""


@records(SANCTION)
class SanctionServicer(RendersSanctions, sanction_service_pb2_grpc.SanctionServiceServicer):
    """Keeps the sanction records."""


SERVICERS = (ComplaintServicer, ComplaintProposalServicer, SanctionServicer)
