"""What the letters of every side have: a head, and somebody of the registers whom they are about."""

from __future__ import annotations

from typing import Any

from geju.legalservices.v1 import firm_pb2, practitioner_pb2
from google.type.date_pb2 import Date

from services.chassis.documents import in_words, zh_date, zh_value
from services.chassis.domain.references import uuid_of
from services.chassis.domain.rules import Rules

Practitioner = practitioner_pb2.Practitioner
Firm = firm_pb2.Firm


def head_words(record: Any, dated: Date, rules: Rules) -> dict[str, str]:
    """Return the words that every document has: its number, whose it is and its day."""
    return {
        "number": record.key or uuid_of(record.name)[-12:],
        "district": rules.profile.zh,
        "office": rules.profile.office(record.office).zh,
        "dated": zh_date(dated),
        "today": in_words(rules.today),
    }


def subject_words(practitioner: Practitioner | None, firm: Firm | None) -> dict[str, str]:
    """Return the words about a practitioner with the firm, or about a firm; empty for what is not in the register."""
    subject = practitioner or firm
    return {
        "name": practitioner.person_name if practitioner else firm.name_zh if firm else "",
        "firm": firm.name_zh if firm and practitioner else "",
        "kind": zh_value(subject, "kind") if subject else "",
        "licence_number": subject.licence_number if subject else "",
    }
