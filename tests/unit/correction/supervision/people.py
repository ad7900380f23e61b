"""Persons under correction for unit tests, by the rules of the demonstration district; whoever they are is invented."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis import profile_file
from services.chassis.domain.profile import Profile
from services.chassis.domain.rules import Rules
from services.correction.domain.supervision import person as person_rules
from tests.support.correction import supervised
from tests.support.records import on, rules_of

PROFILE = Path(__file__).parents[4] / "deploy" / "districts" / "lucheng"
TODAY = date(2012, 6, 15)


@cache
def profile() -> Profile:
    """Read the demonstration district once."""
    return profile_file.load(PROFILE)


def rules(today: date = TODAY) -> Rules:
    """Return the rules at 10 o'clock in the morning of a day in Shanghai."""
    return rules_of(profile(), today)


def person(**fields: Any) -> pb.SupervisedPerson:
    """Return a person as the rules let it be, notified unless the fields say more."""
    made = supervised(**fields)
    person_rules.check(made, None, rules())
    return made


def taken_over(**fields: Any) -> pb.SupervisedPerson:
    """Return a person taken over on Monday, 5 March 2012, at the ordinary level."""
    return person(**{"taken_over_date": on(2012, 3, 5), **fields})
