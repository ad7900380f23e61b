"""Invented persons: plainly so by name, number of papers, telephone and address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.domain.dates import set_date
from services.demo.district import OfficeLife

K = TypeVar("K")

KEY_GROUNDS = {
    pb.KEY_GROUND_VIOLENT: 30, pb.KEY_GROUND_DRUGS: 30, pb.KEY_GROUND_REPEAT: 20, pb.KEY_GROUND_GRIEVANCE: 8,
    pb.KEY_GROUND_MENTAL: 6, pb.KEY_GROUND_PETITION: 3, pb.KEY_GROUND_OTHER: 3,
}  # fmt: skip
OFFENCES = {
    pb.OFFENCE_CLASS_PROPERTY: 34, pb.OFFENCE_CLASS_PERSON: 18, pb.OFFENCE_CLASS_SOCIAL_ORDER: 24,
    pb.OFFENCE_CLASS_PUBLIC_SAFETY: 12, pb.OFFENCE_CLASS_ECONOMIC: 7, pb.OFFENCE_CLASS_OFFICE: 3,
    pb.OFFENCE_CLASS_OTHER: 2,
}  # fmt: skip
MINOR = 0.03


def choose(life: OfficeLife, weights: Mapping[K, int]) -> K:
    """Choose by weight."""
    return life.rng.choices(list(weights), list(weights.values()))[0]


def day_after(life: OfficeLife, day: dt.date, least: int, most: int) -> dt.date:
    """Choose a day `least` to `most` days after a day."""
    return day + dt.timedelta(days=life.rng.randint(least, most))


def invent(life: OfficeLife, record: Any, number: int, day: dt.date) -> None:
    """Fill in who a person is; works for a person under correction and for a released one alike."""
    record.full_name = life.person()
    record.minor = life.chance(MINOR)
    age = life.rng.randint(15, 17) if record.minor else min(74, 18 + int(life.rng.gammavariate(2.2, 8)))
    record.birth_year = day.year - age
    record.sex = pb.SEX_FEMALE if life.chance(0.12) else pb.SEX_MALE
    # No authority numbers like this.
    record.id_number = f"{life.region}{record.birth_year}0101{number:04d}"
    record.phone = f"000-{life.rng.randrange(10**7):07d}"
    record.address = f"演示路{life.rng.randint(1, 300)}号"
    record.place = life.place(day)


def put(message: Any, field: str, day: dt.date | None, today: dt.date) -> None:
    """Write a date that has come already; one after today has not happened."""
    if day is not None and day <= today:
        set_date(getattr(message, field), day)
