"""Measures towards persons under correction (奖惩): proposed by one, decided by another, answered by an authority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from geju.correction.v1 import measure_pb2 as pb

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder, InvalidField
from services.chassis.domain.rules import Rules
from services.chassis.domain.step_errors import StateMismatch
from services.chassis.domain.steps import Transition, move, permit, put
from services.correction.domain.subjects import SUPERVISED, check_person
from services.correction.domain.supervision import clocks
from services.correction.domain.supervision.errors import DecidedByStep, NoProposal, SamePersonDecides

Measure = pb.Measure
PROPOSED, DECIDED = pb.Measure.STATE_PROPOSED, pb.Measure.STATE_DECIDED
REJECTED, ANSWERED = pb.Measure.STATE_REJECTED, pb.Measure.STATE_ANSWERED
ANSWER = "correction.answer"
#: Proposals to a court or the police, who answer.
TO_OTHERS = frozenset(
    {
        pb.MEASURE_KIND_PROPOSE_PENALTY,
        pb.MEASURE_KIND_PROPOSE_REVOKE,
        pb.MEASURE_KIND_PROPOSE_RETURN,
        pb.MEASURE_KIND_PROPOSE_COMMUTE,
    }
)
TRANSITIONS: Mapping[str, Transition] = {
    "decide": Transition("决定", frozenset({PROPOSED}), DECIDED),
    "reject": Transition("不予采取", frozenset({PROPOSED}), REJECTED),
    "answer": Transition("登记答复", frozenset({DECIDED}), ANSWERED),
}
STEP_FIELDS = ("decided_date", "answered_date", "granted")


def check(new: Measure, old: Measure | None, rules: Rules) -> None:
    """Guard a measure on every change; state and limit follow. Raises NotAPerson, DateOrder, StateMismatch, …."""
    check_person(new, old, SUPERVISED)
    if not new.HasField("proposed_date"):
        put(new, "proposed_date", rules.today)
    if new.rule and all(rule.id != new.rule for rule in rules.profile.supervision.ladder):
        raise InvalidField("rule", expected="区划档案中没有这条规则")
    _check_days(new)
    new.state = _state(new, old)
    if new.state == PROPOSED:
        new.decider = ""
    sync(new, rules)


def _check_days(measure: Measure) -> None:
    names = ("proposed_date", "decided_date", "answered_date")
    proposed, decided, answered = (to_date(getattr(measure, name)) for name in names)
    for field, day, earliest in (("decided_date", decided, proposed), ("answered_date", answered, decided)):
        if day is not None and earliest is not None and day < earliest:
            raise DateOrder(field, date=day, earliest=earliest)
    if answered is not None and decided is None:
        raise StateMismatch("answered_date", expected="决定后方有答复")
    if answered is not None and measure.kind not in TO_OTHERS:
        raise NoProposal("answered_date")
    if measure.granted and answered is None:
        raise StateMismatch("granted", expected="有答复方可填写是否采纳")


def _state(measure: Measure, old: Measure | None) -> Measure.State.ValueType:
    """Return where a measure stands; a rejection stays one, it has the same day as a decision."""
    if measure.HasField("answered_date"):
        return ANSWERED
    if not measure.HasField("decided_date"):
        return PROPOSED
    return REJECTED if old is not None and old.state == REJECTED else DECIDED


def sync(measure: Measure, rules: Rules) -> None:
    """Keep the limit for the answer: of proposals that were decided on."""
    waiting = measure.kind in TO_OTHERS and measure.state in {DECIDED, ANSWERED}
    start = to_date(measure.decided_date) if waiting else None
    clocks.keep(measure, clocks.Clock(ANSWER, start, to_date(measure.answered_date)), rules)


def is_closed(measure: Measure) -> bool:
    """Tell whether a measure was decided on: it is corrected from then on, not updated."""
    return measure.state != PROPOSED


def check_decision(new: Measure, old: Measure | None, roles: Iterable[str]) -> None:
    """Refuse a decision that is no step: it would need no second person. Raises DecidedByStep.

    What was decided before there was a record of it is taken over by the department.
    """
    if not is_closed(new) or (old is not None and is_closed(old)):
        return
    if old is not None or "department" not in roles:
        raise DecidedByStep("decided_date")


def is_pending(measure: Measure) -> bool:
    """Tell whether somebody still has to decide on a measure or to answer it."""
    return measure.state == PROPOSED or (measure.state == DECIDED and measure.kind in TO_OTHERS)


def decide(measure: Measure, on: date, decider: str, rules: Rules, *, taken: bool) -> None:
    """Decide to take a measure, or not to. Raises ImpossibleTransition, SamePersonDecides."""
    step = "decide" if taken else "reject"
    permit(measure, TRANSITIONS, step)
    if measure.proposer == decider:
        raise SamePersonDecides("decider")
    put(measure, "decided_date", on)
    measure.decider = decider
    move(measure, TRANSITIONS, step)
    sync(measure, rules)


def answer(measure: Measure, on: date, rules: Rules, *, granted: bool) -> None:
    """Record how the court or police answered. Raises NoProposal, ImpossibleTransition."""
    if measure.kind not in TO_OTHERS:
        raise NoProposal("kind")
    permit(measure, TRANSITIONS, "answer")
    put(measure, "answered_date", on)
    measure.granted = granted
    move(measure, TRANSITIONS, "answer")
    sync(measure, rules)
