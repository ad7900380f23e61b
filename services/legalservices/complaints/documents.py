"""Standard documents (文书) of complaints and measures, rendered through the district's templates."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from geju.legalservices.v1 import complaint_pb2, sanction_pb2, sanction_service_pb2
from geju.legalservices.v1 import complaint_service_pb2 as rpc

from services.chassis.context import current
from services.chassis.documents import Form, Source, file_name, rendered, template_of
from services.chassis.domain.papers import DocumentNotYet
from services.chassis.guards import known
from services.chassis.reads import read_record
from services.chassis.storage.store import Store
from services.chassis.work import Work
from services.legalservices.complaints.document_texts import (
    complaint_words,
    grounds_of,
    respondent_words,
    sanction_words,
)
from services.legalservices.complaints.kinds import COMPLAINT, SANCTION
from services.legalservices.domain.complaints import papers
from services.legalservices.domain.documents import Reader

#: What a complaint must have for each is in the domain's papers.
FORMS: Mapping[int, Form[complaint_pb2.Complaint]] = {
    rpc.COMPLAINT_DOCUMENT_RECEIPT: Form("legalservices_receipt", "投诉登记回执"),
    rpc.COMPLAINT_DOCUMENT_ACCEPTANCE: Form("legalservices_acceptance", "投诉受理通知书"),
    rpc.COMPLAINT_DOCUMENT_REFUSAL: Form("legalservices_refusal", "投诉不予受理通知书"),
    rpc.COMPLAINT_DOCUMENT_SUPPLEMENT_REQUEST: Form("legalservices_supplement", "补正材料通知书"),
    rpc.COMPLAINT_DOCUMENT_INVESTIGATION_RECORD: Form("legalservices_investigation", "投诉调查笔录"),
    rpc.COMPLAINT_DOCUMENT_DECISION: Form("legalservices_decision", "投诉处理决定书"),
    rpc.COMPLAINT_DOCUMENT_ANSWER: Form("legalservices_answer", "投诉答复书"),
    rpc.COMPLAINT_DOCUMENT_REVIEW_DECISION: Form("legalservices_review_decision", "投诉复查决定书"),
}
SANCTION_FORMS: Mapping[int, Form[sanction_pb2.Sanction]] = {
    sanction_service_pb2.SANCTION_DOCUMENT_PENALTY_PROPOSAL: Form("legalservices_penalty_proposal", "行政处罚建议书"),
}


class RendersComplaints:
    """The documents of a complaint, for its servicer."""

    store: Store

    async def RenderComplaintDocument(
        self, request: rpc.RenderComplaintDocumentRequest, _context: Any = None
    ) -> rpc.RenderComplaintDocumentResponse:
        """Render a standard document."""
        complaint = await read_record(self.store, COMPLAINT, request.name, request.purpose)
        document = await rendered(self.store, lambda work: gather(work, complaint, request.document), district=True)
        return rpc.RenderComplaintDocumentResponse(document=document)


class RendersSanctions:
    """The documents of a measure, for its servicer."""

    store: Store

    async def RenderSanctionDocument(
        self, request: sanction_service_pb2.RenderSanctionDocumentRequest, _context: Any = None
    ) -> sanction_service_pb2.RenderSanctionDocumentResponse:
        """Render a standard document."""
        sanction = await read_record(self.store, SANCTION, request.name, request.purpose)
        async with Work(self.store, current()) as work:
            complaint = await known(work, sanction.complaint)
        gather_all = partial(gather_sanction, sanction=sanction, complaint=complaint, document=request.document)
        document = await rendered(self.store, gather_all, district=True)
        return sanction_service_pb2.RenderSanctionDocumentResponse(document=document)


async def gather(
    registers: Work, complaint: complaint_pb2.Complaint, document: rpc.ComplaintDocument.ValueType
) -> Source:
    """Collect what a document says; any office's register may be named. Raises DocumentNotYet, NoTemplate."""
    rules, form = registers.rules, FORMS[document]
    seen = papers.shown(complaint, document)
    practitioner, firm = await known(registers, seen.practitioner), await known(registers, seen.firm)
    context = complaint_words(seen, document, rules)
    context["respondent"] = respondent_words(seen, practitioner, firm, rules)
    return Source(template_of(form, seen, rules.profile), file_name(form, seen), context)


async def gather_sanction(
    registers: Work,
    sanction: sanction_pb2.Sanction,
    complaint: complaint_pb2.Complaint | None,
    document: sanction_service_pb2.SanctionDocument.ValueType,
) -> Source:
    """Collect what a document says of a measure and, of its complaint, what authorities may see.

    Raises DocumentNotYet, NoTemplate.
    """
    rules, form = registers.rules, SANCTION_FORMS[document]
    if sanction.kind != sanction_pb2.SANCTION_KIND_PENALTY_PROPOSAL:
        raise DocumentNotYet("document", missing="该措施不是提请市局处罚")
    if sanction.complaint and complaint is None:  # whether its text tells who complained cannot be known
        raise DocumentNotYet("document", missing="所依据的投诉已删除或者不在权限范围内")
    seen = complaint_pb2.Complaint()
    if complaint is not None:
        papers.check_untold(complaint, "内容", sanction.content)
        seen = papers.shown_to(complaint, Reader.AUTHORITY)
    if not (sanction.content or seen.findings):
        raise DocumentNotYet("document", missing="尚未填写处罚建议的内容")
    subject: Any = sanction if sanction.practitioner or sanction.firm else seen
    practitioner = await known(registers, subject.practitioner)
    firm = await known(registers, subject.firm or seen.firm or (practitioner.firm if practitioner else ""))
    context: dict[str, Any] = {
        **sanction_words(sanction, rules),
        "findings": seen.findings,
        "grounds": grounds_of(seen),
        "respondent": respondent_words(seen, practitioner, firm, rules),
    }
    return Source(template_of(form, sanction, rules.profile), file_name(form, sanction), context)
