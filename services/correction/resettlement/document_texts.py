"""What the documents of resettlement say: the records in words."""

from __future__ import annotations

from typing import Any

from geju.correction.v1 import helping_agreement_pb2, released_person_pb2, transition_grant_pb2

from services.chassis.documents import in_words, zh_date, zh_value, zh_yuan
from services.chassis.domain.references import uuid_of
from services.chassis.domain.rules import Rules


def person_words(person: released_person_pb2.ReleasedPerson, rules: Rules) -> dict[str, Any]:
    """Return the words about a person, by the names that templates use."""
    district = rules.profile
    return {
        "number": person.key or uuid_of(person.name)[-12:],
        "district": district.zh,
        "office": district.office(person.office).zh,
        "today": in_words(rules.today),
        "full_name": person.full_name,
        "id_number": person.id_number,
        "phone": person.phone,
        "address": person.address,
        "sex": zh_value(person, "sex"),
        "birth_year": str(person.birth_year or ""),
        "source": zh_value(person, "source"),
        "released_from": person.released_from,
        "released_date": zh_date(person.released_date),
        "household": zh_value(person, "household"),
        "five_years": zh_date(person.five_years_due_date),
    }


def agreement_words(agreement: helping_agreement_pb2.HelpingAgreement) -> dict[str, Any]:
    """Return the words about an agreement and those who help."""
    return {
        "number": agreement.key or uuid_of(agreement.name)[-12:],
        "from_date": zh_date(agreement.from_date),
        "to_date": zh_date(agreement.to_date),
        "content": agreement.content,
        "helpers": [
            {"full_name": helper.full_name, "kind": zh_value(helper, "kind"), "phone": helper.phone}
            for helper in agreement.helpers
        ],
    }


def grant_words(grant: transition_grant_pb2.TransitionGrant) -> dict[str, str]:
    """Return the words about a grant."""
    return {
        "number": grant.key or uuid_of(grant.name)[-12:],
        "amount": zh_yuan(grant.amount_fen),
        "granted_date": zh_date(grant.granted_date),
        "paid_date": zh_date(grant.paid_date),
        "ground": grant.ground,
    }
