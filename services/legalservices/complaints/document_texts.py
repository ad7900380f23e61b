"""What the documents of complaints and measures say: the records in words.

A complaint comes here as what the document's reader may see of it; nothing here looks at the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geju.legalservices.v1 import complaint_pb2, sanction_pb2
from geju.legalservices.v1 import complaint_service_pb2 as rpc

from services.chassis.contract import value_label
from services.chassis.documents import head_words, zh_date, zh_value
from services.chassis.domain.rules import Rules
from services.legalservices.letters import Firm, Practitioner, subject_words

_DATES: tuple[str, ...] = ("received_date", "accepted_date", "refused_date", "investigating_date", "investigated_date")
_DATES += ("concluded_date", "answered_date", "review_asked_date", "review_decided_date")
_CODES = ("channel", "refusal_ground", "outcome", "review_outcome")
_TEXTS = ("findings", "decision", "answer", "review_decision")
_LIMITS = {"accept_due": "legalservices.accept", "conclude_due": "legalservices.conclude"}
#: The day that a document bears: of what it tells of.
_DATED: Mapping[int, str] = {
    rpc.COMPLAINT_DOCUMENT_RECEIPT: "received_date",
    rpc.COMPLAINT_DOCUMENT_ACCEPTANCE: "accepted_date",
    rpc.COMPLAINT_DOCUMENT_REFUSAL: "refused_date",
    rpc.COMPLAINT_DOCUMENT_INVESTIGATION_RECORD: "investigated_date",
    rpc.COMPLAINT_DOCUMENT_DECISION: "concluded_date",
    rpc.COMPLAINT_DOCUMENT_ANSWER: "answered_date",
    rpc.COMPLAINT_DOCUMENT_REVIEW_DECISION: "review_decided_date",
}
_GROUP = 4


def complaint_words(
    seen: complaint_pb2.Complaint, document: rpc.ComplaintDocument.ValueType, rules: Rules
) -> dict[str, Any]:
    """Return the words of a document about what its reader may see of a complaint, by the names that templates use."""
    pause = seen.pauses[-1] if seen.pauses else complaint_pb2.ComplaintPause()
    dated = _DATED.get(document)
    return {
        **head_words(seen, pause.from_date if dated is None else getattr(seen, dated), rules),
        "complainant": seen.complainant_name or ("匿名投诉人" if seen.anonymous else "投诉人"),
        "grounds": grounds_of(seen),
        "evidence": list(seen.evidence),
        "receipt_code": in_groups(seen.receipt_code),
        "supplement": {"requested": pause.requested, "due": zh_date(pause.supplement_due_date)},
        "changed": seen.review_outcome == complaint_pb2.REVIEW_OUTCOME_CHANGED,
        **{name: getattr(seen, name) for name in _TEXTS},
        **{name: zh_value(seen, name) for name in _CODES},
        **{name: zh_date(getattr(seen, name)) for name in _DATES},
        **{name: _due(seen, rule) for name, rule in _LIMITS.items()},
    }


def respondent_words(
    seen: complaint_pb2.Complaint, practitioner: Practitioner | None, firm: Firm | None, rules: Rules
) -> dict[str, str]:
    """Return the words about the respondent: of the register, else as the complaint names it."""
    words, kind = subject_words(practitioner, firm), zh_value(seen, "respondent_kind")
    district, office = rules.profile, seen.respondent_office
    where = district.office(office).zh if district.has_office(office) else ""
    return {**words, "kind": kind, "name": words["name"] or seen.respondent_name or where or kind, "office": where}


def sanction_words(sanction: sanction_pb2.Sanction, rules: Rules) -> dict[str, str]:
    """Return the words about a measure."""
    words = head_words(sanction, sanction.decided_date, rules)
    return {**words, "kind": zh_value(sanction, "kind"), "content": sanction.content}


def grounds_of(seen: complaint_pb2.Complaint) -> str:
    """Return what is complained of, in words."""
    values = complaint_pb2.ComplaintGround.DESCRIPTOR.values_by_number
    return "、".join(value_label(values[ground]) for ground in seen.grounds)


def in_groups(code: str) -> str:
    """Return a receipt code as it is shown: XXXX-XXXX-XXXX-XXXX."""
    plain = code.replace("-", "")
    return "-".join(plain[start : start + _GROUP] for start in range(0, len(plain), _GROUP))


def _due(seen: complaint_pb2.Complaint, rule: str) -> str:
    return next((zh_date(limit.due) for limit in seen.limits if limit.rule == rule), "")
