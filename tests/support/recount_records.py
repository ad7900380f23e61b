"""Records of all services but mediation as the services keep and answer them, read for the recount.

What a figure rests on is worked out here once more from the record alone: days due, intervals, who is meant. Numbers
that are data of the district are those of the demonstration.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from geju.correction.v1 import facts_pb2
from geju.correction.v1 import measure_pb2 as mp
from geju.legalaid.v1 import facts_pb2 as legalaid_facts_pb2
from geju.legalservices.v1 import facts_pb2 as legalservices_facts_pb2
from geju.publicity.v1 import facts_pb2 as publicity_facts_pb2
from google.protobuf.descriptor import Descriptor

from tests.support.recount import Store, day_of
from tests.support.recount_legalaid_records import FOLLOWING as OF_LEGALAID
from tests.support.recount_legalservices_records import FOLLOWING as OF_LEGALSERVICES
from tests.support.recount_publicity_records import FOLLOWING as OF_PUBLICITY

#: Where the facts of the services' records are that are read so.
_FACTS: Mapping[str, Any] = {
    "geju.correction.v1": facts_pb2,
    "geju.legalservices.v1": legalservices_facts_pb2,
    "geju.legalaid.v1": legalaid_facts_pb2,
    "geju.publicity.v1": publicity_facts_pb2,
}
#: Months between two visits to a key person and to anybody else; days for which a confirmation holds.
KEY_INTERVAL, INTERVAL, CONFIRMED = 1, 3, 90
YEARS, YOUNG = 5, 24


def as_facts(store: Store, profile: Any) -> Store:
    """Return the store with facts in the place of records; what is facts already, or of another service, stays."""
    return {
        kind: {number: _read(kind, record, store, profile) for number, record in records.items()}
        for kind, records in store.items()
    }


def is_read(message: Descriptor) -> bool:
    """Tell whether records, not facts, of a kind are read; some messages are neither."""
    return hasattr(_FACTS.get(message.file.package), f"{message.name}Facts")


def _read(kind: str, record: Any, store: Store, profile: Any) -> Any:
    if not is_read(record.DESCRIPTOR):
        return record
    facts = getattr(_FACTS[record.DESCRIPTOR.file.package], f"{record.DESCRIPTOR.name}Facts")()
    _copy(record, facts)
    if kind in FOLLOWING:
        FOLLOWING[kind](record, facts, store, profile)
    return facts


def _copy(record: Any, facts: Any) -> None:
    """Copy what record and facts both have; a reference is the bare id."""
    own = record.DESCRIPTOR.fields_by_name
    for field in facts.DESCRIPTOR.fields:
        name = field.name if field.name in own else f"{field.name}_date"
        if name not in own or own[name].is_repeated != field.is_repeated:
            continue
        value = getattr(record, name)
        if field.is_repeated:
            getattr(facts, field.name).extend(value)
        elif field.message_type is None:
            setattr(facts, field.name, value.rpartition("/")[2] if isinstance(value, str) else value)
        elif record.HasField(name):
            getattr(facts, field.name).CopyFrom(value)


def _put(facts: Any, field: str, day: date | None) -> None:
    """Set a date that is not kept in the record itself."""
    if day is not None and not facts.HasField(field):
        where = getattr(facts, field)
        where.year, where.month, where.day = day.year, day.month, day.day


def _later(day: date | None, *, months: int = 0, days: int = 0) -> date | None:
    """Return a day so much later; the last of its month when that has no such day."""
    if day is None:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])) + timedelta(days=days)


def _limit(profile: Any, rule_id: str, start: date | None) -> date | None:
    """Return the last day in time by the rule in force when the clock started; None when there was none."""
    for rule in profile.limits:
        if rule.id == rule_id and start is not None and rule.valid_from <= start <= (rule.valid_to or date.max):
            assert rule.unit in {"days", "months"}, rule.unit
            return _later(start, **{rule.unit: rule.length})
    return None


def _interval(person: Any, day: date | None) -> int:
    """Return the months until the next visit by the class of a person on a day."""
    since, last = day_of(person, "key_from_date"), day_of(person, "key_to_date")
    key = since is not None and day is not None and since <= day <= (last or date.max)
    return KEY_INTERVAL if key else INTERVAL


def _supervised_person(record: Any, facts: Any, _: Store, profile: Any) -> None:
    _put(facts, "report_due", _limit(profile, "correction.report", day_of(record, "judgment_date")))


def _absconding(record: Any, facts: Any, _: Store, profile: Any) -> None:
    _put(facts, "unknown_due", _limit(profile, "correction.unknown", day_of(record, "from_date")))


def _duty(record: Any, facts: Any, _: Store, __: Any) -> None:
    _put(facts, "met_due", day_of(record, "due_date"))


def _of_whom(record: Any, facts: Any, _: Store, __: Any) -> None:
    facts.released = record.person.startswith("releasedPersons/")


def _measure(_: Any, facts: Any, __: Store, ___: Any) -> None:
    if facts.state == mp.Measure.STATE_REJECTED:
        facts.ClearField("decided_date")


def _released_person(record: Any, facts: Any, _: Store, profile: Any) -> None:
    released, registered = day_of(record, "released_date"), day_of(record, "registered_date")
    facts.second_office = record.residence_office
    _put(facts, "link_due", _limit(profile, "resettlement.link", released))
    _put(facts, "five_years_due", _later(released, months=YEARS * 12, days=-1))
    _put(facts, "first_visit_due", _later(registered, months=_interval(record, registered)))
    last_young = date(record.birth_year + YOUNG, 12, 31) if record.birth_year else None
    if last_young is not None and released is not None and last_young >= released:
        _put(facts, "youth_due", last_young)


def _helping_agreement(record: Any, facts: Any, _: Store, __: Any) -> None:
    facts.helpers = len(record.helpers)


def _released_visit(record: Any, facts: Any, store: Store, _: Any) -> None:
    visited, person = day_of(record, "visit_date"), store.get("released_person", {}).get(facts.person)
    if person is not None:
        _put(facts, "next_visit_due", _later(visited, months=_interval(person, visited)))
    if record.confirmed:
        _put(facts, "confirmed_due", _later(visited, days=CONFIRMED))


def _placement(record: Any, facts: Any, _: Store, __: Any) -> None:
    _put(facts, "six_months_due", _later(day_of(record, "from_date"), months=6))


def _base_stay(_: Any, facts: Any, store: Store, __: Any) -> None:
    base = store.get("resettlement_base", {}).get(facts.base)
    if base is not None:
        facts.kind = base.kind


FOLLOWING: Mapping[str, Callable[[Any, Any, Store, Any], None]] = {
    "absconding": _absconding,
    "supervised_person": _supervised_person,
    "duty": _duty,
    "new_offence": _of_whom,
    "help_act": _of_whom,
    "measure": _measure,
    "released_person": _released_person,
    "helping_agreement": _helping_agreement,
    "released_visit": _released_visit,
    "placement": _placement,
    "base_stay": _base_stay,
    **OF_LEGALSERVICES,
    **OF_LEGALAID,
    **OF_PUBLICITY,
}
