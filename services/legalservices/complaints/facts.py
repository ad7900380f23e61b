"""Records of complaints -> their facts: what the figures are counted from, nothing personal."""

from __future__ import annotations

from geju.legalservices.v1 import complaint_pb2, complaint_proposal_pb2, facts_pb2, sanction_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.references import uuid_of
from services.chassis.domain.steps import put
from services.chassis.facts import copied
from services.legalservices.domain.complaints import clocks
from services.legalservices.domain.complaints import complaint as complaints

#: What figures count of the course of a complaint: days and codes.
_COURSE = (
    "accepted_date",
    "refused_date",
    "refusal_ground",
    "refusal_told_date",
    "transferred_date",
    "investigating_date",
    "investigated_date",
    "extended_date",
    "outcome",
    "concluded_date",
    "answered_date",
    "replied_date",
    "satisfaction",
    "satisfaction_date",
    "review_asked_date",
    "review_decided_date",
    "review_outcome",
    "archived_date",
    "state",
)


def complaint(record: complaint_pb2.Complaint) -> facts_pb2.ComplaintFacts:
    """Return the facts of a complaint: its course and what it is about, neither who complained nor which office."""
    facts = facts_pb2.ComplaintFacts(
        practitioner=uuid_of(record.practitioner),
        firm=uuid_of(record.firm),
        legal_aid_case=uuid_of(record.legal_aid_case),
        days=complaints.days(record),
        transferred_in=complaints.transferred_in(record),
    )
    put(facts, "accept_due", clocks.due_of(record.limits, clocks.ACCEPT))
    put(facts, "conclude_due", clocks.due_of(record.limits, clocks.CONCLUDE))
    put(facts, "answer_due", to_date(record.answer_due_date))
    about = ("received_date", "channel", "anonymous", "respondent_kind", "grounds", "sealed")
    return copied(record, facts, *about, *_COURSE)


def complaint_proposal(record: complaint_proposal_pb2.ComplaintProposal) -> facts_pb2.ComplaintProposalFacts:
    """Return the facts of a proposal to look into a practitioner's conduct."""
    facts = facts_pb2.ComplaintProposalFacts(
        legal_aid_case=uuid_of(record.legal_aid_case),
        practitioner=uuid_of(record.practitioner),
        complaint=uuid_of(record.complaint),
    )
    return copied(record, facts, "source", "proposed_date", "settled_date", "state")


def sanction(record: sanction_pb2.Sanction) -> facts_pb2.SanctionFacts:
    """Return the facts of a measure of the bureau or a sanction of another authority."""
    facts = facts_pb2.SanctionFacts(
        complaint=uuid_of(record.complaint), firm=uuid_of(record.firm), practitioner=uuid_of(record.practitioner)
    )
    return copied(record, facts, "kind", "authority", "decided_date", "outcome", "outcome_date", "sealed")
