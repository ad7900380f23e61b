"""What the documents of legal-aid cases say: the record in words, and the rules in force on the day that counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.legalaid.v1 import aid_case_service_pb2 as rpc
from google.type.date_pb2 import Date

from services.chassis.contract import value_label
from services.chassis.documents import head_words, zh_date, zh_value, zh_yuan
from services.chassis.domain.dates import to_date
from services.chassis.domain.references import uuid_of
from services.chassis.domain.rules import Rules
from services.legalaid.domain.cases import clocks, eligibility, papers
from services.legalaid.domain.cases.lifecycle import is_notified

Case = pb.AidCase
_DATES: tuple[str, ...] = ("received_date", "provided_date", "decided_date", "granted_date", "objection_decided_date")
_DATES += ("transferred_date", "assigned_date", "begun_date", "referred_date", "closed_date", "ended_date")
_DATES += ("subsidy_date",)
_CODES = ("path", "kind", "matter", "green_channel", "hardship", "provide_first", "refusal_ground", "result")
_UNITS: Mapping[str, str] = {"days": "日", "working_days": "个工作日", "months": "个月"}
#: How the profile marks what no law says: nothing that a letter could cite.
_NO_LAW = "起始值"


def case_words(case: Case, document: rpc.AidDocument.ValueType, earmark: str, rules: Rules) -> dict[str, Any]:
    """Return the words of a document, by the names that templates use; of the person only what it may hold."""
    decided, assigned, granted = case.decided_date, case.assigned_date, case.granted_date
    standard = eligibility.standard_of(case, rules)
    return {
        **head_words(case, papers.day_of(case, document), rules),
        "notified": is_notified(case),
        "overturned": case.objection_outcome == pb.OBJECTION_OUTCOME_OVERTURNED,
        "not_in_hardship": case.refusal_ground == pb.AID_REFUSAL_GROUND_NOT_IN_HARDSHIP,
        "settled_before_litigation": case.settled_before_litigation,
        "notifying_organ": case.notifying_organ,
        "transferred_unit": case.transferred_unit,
        "handler": uuid_of(case.practitioner),
        "groups": "、".join(value_label(pb.AidGroup.DESCRIPTOR.values_by_number[group]) for group in case.groups),
        "standard": zh_yuan(standard.monthly_income_fen) if standard else "",
        "recovered": zh_yuan(case.recovered_fen) or "无",
        "subsidy": zh_yuan(case.subsidy_fen),
        "earmark": earmark,
        "review": _limit_words(clocks.review_rule(case), case.received_date, rules),
        "assign": _limit_words(clocks.ASSIGN, granted, rules),
        "objection": _limit_words(clocks.OBJECTION, decided, rules),
        "return_file": _limit_words(clocks.RETURN_FILE, assigned, rules),
        "served": [_served(case, other) for other in papers.to_serve(case)],
        **{name: zh_value(case, name) for name in _CODES},
        **{name: zh_date(getattr(case, name)) if case.HasField(name) else "" for name in _DATES},  # type: ignore[arg-type]
        **_personal_words(case, document),
    }


def _personal_words(case: Case, document: rpc.AidDocument.ValueType) -> dict[str, str]:
    """Return what a document may hold of the person; names that it may not are not there at all."""
    pause = case.pauses[-1] if case.pauses else pb.AidPause()
    words = {name: getattr(case, name) for name in papers.PERSONAL - {"requested", "monthly_income_fen"}}
    words |= {"requested": pause.requested, "monthly_income_fen": zh_yuan(case.monthly_income_fen)}
    found = {name: words[name] for name in sorted(papers.personal(case, document))}
    if document == rpc.AID_DOCUMENT_SUPPLEMENT_NOTICE:
        found["supplement_due_date"] = zh_date(pause.supplement_due_date)
    return found


def _limit_words(rule: str, start: Date, rules: Rules) -> dict[str, str]:
    """Return how long the rule in force on a day gives, and the law that says so; empty where there is none."""
    day = to_date(start)
    found = None if day is None else rules.profile.limit_rule(rule, day)
    if found is None:
        return {"length": "", "basis": ""}
    return {"length": f"{found.length}{_UNITS[found.unit]}", "basis": "" if _NO_LAW in found.basis else found.basis}


def _served(case: Case, document: rpc.AidDocument.ValueType) -> dict[str, str]:
    title = value_label(rpc.AidDocument.DESCRIPTOR.values_by_number[document])
    return {"title": title, "dated": zh_date(papers.day_of(case, document))}
