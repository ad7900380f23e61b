"""Early warnings (预警): raised, answered, and settled or closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from geju.mediation.v1 import warning_pb2

from services.chassis.domain import limits
from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.errors import AlreadyRecorded, DateOrder
from services.chassis.domain.references import check_references
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import Transition, move, permit
from services.mediation.domain.register_errors import TwoEndings
from services.mediation.domain.register_rules import keep_limit

Warning = warning_pb2.Warning  # noqa: A001 (the field's own name; nothing here raises Python warnings)
OPEN, SETTLED, CLOSED = Warning.STATE_OPEN, Warning.STATE_SETTLED, Warning.STATE_CLOSED

#: What may be done in which state.
TRANSITIONS: Mapping[str, Transition] = {
    "settle": Transition("化解", frozenset({OPEN}), SETTLED),
    "close": Transition("关闭", frozenset({OPEN}), CLOSED),
    "report": Transition("反馈", frozenset({OPEN, SETTLED, CLOSED})),
}
#: The time limit for settling a warning.
RULE = "mediation.warning"
_STEPS = ("feedback_date", "settled_date", "closed_date")


def check(new: Warning, _old: Warning | None, rules: Rules) -> None:
    """Guard a warning on every change; its state follows from its dates. Raises DateOrder, TwoEndings, …."""
    check_references("disputes", new.disputes, "disputes")
    raised = to_date(new.raised_date)
    for field in _STEPS:
        day = to_date(getattr(new, field))
        if day is not None and raised is not None and day < raised:
            raise DateOrder(field, date=day, earliest=raised)
    settled, closed = new.HasField("settled_date"), new.HasField("closed_date")
    if settled and closed:
        raise TwoEndings("closed_date")
    new.state = SETTLED if settled else CLOSED if closed else OPEN
    new.source = new.source or warning_pb2.WARNING_SOURCE_OTHER
    keep_limit(new, RULE, raised, to_date(new.settled_date), rules)
    _void(new)


def is_closed(warning: Warning) -> bool:
    """Tell whether a warning is settled or closed: it is corrected from then on, not updated."""
    return warning.state != OPEN


def settle(warning: Warning, on: date, settlement: str) -> None:
    """Record that the matter was settled. Raises ImpossibleTransition."""
    permit(warning, TRANSITIONS, "settle")
    set_date(warning.settled_date, on)
    warning.settlement = settlement or warning.settlement
    move(warning, TRANSITIONS, "settle")
    for limit in warning.limits:
        limits.meet(limit, on)


def close(warning: Warning, on: date) -> None:
    """Close a warning that was not settled. Raises ImpossibleTransition."""
    permit(warning, TRANSITIONS, "close")
    set_date(warning.closed_date, on)
    move(warning, TRANSITIONS, "close")
    _void(warning)


def _void(warning: Warning) -> None:
    """Let nobody wait for the settling of a warning that was closed without it."""
    if warning.state == CLOSED:
        for limit in warning.limits:
            limits.void(limit)


def report_feedback(warning: Warning, on: date, feedback: str) -> None:
    """Record the answer to whoever raised the warning. Raises AlreadyRecorded."""
    permit(warning, TRANSITIONS, "report")
    if warning.HasField("feedback_date"):
        raise AlreadyRecorded("feedback_date")
    set_date(warning.feedback_date, on)
    warning.feedback = feedback
