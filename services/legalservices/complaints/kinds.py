"""The kinds of complaints, and what ties their records together."""

from __future__ import annotations

from geju.legalservices.v1 import complaint_pb2, complaint_proposal_pb2, facts_pb2, sanction_pb2

from services.chassis.domain.dates import to_date
from services.chassis.kinds import Dues, Kind
from services.legalservices.complaints import facts, guards, storage
from services.legalservices.domain.complaints import agreement, clocks, complaint, lifecycle, sanction

COMPLAINT = Kind(
    name="complaint",
    collection="complaints",
    message=complaint_pb2.Complaint,
    facts=facts_pb2.ComplaintFacts,
    row=storage.ComplaintRow,
    to_facts=facts.complaint,
    check=complaint.check,
    create_change="received",
    closed=lifecycle.is_closed,
    guard=guards.guard_complaint,
    occurred=agreement.happened,
    dues=Dues(clocks.dues, clocks.DUE_LABELS),
)

COMPLAINT_PROPOSAL = Kind(
    name="complaint_proposal",
    collection="complaintProposals",
    message=complaint_proposal_pb2.ComplaintProposal,
    facts=facts_pb2.ComplaintProposalFacts,
    row=storage.ComplaintProposalRow,
    to_facts=facts.complaint_proposal,
    create_change="proposed",
    guard=guards.guard_proposal,
    occurred=lambda record: to_date(record.proposed_date),
)

SANCTION = Kind(
    name="sanction",
    collection="sanctions",
    message=sanction_pb2.Sanction,
    facts=facts_pb2.SanctionFacts,
    row=storage.SanctionRow,
    to_facts=facts.sanction,
    check=sanction.check,
    create_change="decided",
    guard=guards.guard_sanction,
    occurred=lambda record: to_date(record.outcome_date) or to_date(record.decided_date),
)

KINDS = (COMPLAINT, COMPLAINT_PROPOSAL, SANCTION)
