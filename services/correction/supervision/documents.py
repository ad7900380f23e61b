"""Standard documents (文书) of supervision, rendered from the records through the district's templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geju.correction.v1 import measure_pb2
from geju.correction.v1 import supervised_person_pb2 as pb
from geju.correction.v1 import supervised_person_service_pb2 as rpc

from services.chassis.documents import BLANK, Form, Source, file_name, template_of
from services.chassis.domain.dates import to_date
from services.chassis.domain.papers import DocumentNotApplicable
from services.chassis.domain.references import uuid_of
from services.chassis.domain.steps import state_label
from services.chassis.guards import ALL, known
from services.chassis.work import Work
from services.correction.domain.supervision import lifecycle, measure
from services.correction.supervision.document_texts import measure_words, person_words
from services.correction.supervision.kinds import MEASURE

FORMS: Mapping[int, Form[pb.SupervisedPerson]] = {
    rpc.SUPERVISION_DOCUMENT_NOTICE: Form(
        "correction_notice", "社区矫正对象报到通知书", lambda person: person.state in lifecycle.AWAITED
    ),
    rpc.SUPERVISION_DOCUMENT_PLAN: Form(
        "correction_plan", "社区矫正方案", lambda person: person.state in lifecycle.SUPERVISED and bool(person.plan)
    ),
    rpc.SUPERVISION_DOCUMENT_REPRIMAND: Form("correction_reprimand", "社区矫正对象训诫决定书", lambda _: True),
    rpc.SUPERVISION_DOCUMENT_WARNING: Form("correction_warning", "社区矫正对象警告决定书", lambda _: True),
    rpc.SUPERVISION_DOCUMENT_PROPOSAL: Form("correction_proposal", "建议书", lambda _: True),
    rpc.SUPERVISION_DOCUMENT_END_CERTIFICATE: Form(
        "correction_end_certificate", "解除社区矫正证明书", lambda person: person.state == lifecycle.ENDED
    ),
}
#: The measures that a document is about: the last one decided.
_ABOUT: Mapping[int, frozenset[int]] = {
    rpc.SUPERVISION_DOCUMENT_REPRIMAND: frozenset({measure_pb2.MEASURE_KIND_REPRIMAND}),
    rpc.SUPERVISION_DOCUMENT_WARNING: frozenset({measure_pb2.MEASURE_KIND_WARNING}),
    rpc.SUPERVISION_DOCUMENT_PROPOSAL: measure.TO_OTHERS,
}


async def gather(work: Work, person: pb.SupervisedPerson, document: rpc.SupervisionDocument.ValueType) -> Source:
    """Collect what a document says. Raises DocumentNotApplicable, NoTemplate."""
    form = FORMS[document]
    template = template_of(form, person, work.rules.profile)
    officer = await known(work, person.officer)
    context: dict[str, Any] = person_words(person, officer.full_name if officer else BLANK, work.rules)
    if document in _ABOUT:
        context["measure"] = measure_words(await _last(work, person, _ABOUT[document]), work.rules)
    return Source(template, file_name(form, person), context)


async def _last(work: Work, person: pb.SupervisedPerson, kinds: frozenset[int]) -> measure_pb2.Measure:
    """Return the measure of these kinds that was decided last. Raises DocumentNotApplicable."""
    found = await work.query(MEASURE, limit=ALL, person=uuid_of(person.name))
    taken = [one for one in found if one.kind in kinds and one.state in {measure.DECIDED, measure.ANSWERED}]
    if not taken:
        raise DocumentNotApplicable("document", state=state_label(person))
    return max(taken, key=lambda one: (to_date(one.decided_date) or date.min, one.name))
