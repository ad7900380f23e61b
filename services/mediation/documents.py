"""Standard documents (文书) of a dispute, rendered from the record through the district's templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import dispute_service_pb2 as rpc

from services.chassis.documents import Form, Source, file_name, template_of
from services.chassis.domain.references import uuid_of
from services.chassis.guards import known
from services.chassis.work import Work
from services.mediation.document_texts import context_of
from services.mediation.domain.dispute import lifecycle
from services.mediation.kinds import MANY, SESSION


def _in(*states: int) -> Callable[[pb.Dispute], bool]:
    return lambda dispute: dispute.state in states


def _agreed(form: pb.AgreementForm.ValueType) -> Callable[[pb.Dispute], bool]:
    return lambda dispute: dispute.state == lifecycle.AGREED and dispute.agreement.form == form


def _not_refused(dispute: pb.Dispute) -> bool:
    return dispute.state != lifecycle.REFUSED


def _reportable(dispute: pb.Dispute) -> bool:
    return lifecycle.is_referral(dispute) and dispute.state in lifecycle.CLOSED


FORMS: Mapping[int, Form[pb.Dispute]] = {
    rpc.DISPUTE_DOCUMENT_ACCEPTANCE_FORM: Form("mediation_acceptance_form", "人民调解受理登记表", _not_refused),
    rpc.DISPUTE_DOCUMENT_RIGHTS_NOTICE: Form("mediation_rights_notice", "当事人权利义务告知书", _not_refused),
    rpc.DISPUTE_DOCUMENT_MEDIATION_RECORD: Form(
        "mediation_record", "人民调解记录", lambda dispute: dispute.sessions > 0
    ),
    rpc.DISPUTE_DOCUMENT_AGREEMENT: Form("mediation_agreement", "人民调解协议书", _agreed(pb.AGREEMENT_FORM_WRITTEN)),
    rpc.DISPUTE_DOCUMENT_ORAL_AGREEMENT: Form(
        "mediation_oral_agreement", "口头协议登记表", _agreed(pb.AGREEMENT_FORM_ORAL)
    ),
    rpc.DISPUTE_DOCUMENT_RETURN_VISIT: Form(
        "mediation_return_visit", "回访记录", lambda dispute: bool(dispute.return_visits)
    ),
    rpc.DISPUTE_DOCUMENT_FEEDBACK_LETTER: Form("mediation_feedback_letter", "调解结果反馈函", _reportable),
    rpc.DISPUTE_DOCUMENT_REFUSAL_NOTICE: Form("mediation_refusal_notice", "不予受理通知书", _in(lifecycle.REFUSED)),
    rpc.DISPUTE_DOCUMENT_END_NOTICE: Form(
        "mediation_end_notice", "终止调解通知书", _in(lifecycle.FAILED, lifecycle.REFUSED_BY_PARTY)
    ),
}


async def gather(work: Work, dispute: pb.Dispute, document: rpc.DisputeDocument.ValueType) -> Source:
    """Collect what a document says. Raises DocumentNotApplicable, NoTemplate."""
    form = FORMS[document]
    template = template_of(form, dispute, work.rules.profile)
    sessions = await work.query(SESSION, limit=MANY, dispute=uuid_of(dispute.name))
    names = [dispute.mediator, *dispute.co_mediators]
    people = [found.full_name for name in names if (found := await known(work, name))]
    committee = await known(work, dispute.committee) or await known(work, dispute.centre)
    title = committee.title if committee else ""
    context = context_of(dispute, sessions, people, title, work.rules)
    return Source(template, file_name(form, dispute), context)
