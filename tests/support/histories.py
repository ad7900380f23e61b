"""Random facts of every kind: lawful or not, counting must not care."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.type.date_pb2 import Date

from services.aggregation.kinds import BY_NAME
from services.chassis.domain.profile import LimitRule, Office, Place, Profile
from services.chassis.stream import FactEvent

FIRST, LAST = date(2010, 11, 1), date(2012, 3, 20)
OFFICES = ("01", "02", "03")


def profile() -> Profile:
    """Return a small invented district."""
    offices = (
        Office("01", "测试一所", "测试一街道", "street", date(2008, 1, 1)),
        Office("02", "测试二所", "测试二乡", "township", date(2008, 1, 1), date(2011, 8, 15)),
        Office("03", "测试三所", "测试三街道", "street", date(2011, 2, 10)),
    )
    places = tuple(
        Place(f"{office.code}{n}", f"测试{n}", office.code, "village" if n % 2 else "community", office.valid_from)
        for office in offices
        for n in range(1, 4)
    )
    report = LimitRule("mediation.screening", "每月排查报告", "month_end", 5, "days", "测试", date(2008, 1, 1))
    return Profile("00", "测试区", True, date(2010, 10, 1), offices, places, (report,), (), (), (), (), 5)  # noqa: FBT003


def record_id(kind: str, number: int) -> UUID:
    """Return the id of a record by its number."""
    return UUID(int=(sorted(BY_NAME).index(kind) << 64) | number)


def facts(kind: str, seed: int, records: int = 8) -> Message:
    """Return random facts of a kind; the same for the same seed."""
    chance = random.Random(f"{kind}{seed}")
    message = BY_NAME[kind].facts()
    for field in message.DESCRIPTOR.fields:
        fill(message, field, chance, records)
    return message


def fill(message: Any, field: FieldDescriptor, chance: random.Random, records: int) -> None:
    """Give a field a value that fits, often none."""
    name = field.name
    if name in OWN:
        value = OWN[name](chance)
    elif field.message_type is not None and field.is_repeated:
        value = [_date(_day(chance)) for _ in range(chance.randrange(3))]
    elif field.message_type is not None:
        often = 0.9 if name in OFTEN else 0.5
        value = _date(_day(chance)) if chance.random() < often else None
    elif field.is_repeated:
        value = _codes(chance) if field.enum_type is None else _numbers(chance, field)
    elif field.enum_type is not None:
        value = chance.choice([value.number for value in field.enum_type.values])
    elif field.type == FieldDescriptor.TYPE_STRING:
        value = _reference(name, chance, records)
    else:
        value = chance.randrange(2 if field.type == FieldDescriptor.TYPE_BOOL else 4)
    _set(message, field, value)


def _set(message: Any, field: FieldDescriptor, value: Any) -> None:
    if field.is_repeated:
        getattr(message, field.name).extend(value)
    elif field.message_type is None:
        setattr(message, field.name, value)
    elif value is not None:
        getattr(message, field.name).CopyFrom(value)


OWN: dict[str, Callable[[random.Random], Any]] = {
    "office": lambda chance: chance.choice(OFFICES),
    "second_office": lambda chance: chance.choice(["", *OFFICES]),
    "deleted": lambda chance: chance.random() < 0.1,
    "place": lambda chance: chance.choice(["", "a", *(place.code for place in profile().places)]),
    # About as long as the plan allows on the way to a station.
    "minutes": lambda chance: chance.choice([10, 60, 61, 90]),
    "former_practitioner": lambda chance: [
        str(record_id("practitioner", chance.randrange(6))) for _ in range(chance.randrange(3))
    ],
    "hours": lambda chance: chance.choice([0, 8, 25, 40]),
    "month_date": lambda chance: _date(_day(chance).replace(day=1)),
    "year": lambda chance: chance.choice([0, 2010, 2011, 2012]),
}


# What begins a record's way, and so is nearly always there.
OFTEN = {
    "accepted_date", "from_date", "entry_date", "taken_over_date", "registered_date", "visit_date", "met_due",
    "received_date", "licensed_from_date", "assessed_date",
}  # fmt: skip
REFERENCES = {
    "person": ("supervised_person", "released_person"),
    "base": ("resettlement_base",),
    "plan": ("emergency_plan",),
    "contract": ("counsel_contract",),
    "group": ("advice_group",),
    "project": ("key_project",),
    **{name: (name,) for name in BY_NAME},
}


def _reference(name: str, chance: random.Random, records: int) -> str:
    if name in REFERENCES and chance.random() < 0.8:
        return str(record_id(chance.choice(REFERENCES[name]), chance.randrange(records)))
    return chance.choice(["", "a", "b"])


def _codes(chance: random.Random) -> Sequence[str]:
    return chance.sample([place.code for place in profile().places], chance.randrange(3))


def _numbers(chance: random.Random, field: FieldDescriptor) -> Sequence[int]:
    """Return some values of an enum, now and then one of them twice."""
    return chance.choices([value.number for value in field.enum_type.values], k=chance.randrange(4))


def _day(chance: random.Random) -> date:
    return FIRST + timedelta(days=chance.randrange((LAST - FIRST).days + 45))


def _date(day: date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)


def event(
    kind: str,
    number: int,
    revision: int,
    message: Message,
    *,
    sequence: int = 1,
    epoch: int = 1,
    change: str = "changed",
    source: str = "geju/mediation",
) -> FactEvent:
    """Return the event of a revision."""
    identity = UUID(int=(revision << 96) | record_id(kind, number).int)
    return FactEvent(
        id=identity,
        source=source,
        kind=kind,
        collection=BY_NAME[kind].collection,
        record_id=record_id(kind, number),
        epoch=epoch,
        revision=revision,
        sequence=sequence,
        change=change,
        office=getattr(message, "office", ""),
        actor="clerk-1",
        recorded=datetime(2012, 3, 20, tzinfo=UTC),
        facts_type=BY_NAME[kind].facts_type,
        facts=message.SerializeToString(deterministic=True),
    )


def source(kind: str, number: int) -> str:
    """Return which service keeps a record; funds are kept by several."""
    return "geju/legalaid" if kind == "fund_entry" and number % 2 else "geju/mediation"
