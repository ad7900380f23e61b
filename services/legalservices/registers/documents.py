"""Standard documents (文书) of the registers, rendered through the district's templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geju.legalservices.v1 import yearly_assessment_pb2
from geju.legalservices.v1 import yearly_assessment_service_pb2 as rpc

from services.chassis.documents import Form, Source, file_name, head_words, rendered, template_of, zh_value
from services.chassis.domain.papers import DocumentNotYet
from services.chassis.guards import known
from services.chassis.reads import read_record
from services.chassis.storage.store import Store
from services.chassis.work import Work
from services.legalservices.domain.registers.practitioner import firm_by
from services.legalservices.letters import subject_words
from services.legalservices.registers.kinds import YEARLY_ASSESSMENT

FORMS: Mapping[int, Form[yearly_assessment_pb2.YearlyAssessment]] = {
    rpc.ASSESSMENT_DOCUMENT_CERTIFICATE: Form("legalservices_certificate", "年度考核结果证明"),
}


class RendersAssessments:
    """The documents of a yearly assessment, for its servicer."""

    store: Store

    async def RenderAssessmentDocument(
        self, request: rpc.RenderAssessmentDocumentRequest, _context: Any = None
    ) -> rpc.RenderAssessmentDocumentResponse:
        """Render a standard document."""
        assessment = await read_record(self.store, YEARLY_ASSESSMENT, request.name, request.purpose)
        document = await rendered(self.store, lambda work: gather(work, assessment, request.document), district=True)
        return rpc.RenderAssessmentDocumentResponse(document=document)


async def gather(
    registers: Work, assessment: yearly_assessment_pb2.YearlyAssessment, document: rpc.AssessmentDocument.ValueType
) -> Source:
    """Collect what a document says; any office's register may be named. Raises DocumentNotYet, NoTemplate."""
    rules, form = registers.rules, FORMS[document]
    practitioner = await known(registers, assessment.practitioner)
    name = firm_by(practitioner, date(assessment.year, 12, 31)) if practitioner else assessment.firm
    firm = await known(registers, name)
    if practitioner is None and firm is None:
        raise DocumentNotYet("document", missing="被考核的机构或者执业人员已不在登记中")
    context: dict[str, Any] = {
        **head_words(assessment, assessment.assessed_date, rules),
        "year": str(assessment.year),
        "grade": zh_value(assessment, "grade"),
        "assessed_by": assessment.assessed_by,
        "subject": subject_words(practitioner, firm),
        "person": practitioner is not None,
    }
    return Source(template_of(form, assessment, rules.profile), file_name(form, assessment), context)
