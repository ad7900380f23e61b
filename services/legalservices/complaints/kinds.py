"""The kinds of complaints."""

from __future__ import annotations

from geju.legalservices.v1 import complaint_pb2, complaint_proposal_pb2, facts_pb2, sanction_pb2

from services.chassis.domain.dates import to_date
from services.chassis.kinds import Kind
from services.legalservices.complaints import facts, storage

COMPLAINT = Kind(
    name="complaint",
    collection="complaints",
    message=complaint_pb2.Complaint,
    facts=facts_pb2.ComplaintFacts,
    row=storage.ComplaintRow,
    to_facts=facts.complaint,
)

COMPLAINT_PROPOSAL = Kind(
    name="complaint_proposal",
    collection="complaintProposals",
    message=complaint_proposal_pb2.ComplaintProposal,
    facts=facts_pb2.ComplaintProposalFacts,
    row=storage.ComplaintProposalRow,
    to_facts=facts.complaint_proposal,
)

SANCTION = Kind(
    name="sanction",
    collection="sanctions",
    message=sanction_pb2.Sanction,
    facts=facts_pb2.SanctionFacts,
    row=storage.SanctionRow,
    to_facts=facts.sanction,
    occurred=lambda record: to_date(record.decided_date),
)

KINDS = (COMPLAINT, COMPLAINT_PROPOSAL, SANCTION)
