"""Proposals to look into a practitioner's conduct: made by facts of another service, settled once by somebody."""

from __future__ import annotations

from datetime import date

from geju.legalservices.v1 import complaint_pb2, practitioner_pb2
from geju.legalservices.v1 import complaint_proposal_pb2 as pb

from services.chassis.domain.dates import to_date
from services.chassis.domain.steps import put
from services.legalservices.domain.complaints import respondent
from services.legalservices.domain.complaints.errors import SettledBefore

Proposal = pb.ComplaintProposal
PENDING, OPENED = pb.ComplaintProposal.STATE_PENDING, pb.ComplaintProposal.STATE_OPENED
DISMISSED = pb.ComplaintProposal.STATE_DISMISSED
#: Who says that a handler of legal aid was at fault.
CENTRE = "法律援助中心"


def of_aid_case(case: str, practitioner: practitioner_pb2.Practitioner, on: date | None) -> Proposal:
    """Return the proposal that follows from a legal-aid case ended for its handler's fault."""
    made = Proposal(
        office=practitioner.office,
        source=pb.COMPLAINT_PROPOSAL_SOURCE_LEGAL_AID_FAULT,
        legal_aid_case=case,
        practitioner=practitioner.name,
        state=PENDING,
    )
    put(made, "proposed_date", on)
    return made


def complaint_of(
    proposal: Proposal, practitioner: practitioner_pb2.Practitioner, narrative: str, on: date
) -> complaint_pb2.Complaint:
    """Return the complaint that a proposal is opened as. Raises SettledBefore."""
    check_pending(proposal)
    complaint = complaint_pb2.Complaint(
        office=proposal.office,
        channel=complaint_pb2.COMPLAINT_CHANNEL_TRANSFERRED,
        transferring_unit=CENTRE,
        respondent_kind=respondent.kind_of(practitioner),
        practitioner=proposal.practitioner,
        grounds=[complaint_pb2.COMPLAINT_GROUND_NEGLIGENCE],
        narrative=narrative,
        legal_aid_case=proposal.legal_aid_case,
        proposal=proposal.name,
    )
    put(complaint, "received_date", on)
    return complaint


def check_pending(proposal: Proposal) -> None:
    """Refuse to settle a proposal twice. Raises SettledBefore."""
    if proposal.state != PENDING:
        raise SettledBefore("state", date=to_date(proposal.settled_date))


def open_as(proposal: Proposal, complaint: str, on: date) -> None:
    """Record which complaint was opened from a proposal. Raises SettledBefore."""
    check_pending(proposal)
    proposal.complaint, proposal.state = complaint, OPENED
    put(proposal, "settled_date", on)


def take_back(proposal: Proposal, complaint: str) -> bool:
    """Let a proposal wait again whose complaint is deleted; tell whether it was opened as that one."""
    if proposal.complaint != complaint:
        return False
    proposal.complaint, proposal.state = "", PENDING
    proposal.ClearField("settled_date")
    return True


def dismiss(proposal: Proposal, on: date) -> None:
    """Record that there is nothing to look into. Raises SettledBefore."""
    check_pending(proposal)
    proposal.state = DISMISSED
    put(proposal, "settled_date", on)
