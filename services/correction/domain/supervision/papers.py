"""The papers of the file of a person under correction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geju.correction.v1 import duty_pb2
from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.domain.dates import to_date
from services.correction.domain.papers import Paper
from services.correction.domain.supervision import lifecycle

_OF_DUTIES = {
    duty_pb2.DUTY_KIND_ASSESSMENT: ("assessments", "季度考核表"),
    duty_pb2.DUTY_KIND_THOUGHT_REPORT: ("thought_reports", "思想汇报"),
}


def papers(person: pb.SupervisedPerson, duties: Iterable[duty_pb2.Duty], today: date) -> list[Paper]:
    """Return what the file has to hold on a day; `duties` are the person's.

    What is owed by quarter or month is there when nothing that was due by then is missing.
    """
    taken_over = person.HasField("taken_over_date")
    own = [
        Paper("legal_papers", "法律文书", required=True, present=person.HasField("papers_date")),
        Paper("registration", "报到接收登记表", taken_over, taken_over and bool(person.id_number)),
        Paper("declaration", "入矫宣告书", taken_over, person.HasField("declared_date")),
        Paper("plan", "矫正方案", taken_over, bool(person.plan)),
        Paper("end", "解除矫正证明书", person.state == lifecycle.ENDED, person.state == lifecycle.ENDED),
    ]
    due = [duty for duty in duties if not duty.excuse and _is_due(duty, today)]
    for kind, (code, zh) in _OF_DUTIES.items():
        owed = [duty for duty in due if duty.kind == kind]
        own.append(Paper(code, zh, bool(owed), bool(owed) and all(duty.HasField("met_date") for duty in owed)))
    return own


def _is_due(duty: duty_pb2.Duty, today: date) -> bool:
    due = to_date(duty.due_date)
    return due is not None and due < today
