"""Acts of help (帮困解难) for persons under correction and released persons."""

from __future__ import annotations

from typing import Any

from geju.correction.v1 import help_act_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder
from services.chassis.domain.rules import Rules
from services.correction.domain.errors import NotUnderCorrection
from services.correction.domain.subjects import RELEASED, SUPERVISED, check_person
from services.correction.domain.supervision import lifecycle

HelpAct = help_act_pb2.HelpAct


def check(new: HelpAct, old: HelpAct | None, _rules: Rules) -> None:
    """Guard an act of help on every change. Raises NotAPerson, BadReference."""
    check_person(new, old, SUPERVISED, RELEASED)


def check_of(act: HelpAct, person: Any) -> None:
    """Refuse help from before the person was on the books. Raises NotUnderCorrection, DateOrder."""
    given = to_date(act.given_date)
    assert given is not None, "the contract requires the day"
    if lifecycle.is_released(act.person):
        released = to_date(person.released_date)
        if released is not None and given < released:
            raise DateOrder("given_date", date=given, earliest=released)
    elif not lifecycle.supervised_on(person, given):
        raise NotUnderCorrection("given_date", date=given)
