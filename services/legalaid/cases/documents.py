"""Standard documents (文书) of legal-aid cases, rendered through the district's templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.legalaid.v1 import aid_case_service_pb2 as rpc

from services.chassis.documents import Form, Source, file_name, rendered, template_of
from services.chassis.guards import known
from services.chassis.reads import read_record
from services.chassis.storage.store import Store
from services.chassis.work import Work
from services.legalaid.cases.document_texts import case_words
from services.legalaid.cases.kinds import AID_CASE
from services.legalaid.domain.cases import papers

#: What a case must have for each is in the domain's papers.
FORMS: Mapping[int, Form[pb.AidCase]] = {
    rpc.AID_DOCUMENT_APPLICATION_FORM: Form("legalaid_application", "法律援助申请表"),
    rpc.AID_DOCUMENT_RECEIPT: Form("legalaid_receipt", "申请材料接收凭证"),
    rpc.AID_DOCUMENT_SUPPLEMENT_NOTICE: Form("legalaid_supplement", "补充材料通知书"),
    rpc.AID_DOCUMENT_GRANT_DECISION: Form("legalaid_grant", "给予法律援助决定书"),
    rpc.AID_DOCUMENT_REFUSAL_DECISION: Form("legalaid_refusal", "不予法律援助决定书"),
    rpc.AID_DOCUMENT_ASSIGNMENT_LETTER: Form("legalaid_assignment", "法律援助指派函"),
    rpc.AID_DOCUMENT_TRANSFER_LETTER: Form("legalaid_transfer", "法律援助转交函"),
    rpc.AID_DOCUMENT_CLOSING_REPORT: Form("legalaid_closing", "结案报告表"),
    rpc.AID_DOCUMENT_SUBSIDY_STATEMENT: Form("legalaid_subsidy", "办案补贴发放表"),
    rpc.AID_DOCUMENT_SERVICE_RETURN: Form("legalaid_service_return", "送达回证"),
}


class RendersAidCases:
    """The documents of a case, for its servicer."""

    store: Store

    async def RenderAidDocument(
        self, request: rpc.RenderAidDocumentRequest, _context: Any = None
    ) -> rpc.RenderAidDocumentResponse:
        """Render a standard document."""
        case = await read_record(self.store, AID_CASE, request.name, request.purpose)
        document = await rendered(self.store, lambda work: gather(work, case, request.document))
        return rpc.RenderAidDocumentResponse(document=document)


async def gather(work: Work, case: pb.AidCase, document: rpc.AidDocument.ValueType) -> Source:
    """Collect what a document says. Raises DocumentNotYet, NoTemplate."""
    papers.check(case, document)
    form, rules = FORMS[document], work.rules
    entry = await known(work, case.fund_entry)
    earmark = rules.profile.earmark_label(entry.earmark) if entry else ""
    context = case_words(case, document, earmark, rules)
    return Source(template_of(form, case, rules.profile), file_name(form, case), context)
