"""Standard documents (文书) of resettlement, rendered from the records through the district's templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geju.correction.v1 import released_person_pb2 as pb
from geju.correction.v1 import released_person_service_pb2 as rpc

from services.chassis.documents import Form, Source, file_name, template_of
from services.chassis.domain.dates import to_date
from services.chassis.domain.papers import DocumentNotApplicable
from services.chassis.domain.references import uuid_of
from services.chassis.domain.spans import in_force
from services.chassis.domain.steps import state_label
from services.chassis.guards import ALL
from services.chassis.kinds import Kind
from services.chassis.work import Work
from services.correction.resettlement.document_texts import agreement_words, grant_words, person_words
from services.correction.resettlement.kinds import HELPING_AGREEMENT, TRANSITION_GRANT

FORMS: Mapping[int, Form[pb.ReleasedPerson]] = {
    rpc.RESETTLEMENT_DOCUMENT_HELPING_AGREEMENT: Form("resettlement_helping_agreement", "帮教协议书", lambda _: True),
    rpc.RESETTLEMENT_DOCUMENT_GRANT_STATEMENT: Form(
        "resettlement_grant_statement", "过渡性安置补助金发放表", lambda _: True
    ),
}


async def gather(work: Work, person: pb.ReleasedPerson, document: rpc.ResettlementDocument.ValueType) -> Source:
    """Collect what a document says. Raises DocumentNotApplicable, NoTemplate."""
    form = FORMS[document]
    template = template_of(form, person, work.rules.profile)
    context = person_words(person, work.rules)
    if document == rpc.RESETTLEMENT_DOCUMENT_HELPING_AGREEMENT:
        agreements = await _of(work, HELPING_AGREEMENT, person)
        context["agreement"] = agreement_words(_newest(person, agreements, "from_date", work.rules.today))
    else:
        grants = await _of(work, TRANSITION_GRANT, person)
        context["grant"] = grant_words(_newest(person, grants, "granted_date"))
    return Source(template, file_name(form, person), context)


async def _of(work: Work, kind: Kind[Any], person: pb.ReleasedPerson) -> list[Any]:
    return await work.query(kind, limit=ALL, person=uuid_of(person.name))


def _newest(person: pb.ReleasedPerson, found: list[Any], day: str, today: date | None = None) -> Any:
    """Return the record in force today, if that is asked, else the last one. Raises DocumentNotApplicable."""
    if not found:
        raise DocumentNotApplicable("document", state=state_label(person))
    ordered = sorted(found, key=lambda record: (to_date(getattr(record, day)) or date.min, record.name))
    running = [record for record in ordered if today is not None and in_force(record, today)]
    return (running or ordered)[-1]
