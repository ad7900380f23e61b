"""The documents of a complaint: who reads each, what it needs, and what of the complaint its reader may see.

What a reader sees is a list of what is permitted, so that a field that is added is hidden until somebody permits it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import complaint_service_pb2 as rpc

from services.chassis.contract import field_option
from services.chassis.domain.papers import DocumentNotYet, Lack, needs
from services.legalservices.domain.complaints.agreement import GIVEN_UP
from services.legalservices.domain.complaints.naming import FOR_COMPLAINANT, FOR_RESPONDENT, names_complainant
from services.legalservices.domain.documents import Reader

#: What anybody may see who reads a document of a complaint: nothing of who complained, of what they told and sent, or
#: of how and when it came in.
_CASE = frozenset({"name", "office", "key", "respondent_kind", "practitioner", "firm", "respondent_office"})
_CASE |= {"respondent_name", "grounds", "accepted_date", "concluded_date", "outcome"}
_CASE |= {"review_outcome", "review_decided_date"}
#: What the respondent and authorities see beyond it.
_INQUIRY = frozenset({"investigating_date", "investigated_date", "findings", "decision"})
#: What the complainant sees beyond it.
_HANDLING = frozenset({"anonymous", "channel", "received_date", "refused_date", "refusal_ground", "refusal_told_date"})
_HANDLING |= {"pauses", "limits", "answered_date", "answer", "review_asked_date", "review_decision"}
#: What is only in a letter to somebody who gave a name.
_NAMED = frozenset({"complainant_name", "evidence"})
#: What is in one document only: whoever has the code can follow the complaint.
_CODE = frozenset({"receipt_code"})
#: What the bureau has written itself, as it came to mind.
_TEXTS = (*FOR_RESPONDENT, *FOR_COMPLAINANT)


class Paper(NamedTuple):
    """A document: who reads it, and what a complaint lacks for it."""

    reader: Reader
    missing: Lack


def _lacks_decision(complaint: pb.Complaint) -> str:
    if not complaint.HasField("concluded_date"):
        return "投诉尚未办结"
    if complaint.outcome in GIVEN_UP:  # whoever was never asked need not learn of the complaint
        return "投诉已撤回或者和解,不作处理决定"
    return "" if complaint.decision else "尚未登记处理决定"


PAPERS: Mapping[int, Paper] = {
    rpc.COMPLAINT_DOCUMENT_RECEIPT: Paper(Reader.COMPLAINANT, needs("receipt_code", "尚无查询码")),
    rpc.COMPLAINT_DOCUMENT_ACCEPTANCE: Paper(Reader.COMPLAINANT, needs("accepted_date", "投诉尚未受理")),
    rpc.COMPLAINT_DOCUMENT_REFUSAL: Paper(Reader.COMPLAINANT, needs("refused_date", "尚未作出不予受理决定")),
    rpc.COMPLAINT_DOCUMENT_SUPPLEMENT_REQUEST: Paper(Reader.COMPLAINANT, needs("pauses", "尚未要求补正材料")),
    rpc.COMPLAINT_DOCUMENT_INVESTIGATION_RECORD: Paper(Reader.RESPONDENT, needs("findings", "尚未登记查明情况")),
    rpc.COMPLAINT_DOCUMENT_DECISION: Paper(Reader.RESPONDENT, _lacks_decision),
    rpc.COMPLAINT_DOCUMENT_ANSWER: Paper(Reader.COMPLAINANT, needs("answered_date", "尚未登记书面答复")),
    rpc.COMPLAINT_DOCUMENT_REVIEW_DECISION: Paper(Reader.COMPLAINANT, needs("review_decided_date", "尚未作出复查决定")),
}


def shown(complaint: pb.Complaint, document: rpc.ComplaintDocument.ValueType) -> pb.Complaint:
    """Return what a document may hold of a complaint. Raises DocumentNotYet: it lacks something, or tells who."""
    paper = PAPERS[document]
    if missing := paper.missing(complaint):
        raise DocumentNotYet("document", missing=missing)
    seen = shown_to(complaint, paper.reader)
    if document == rpc.COMPLAINT_DOCUMENT_RECEIPT:
        seen.receipt_code = complaint.receipt_code
    return seen


def shown_to(complaint: pb.Complaint, reader: Reader) -> pb.Complaint:
    """Return what a reader may see of a complaint. Raises DocumentNotYet: a text tells who complained."""
    if reader is not Reader.COMPLAINANT:
        seen = _only(complaint, _CASE | _INQUIRY)
    elif complaint.anonymous:
        seen = _only(complaint, _CASE | _HANDLING)
    else:
        return _only(complaint, _CASE | _HANDLING | _NAMED)
    for field in _TEXTS:
        check_untold(complaint, _label(field), getattr(seen, field))
    for pause in seen.pauses:
        check_untold(complaint, _label("pauses"), pause.requested)
    return seen


def check_untold(complaint: pb.Complaint, label: str, text: str) -> None:
    """Refuse a document with a text that tells who complained, since names can be corrected after the text was written.

    Raises DocumentNotYet.
    """
    if names_complainant(text, complaint):
        raise DocumentNotYet("document", missing=f"“{label}”中写有投诉人信息,须先更正")


def _label(field: str) -> str:
    return str(field_option(pb.Complaint.DESCRIPTOR.fields_by_name[field]).zh)


def _only(complaint: pb.Complaint, fields: frozenset[str]) -> pb.Complaint:
    seen = pb.Complaint()
    seen.CopyFrom(complaint)
    for field, _ in complaint.ListFields():
        if field.name not in fields:
            seen.ClearField(field.name)  # type: ignore[arg-type]  # the stubs list the names
    return seen
