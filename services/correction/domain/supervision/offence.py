"""New offences (重新犯罪) of persons under correction and of released persons."""

from __future__ import annotations

from datetime import date

from geju.correction.v1 import new_offence_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import AlreadyRecorded, DateOrder
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import put
from services.correction.domain.subjects import RELEASED, SUPERVISED, check_person

NewOffence = new_offence_pb2.NewOffence


def check(new: NewOffence, old: NewOffence | None, rules: Rules) -> None:
    """Guard an offence on every change; known today unless said. Raises NotAPerson, DateOrder."""
    check_person(new, old, SUPERVISED, RELEASED)
    committed = to_date(new.committed_date)
    if not new.HasField("known_date"):
        put(new, "known_date", rules.today)
    for field in ("known_date", "convicted_date"):
        day = to_date(getattr(new, field))
        if day is not None and committed is not None and day < committed:
            raise DateOrder(field, date=day, earliest=committed)


def convict(offence: NewOffence, on: date) -> None:
    """Record the conviction. Raises AlreadyRecorded."""
    if offence.HasField("convicted_date"):
        raise AlreadyRecorded("convicted_date")
    put(offence, "convicted_date", on)
