"""After the conclusion: the answer, the reply, what the complainant thinks of it, the review, the archive."""

from __future__ import annotations

from datetime import date

from geju.legalservices.v1 import complaint_pb2 as pb

from services.chassis.domain.errors import AlreadyRecorded, InvalidField
from services.chassis.domain.steps import move, permit, put
from services.legalservices.domain.complaints.agreement import GIVEN_UP, HANDED_OVER
from services.legalservices.domain.complaints.errors import NotTransferredIn, SamePersonDecides
from services.legalservices.domain.complaints.lifecycle import TRANSITIONS, Complaint

CHANGED = pb.REVIEW_OUTCOME_CHANGED


def answer(complaint: Complaint, text: str, on: date) -> None:
    """Record that the complainant has the written answer. Raises ImpossibleTransition."""
    permit(complaint, TRANSITIONS, "answer")
    complaint.answer = text
    put(complaint, "answered_date", on)
    move(complaint, TRANSITIONS, "answer")


def reply(complaint: Complaint, on: date) -> None:
    """Record that the transferring unit has its reply. Raises NotTransferredIn, AlreadyRecorded."""
    permit(complaint, TRANSITIONS, "reply")
    if complaint.channel not in HANDED_OVER:
        raise NotTransferredIn("channel")
    if complaint.HasField("replied_date"):
        raise AlreadyRecorded("replied_date")
    put(complaint, "replied_date", on)


def rate(complaint: Complaint, satisfaction: pb.ComplaintSatisfaction.ValueType, on: date) -> None:
    """Record how satisfied the complainant is. Raises ImpossibleTransition, AlreadyRecorded."""
    permit(complaint, TRANSITIONS, "satisfaction")
    if complaint.HasField("satisfaction_date"):
        raise AlreadyRecorded("satisfaction")
    complaint.satisfaction = satisfaction
    put(complaint, "satisfaction_date", on)


def ask_review(complaint: Complaint, reason: str, on: date) -> None:
    """Record that the complainant asks for a review. Raises ImpossibleTransition."""
    permit(complaint, TRANSITIONS, "ask_review")
    complaint.review_reason = reason
    put(complaint, "review_asked_date", on)
    move(complaint, TRANSITIONS, "ask_review")


def decide_review(complaint: Complaint, decided: pb.ReviewOutcome.ValueType, text: str, on: date, account: str) -> None:
    """Decide the review; by neither investigator nor signer. Raises ImpossibleTransition, SamePersonDecides."""
    permit(complaint, TRANSITIONS, "decide_review")
    for other, who in ((complaint.investigator, "调查人"), (complaint.signer, "签发人")):
        if other == account:
            raise SamePersonDecides("reviewer", who=who)
    complaint.review_outcome, complaint.review_decision, complaint.reviewer = decided, text, account
    put(complaint, "review_decided_date", on)
    move(complaint, TRANSITIONS, "decide_review")


def take_outcome(complaint: Complaint, outcome: pb.ComplaintOutcome.ValueType) -> None:
    """Put what a review that changes the conclusion found in its place. Raises InvalidField."""
    changes = complaint.review_outcome == CHANGED
    if not changes and outcome:
        raise InvalidField("outcome", expected="维持原结论的不填写")
    if changes and (not outcome or outcome in GIVEN_UP or outcome == complaint.outcome):
        raise InvalidField("outcome", expected="变更原结论的须填写新的结论:属实、部分属实或不属实,且与原结论不同")
    if changes:
        complaint.outcome = outcome


def archive(complaint: Complaint, on: date) -> None:
    """Archive what is done. Raises ImpossibleTransition."""
    permit(complaint, TRANSITIONS, "archive")
    put(complaint, "archived_date", on)
    move(complaint, TRANSITIONS, "archive")
