"""What a dispute's documents say: the record in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import session_pb2

from services.chassis.documents import BLANK, in_words, zh_date, zh_value, zh_yuan
from services.chassis.domain.dates import to_date
from services.chassis.domain.references import uuid_of
from services.chassis.domain.rules import Rules


def context_of(
    dispute: pb.Dispute, sessions: Sequence[session_pb2.Session], mediators: Sequence[str], committee: str, rules: Rules
) -> dict[str, Any]:
    """Return the words of a dispute's documents, by the names that templates use."""
    district = rules.profile
    return {
        "number": dispute.key or uuid_of(dispute.name)[-12:],
        "district": district.zh,
        "office": district.office(dispute.office).zh,
        "place": district.place(dispute.place).zh if dispute.place else "",
        "committee": committee or district.office(dispute.office).zh,
        "today": in_words(rules.today),
        "type": zh_value(dispute, "type"),
        "channel": zh_value(dispute, "channel"),
        "kind": zh_value(dispute, "kind"),
        "summary": dispute.summary,
        "amount": zh_yuan(dispute.amount_fen),
        "major": f"是({zh_value(dispute, 'major_ground')})" if dispute.major else "否",
        "mediator": mediators[0] if mediators else BLANK,
        "co_mediators": "、".join(mediators[1:]),
        "parties": [_party(party) for party in dispute.parties],
        "applicants": _names(dispute, pb.PARTY_SIDE_APPLICANT),
        "respondents": _names(dispute, pb.PARTY_SIDE_RESPONDENT),
        "sessions": [_session(session) for session in sorted(sessions, key=_held)],
        "outcome": zh_value(dispute, "outcome"),
        "failure_ground": zh_value(dispute, "failure_ground"),
        "refusal_ground": zh_value(dispute, "refusal_ground"),
        "refusal_note": dispute.refusal_note,
        "feedback_reference": dispute.feedback_reference or BLANK,
        **_dates(dispute),
        "referrer": _referrer(dispute.referrer),
        "agreement": _agreement(dispute),
        "visit": _visit(dispute),
    }


def _dates(dispute: pb.Dispute) -> dict[str, str]:
    names = ("registered_date", "accepted_date", "refused_date", "closed_date", "feedback_date")
    return {name: zh_date(getattr(dispute, name)) for name in names}


def _names(dispute: pb.Dispute, side: pb.PartySide.ValueType) -> str:
    return "、".join(party.full_name for party in dispute.parties if party.side == side)


def _party(party: pb.Party) -> dict[str, str]:
    texts = {name: getattr(party, name) for name in ("full_name", "id_number", "phone", "address", "representative")}
    return {"side": zh_value(party, "side"), "count": str(party.count or 1), **texts}


def _held(session: session_pb2.Session) -> date:
    return to_date(session.held_date) or date.min


def _session(session: session_pb2.Session) -> dict[str, str]:
    return {
        "held_date": zh_date(session.held_date),
        "venue": zh_value(session, "venue") + (f"({session.address})" if session.address else ""),
        "invited": "、".join(_invited(session.invited)),
        "minutes": session.minutes,
        "outcome": zh_value(session, "outcome"),
    }


def _invited(people: Iterable[session_pb2.Invited]) -> list[str]:
    return [" ".join(text for text in (person.department, person.full_name) if text) for person in people]


def _referrer(referrer: pb.Referrer) -> dict[str, str]:
    return {"unit": referrer.unit, "contact": referrer.contact, "reference": referrer.reference}


def _agreement(dispute: pb.Dispute) -> dict[str, str]:
    agreement = dispute.agreement
    on_spot = agreement.performed_on_spot
    return {
        "content": agreement.content,
        "form": zh_value(agreement, "form"),
        "in_force_date": zh_date(agreement.in_force_date),
        "fulfilment": "当场履行" if on_spot else f"{zh_date(agreement.fulfilment_due_date)}前履行",
        "manner": agreement.fulfilment_manner or ("当场履行" if on_spot else "按协议内容履行"),
    }


def _visit(dispute: pb.Dispute) -> dict[str, str]:
    if not dispute.return_visits:
        return {}
    visit = dispute.return_visits[-1]
    return {
        "visit_date": zh_date(visit.visit_date),
        "fulfilled": "已履行" if visit.fulfilled or dispute.HasField("fulfilled_date") else "未履行完毕",
        "satisfied": "满意" if visit.satisfied else "一般",
        "note": visit.note,
    }
