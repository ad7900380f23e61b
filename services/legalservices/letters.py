"""What the letters of every side have: somebody of the registers whom they are about."""

from __future__ import annotations

from geju.legalservices.v1 import firm_pb2, practitioner_pb2

from services.chassis.documents import zh_value

Practitioner = practitioner_pb2.Practitioner
Firm = firm_pb2.Firm


def subject_words(practitioner: Practitioner | None, firm: Firm | None) -> dict[str, str]:
    """Return the words about a practitioner with the firm, or about a firm; empty for what is not in the register."""
    subject = practitioner or firm
    return {
        "name": practitioner.person_name if practitioner else firm.name_zh if firm else "",
        "firm": firm.name_zh if firm and practitioner else "",
        "kind": zh_value(subject, "kind") if subject else "",
        "licence_number": subject.licence_number if subject else "",
    }
