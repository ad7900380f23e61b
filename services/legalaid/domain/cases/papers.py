"""The documents of a case: what it lacks for each, what each may hold of the person, and the day that each bears."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.legalaid.v1 import aid_case_service_pb2 as rpc
from google.type.date_pb2 import Date

from services.chassis.domain.papers import DocumentNotYet, Lack, first_of, needs
from services.legalaid.domain.cases.lifecycle import is_notified

Case = pb.AidCase
Document = rpc.AidDocument
#: What identifies or describes the person; documents hold none of it but what they are permitted.
PERSONAL = frozenset({"person_name", "id_number", "phone", "address", "summary", "monthly_income_fen", "requested"})
_NAME = frozenset({"person_name"})


class Paper(NamedTuple):
    """A document: what a case lacks for it, what of PERSONAL it may hold, and the field of its day; empty: none."""

    missing: Lack
    personal: frozenset[str]
    dated: str


def _unless_notified(words: str) -> Lack:
    return lambda case: words if is_notified(case) else ""


def _lacks_request(case: Case) -> str:
    if not case.pauses:
        return "尚未要求补充材料"
    return "" if case.pauses[-1].requested else "尚未登记需要补充的材料"


def _lacks_closing(case: Case) -> str:
    if case.HasField("ended_date"):
        return "援助已终止,没有结案"
    return "" if case.HasField("closed_date") else "案件尚未结案"


def _lacks_service(case: Case) -> str:
    return "" if to_serve(case) else "尚无须送达的文书"


_named = needs("person_name", "尚未登记受援人姓名")
_applied = first_of(_unless_notified("通知辩护、通知代理的案件不经申请"), _named)
_granted = needs("granted_date", "尚未决定给予援助")
_refused = needs("refusal_ground", "尚未决定不予援助")
_assigned = needs("assigned_date", "尚未指派承办人")
_transferred = needs("transferred_date", "尚未转出")
_paid = needs("subsidy_date", "尚未发放办案补贴")

PAPERS: Mapping[int, Paper] = {
    rpc.AID_DOCUMENT_APPLICATION_FORM: Paper(_applied, PERSONAL - {"requested"}, "received_date"),
    rpc.AID_DOCUMENT_RECEIPT: Paper(_applied, _NAME, "received_date"),
    rpc.AID_DOCUMENT_SUPPLEMENT_NOTICE: Paper(first_of(_lacks_request, _named), _NAME | {"requested"}, ""),
    rpc.AID_DOCUMENT_GRANT_DECISION: Paper(
        first_of(_unless_notified("通知辩护、通知代理的案件不作给予援助决定"), _granted, _named), _NAME, "granted_date"
    ),
    rpc.AID_DOCUMENT_REFUSAL_DECISION: Paper(first_of(_refused, _named), _NAME, "decided_date"),
    rpc.AID_DOCUMENT_ASSIGNMENT_LETTER: Paper(first_of(_assigned, _named), _NAME | {"phone"}, "assigned_date"),
    rpc.AID_DOCUMENT_TRANSFER_LETTER: Paper(first_of(_transferred, _named), _NAME, "transferred_date"),
    rpc.AID_DOCUMENT_CLOSING_REPORT: Paper(first_of(_lacks_closing, _named), _NAME | {"summary"}, "closed_date"),
    # Whoever pays need not know whom the handler helped.
    rpc.AID_DOCUMENT_SUBSIDY_STATEMENT: Paper(_paid, frozenset(), "subsidy_date"),
    rpc.AID_DOCUMENT_SERVICE_RETURN: Paper(first_of(_lacks_service, _named), _NAME, ""),
}
#: What is handed over against a signature: to the applicant, or to the organ that gave notice.
_TO_APPLICANT = (
    rpc.AID_DOCUMENT_SUPPLEMENT_NOTICE,
    rpc.AID_DOCUMENT_REFUSAL_DECISION,
    rpc.AID_DOCUMENT_GRANT_DECISION,
)
_TO_ORGAN = (rpc.AID_DOCUMENT_ASSIGNMENT_LETTER,)


def check(case: Case, document: Document.ValueType) -> None:
    """Refuse a document that the case does not call for yet. Raises DocumentNotYet."""
    if missing := PAPERS[document].missing(case):
        raise DocumentNotYet("document", missing=missing)


def to_serve(case: Case) -> list[Document.ValueType]:
    """Return the documents of a case that are served, in the order of a case's way."""
    candidates = _TO_ORGAN if is_notified(case) else _TO_APPLICANT
    return [document for document in candidates if not PAPERS[document].missing(case)]


def personal(case: Case, document: Document.ValueType) -> frozenset[str]:
    """Return what of PERSONAL a document may hold; the organ that gave notice need not be told how to call somebody."""
    permitted = PAPERS[document].personal
    return permitted - {"phone"} if is_notified(case) else permitted


def day_of(case: Case, document: Document.ValueType) -> Date:
    """Return the day that a document bears: of what it tells of; an empty one where it is written in by hand."""
    if document == rpc.AID_DOCUMENT_SUPPLEMENT_NOTICE:
        return case.pauses[-1].from_date
    field = PAPERS[document].dated
    return getattr(case, field) if field else Date()
