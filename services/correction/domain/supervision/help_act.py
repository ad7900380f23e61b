"""Acts of help (帮困解难) for persons under correction and released persons."""

from __future__ import annotations

from geju.correction.v1 import help_act_pb2

from services.chassis.domain.rules import Rules
from services.correction.domain.subjects import RELEASED, SUPERVISED, check_person

HelpAct = help_act_pb2.HelpAct


def check(new: HelpAct, old: HelpAct | None, _rules: Rules) -> None:
    """Guard an act of help on every change. Raises NotAPerson, BadReference."""
    check_person(new, old, SUPERVISED, RELEASED)
