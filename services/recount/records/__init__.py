"""Records as the services keep and answer them, read for the recount.

What a figure rests on is worked out here once more from the record alone: days due, intervals, who is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from geju.correction.v1 import facts_pb2 as correction_facts
from geju.funds.v1 import facts_pb2 as funds_facts
from geju.legalaid.v1 import facts_pb2 as legalaid_facts
from geju.legalservices.v1 import facts_pb2 as legalservices_facts
from geju.mediation.v1 import facts_pb2 as mediation_facts
from geju.publicity.v1 import facts_pb2 as publicity_facts
from google.protobuf.descriptor import Descriptor

from services.recount.records.correction import FOLLOWING as OF_CORRECTION
from services.recount.records.legalaid import FOLLOWING as OF_LEGALAID
from services.recount.records.legalservices import FOLLOWING as OF_LEGALSERVICES
from services.recount.records.mediation import FOLLOWING as OF_MEDIATION
from services.recount.records.publicity import FOLLOWING as OF_PUBLICITY

Store = Mapping[str, Mapping[str, Any]]
#: What follows from a record beside what it says itself: sets facts from record, store and profile.
FOLLOWING: Mapping[str, Callable[[Any, Any, Store, Any], None]] = {
    **OF_MEDIATION,
    **OF_CORRECTION,
    **OF_LEGALSERVICES,
    **OF_LEGALAID,
    **OF_PUBLICITY,
}
_FACTS: Mapping[str, Any] = {
    "geju.mediation.v1": mediation_facts,
    "geju.correction.v1": correction_facts,
    "geju.legalservices.v1": legalservices_facts,
    "geju.legalaid.v1": legalaid_facts,
    "geju.publicity.v1": publicity_facts,
    "geju.funds.v1": funds_facts,
}


def as_fact(kind: str, record: Any, store: Store, profile: Any) -> Any:
    """Return what counting needs of a record; what is that already stays as it is."""
    made = _facts_of(record.DESCRIPTOR)
    if made is None:
        return record
    facts = made()
    for name, source, repeated, text in _common(record.DESCRIPTOR, facts.DESCRIPTOR):
        value = getattr(record, source)
        if repeated:
            getattr(facts, name).extend(value)
        elif text is None:
            if record.HasField(source):
                getattr(facts, name).CopyFrom(value)
        else:  # a reference is the bare id
            setattr(facts, name, value.rpartition("/")[2] if text else value)
    if kind in FOLLOWING:
        FOLLOWING[kind](record, facts, store, profile)
    return facts


@cache
def _facts_of(message: Descriptor) -> Any:
    return getattr(_FACTS.get(message.file.package), f"{message.name}Facts", None)


@cache
def _common(record: Descriptor, facts: Descriptor) -> list[tuple[str, str, bool, bool | None]]:
    """Return what both have: name, the record's name of it, whether it is repeated, and text (None: a date)."""
    found = []
    for field in facts.fields:
        own = record.fields_by_name.get(field.name) or record.fields_by_name.get(f"{field.name}_date")
        if own is None or own.is_repeated != field.is_repeated or own.type != field.type:
            continue
        text = None if field.message_type is not None else field.type == field.TYPE_STRING
        found.append((field.name, own.name, field.is_repeated, text))
    return found
