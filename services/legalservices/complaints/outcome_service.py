"""Proposals and sanctions over gRPC: what comes before a complaint, and what follows from one."""

from __future__ import annotations

from geju.legalservices.v1 import (
    complaint_proposal_pb2,
    complaint_proposal_service_pb2_grpc,
    sanction_pb2,
    sanction_service_pb2_grpc,
)
from geju.legalservices.v1 import complaint_proposal_service_pb2 as proposal_rpc
from geju.legalservices.v1 import sanction_service_pb2 as sanction_rpc
from google.protobuf.message import Message

from services.chassis.changes import create
from services.chassis.crud import records
from services.chassis.domain.steps import day
from services.chassis.importing import taking_over
from services.chassis.storage.codec import present
from services.chassis.work import Work, mutation
from services.legalservices.complaints.documents import RendersSanctions
from services.legalservices.complaints.imports import RESPONDENTS
from services.legalservices.complaints.kinds import COMPLAINT, COMPLAINT_PROPOSAL, SANCTION
from services.legalservices.domain.complaints import proposal, sanction
from services.legalservices.lookups import referred


@records(COMPLAINT_PROPOSAL)
class ComplaintProposalServicer(complaint_proposal_service_pb2_grpc.ComplaintProposalServiceServicer):
    """Keeps the proposals of complaints."""

    @mutation
    async def OpenComplaint(self, work: Work, request: proposal_rpc.OpenComplaintRequest) -> Message:
        """Open a complaint from a proposal: both are written together."""
        record = await work.load(COMPLAINT_PROPOSAL, request.name, request.etag)
        on = day(work.rules, "received_date", request.received_date, record.proposed_date)
        practitioner = await referred(work, "practitioner", record.practitioner)
        complaint = await create(work, COMPLAINT, proposal.complaint_of(record, practitioner, request.narrative, on))
        proposal.open_as(record, complaint.name, on)
        saved = work.save(COMPLAINT_PROPOSAL, record, "opened", on)
        shown = present(COMPLAINT, complaint, work.rules)
        return proposal_rpc.OpenComplaintResponse(complaint_proposal=saved, complaint=shown)

    @mutation
    async def DismissProposal(
        self, work: Work, request: proposal_rpc.DismissProposalRequest
    ) -> complaint_proposal_pb2.ComplaintProposal:
        """Decide that there is nothing to look into."""
        record = await work.load(COMPLAINT_PROPOSAL, request.name, request.etag)
        on = day(work.rules, "settled_date", request.settled_date, record.proposed_date)
        proposal.dismiss(record, on)
        return work.save(COMPLAINT_PROPOSAL, record, "dismissed", on)


@records(SANCTION)
class SanctionServicer(RendersSanctions, sanction_service_pb2_grpc.SanctionServiceServicer):
    """Keeps the measures and sanctions."""

    ImportSanctions = taking_over(SANCTION, "complaint", COMPLAINT, *RESPONDENTS)

    @mutation
    async def RecordProposalOutcome(
        self, work: Work, request: sanction_rpc.RecordProposalOutcomeRequest
    ) -> sanction_pb2.Sanction:
        """Record what the city bureau made of a proposal."""
        record = await work.load(SANCTION, request.name, request.etag)
        on = day(work.rules, "outcome_date", request.outcome_date, record.decided_date)
        sanction.settle(record, request.outcome, on)
        return work.save(SANCTION, record, "outcome_recorded", on)
