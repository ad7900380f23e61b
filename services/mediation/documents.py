"""Standard documents (文书) of a dispute, rendered from the record through the district's templates."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from docxtpl import DocxTemplate
from geju.common.v1.document_pb2 import Document
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import dispute_service_pb2 as rpc

from services.chassis.domain.errors import NotFound
from services.chassis.work import Work
from services.mediation.document_texts import context_of
from services.mediation.domain.dispute import lifecycle
from services.mediation.domain.errors import DocumentNotApplicable, NoTemplate
from services.mediation.domain.references import uuid_of
from services.mediation.kinds import MANY, SESSION
from services.mediation.staff import kind_named

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class _Form(NamedTuple):
    template: str
    zh: str
    applies: Callable[[pb.Dispute], bool]


def _in(*states: int) -> Callable[[pb.Dispute], bool]:
    return lambda dispute: dispute.state in states


def _agreed(form: pb.AgreementForm.ValueType) -> Callable[[pb.Dispute], bool]:
    return lambda dispute: dispute.state == lifecycle.AGREED and dispute.agreement.form == form


def _not_refused(dispute: pb.Dispute) -> bool:
    return dispute.state != lifecycle.REFUSED


def _reportable(dispute: pb.Dispute) -> bool:
    return lifecycle.is_referral(dispute) and dispute.state in lifecycle.CLOSED


FORMS: Mapping[int, _Form] = {
    rpc.DISPUTE_DOCUMENT_ACCEPTANCE_FORM: _Form("acceptance_form", "人民调解受理登记表", _not_refused),
    rpc.DISPUTE_DOCUMENT_RIGHTS_NOTICE: _Form("rights_notice", "当事人权利义务告知书", _not_refused),
    rpc.DISPUTE_DOCUMENT_MEDIATION_RECORD: _Form("record", "人民调解记录", lambda dispute: dispute.sessions > 0),
    rpc.DISPUTE_DOCUMENT_AGREEMENT: _Form("agreement", "人民调解协议书", _agreed(pb.AGREEMENT_FORM_WRITTEN)),
    rpc.DISPUTE_DOCUMENT_ORAL_AGREEMENT: _Form("oral_agreement", "口头协议登记表", _agreed(pb.AGREEMENT_FORM_ORAL)),
    rpc.DISPUTE_DOCUMENT_RETURN_VISIT: _Form("return_visit", "回访记录", lambda dispute: bool(dispute.return_visits)),
    rpc.DISPUTE_DOCUMENT_FEEDBACK_LETTER: _Form("feedback_letter", "调解结果反馈函", _reportable),
    rpc.DISPUTE_DOCUMENT_REFUSAL_NOTICE: _Form("refusal_notice", "不予受理通知书", _in(lifecycle.REFUSED)),
    rpc.DISPUTE_DOCUMENT_END_NOTICE: _Form(
        "end_notice", "终止调解通知书", _in(lifecycle.FAILED, lifecycle.REFUSED_BY_PARTY)
    ),
}


@dataclass(frozen=True)
class Source:
    """All that rendering needs; nothing in it touches the store."""

    template: Path
    file_name: str
    context: Mapping[str, Any]


async def gather(work: Work, dispute: pb.Dispute, document: rpc.DisputeDocument.ValueType) -> Source:
    """Collect what a document says. Raises DocumentNotApplicable, NoTemplate."""
    form = FORMS[document]
    if not form.applies(dispute):
        raise DocumentNotApplicable("document", state=lifecycle.STATE_ZH[dispute.state])
    template = work.rules.profile.documents.get(f"mediation_{form.template}")
    if template is None:
        raise NoTemplate("document", template=f"mediation_{form.template}")
    sessions = await work.query(SESSION, limit=MANY, dispute=uuid_of(dispute.name))
    names = [dispute.mediator, *dispute.co_mediators]
    people = [found.full_name for name in names if (found := await _found(work, "mediator", name))]
    committee = await _found(work, "committee", dispute.committee) or await _found(work, "centre", dispute.centre)
    title = committee.title if committee else ""
    context = context_of(dispute, sessions, people, title, work.rules)
    return Source(template, f"{form.zh}-{_safe(dispute.key or uuid_of(dispute.name))}.docx", context)


async def _found(work: Work, kind: str, name: str) -> Any:
    """Return a record that a document names; None when it is gone or out of sight."""
    known = kind_named(work, kind)
    if known is None or not name:
        return None
    try:
        return await work.load(known, name)
    except NotFound:
        return None


def _safe(text: str) -> str:
    return "".join(char if char.isalnum() or char in "-_" else "_" for char in text)[:64]


def render(source: Source) -> Document:
    """Fill a template in; takes some hundredths of a second, so call it beside the event loop."""
    template = DocxTemplate(source.template)
    template.render(dict(source.context), autoescape=True)
    content = io.BytesIO()
    template.save(content)
    return Document(file_name=source.file_name, media_type=MEDIA_TYPE, content=content.getvalue())
