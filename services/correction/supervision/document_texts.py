"""What the documents of supervision say: the records in words."""

from __future__ import annotations

from typing import Any

from geju.correction.v1 import measure_pb2, supervised_person_pb2

from services.chassis.documents import in_words, zh_date, zh_value
from services.chassis.domain.references import uuid_of
from services.chassis.domain.rules import Rules
from services.correction.domain.supervision import clocks

_DATES = ("judgment_date", "term_from_date", "term_to_date", "taken_over_date", "declared_date", "ended_date")
_CODES = ("sex", "sentence", "offence_class", "notifier", "level", "key_ground", "end_ground")


def person_words(person: supervised_person_pb2.SupervisedPerson, officer: str, rules: Rules) -> dict[str, Any]:
    """Return the words about a person, by the names that templates use."""
    district, due = rules.profile, clocks.report_due_of(person)
    return {
        "number": person.key or uuid_of(person.name)[-12:],
        "district": district.zh,
        "office": district.office(person.office).zh,
        "place": district.place(person.place).zh if person.place else "",
        "today": in_words(rules.today),
        "birth_year": str(person.birth_year or ""),
        "report_due": "" if due is None else zh_date(due),
        "officer": officer,
        **{
            name: getattr(person, name)
            for name in ("full_name", "id_number", "phone", "address", "notifying_unit", "plan")
        },
        **{name: zh_value(person, name) for name in _CODES},
        **{name: zh_date(getattr(person, name)) for name in _DATES},
    }


def measure_words(measure: measure_pb2.Measure, rules: Rules) -> dict[str, str]:
    """Return the words about a measure, with the rule that proposed it."""
    rule = next((rule for rule in rules.profile.supervision.ladder if rule.id == measure.rule), None)
    return {
        "number": measure.key or uuid_of(measure.name)[-12:],
        "kind": zh_value(measure, "kind"),
        "ground": zh_value(measure, "ground"),
        "facts_found": measure.facts_found,
        "decided_date": zh_date(measure.decided_date),
        "rule": "" if rule is None else rule.zh,
        "basis": "" if rule is None else rule.basis,
    }
