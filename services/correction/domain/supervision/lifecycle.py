"""Where a person under correction may go from where it stands: the one table that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geju.correction.v1 import supervised_person_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder
from services.chassis.domain.steps import Transition
from services.correction.domain.errors import NotUnderCorrection
from services.correction.domain.subjects import sealing

NOTIFIED = pb.SupervisedPerson.STATE_NOTIFIED
NEVER_REPORTED = pb.SupervisedPerson.STATE_NEVER_REPORTED
TAKEN_OVER = pb.SupervisedPerson.STATE_TAKEN_OVER
UNDER_CORRECTION = pb.SupervisedPerson.STATE_UNDER_CORRECTION
ENDED = pb.SupervisedPerson.STATE_ENDED
TERMINATED = pb.SupervisedPerson.STATE_TERMINATED

#: Not taken over yet.
AWAITED = frozenset({NOTIFIED, NEVER_REPORTED})
#: Under supervision.
SUPERVISED = frozenset({TAKEN_OVER, UNDER_CORRECTION})
OVER = frozenset({ENDED, TERMINATED})
#: Ways to end that let the person go; all others terminate correction.
SERVED = frozenset({pb.END_GROUND_TERM_SERVED, pb.END_GROUND_PARDONED})

TRANSITIONS: Mapping[str, Transition] = {
    "take_over": Transition("报到接收", AWAITED, TAKEN_OVER),
    "never_reported": Transition("认定漏管", frozenset({NOTIFIED}), NEVER_REPORTED),
    "declare": Transition("入矫宣告", frozenset({TAKEN_OVER}), UNDER_CORRECTION),
    "level": Transition("调整管理等级", SUPERVISED),
    "key": Transition("调整重点对象", SUPERVISED),
    "term": Transition("变更矫正期限", AWAITED | SUPERVISED),
    "transfer": Transition("申请迁居", AWAITED | SUPERVISED),
    "accept": Transition("接收迁居", AWAITED | SUPERVISED),
    "refuse": Transition("退回迁居", AWAITED | SUPERVISED),
    "end": Transition("解除矫正", SUPERVISED, ENDED),
    # Whoever dies or is put in prison before reporting is on no office's books any more either.
    "terminate": Transition("终止矫正", AWAITED | SUPERVISED, TERMINATED),
}


def state_of(person: pb.SupervisedPerson) -> pb.SupervisedPerson.State.ValueType:
    """Return the state that follows from the days recorded."""
    if person.HasField("ended_date"):
        return ENDED if person.end_ground in SERVED else TERMINATED
    if person.HasField("declared_date"):
        return UNDER_CORRECTION
    if person.HasField("taken_over_date"):
        return TAKEN_OVER
    return NEVER_REPORTED if person.HasField("never_reported_date") else NOTIFIED


def last_day(person: pb.SupervisedPerson) -> date:
    """Return the last day of supervision: as it ended, else as the term is planned."""
    found = to_date(person.ended_date) or to_date(person.term_to_date)
    assert found is not None, "the contract requires the term"
    return found


def supervised_on(person: pb.SupervisedPerson, on: date) -> bool:
    """Tell whether a person is under supervision on a day."""
    first, last = to_date(person.taken_over_date), to_date(person.ended_date)
    return first is not None and first <= on and (last is None or on <= last)


def check_on_books(name: str, person: Any, field: str, on: Date) -> None:
    """Refuse a day on which a person of either kind is not on the books yet, or not any more under supervision.

    Raises NotUnderCorrection, DateOrder.
    """
    day = to_date(on)
    assert day is not None, "the contract requires the day"
    if is_released(name):
        released = to_date(person.released_date)
        if released is not None and day < released:
            raise DateOrder(field, date=day, earliest=released)
    elif not supervised_on(person, day):
        raise NotUnderCorrection(field, date=day)


def is_over(person: pb.SupervisedPerson) -> bool:
    """Tell whether correction has ended: the record is corrected from then on, not updated."""
    return person.state in OVER


def is_released(name: str) -> bool:
    """Tell whether a reference names a released person's file."""
    return name.startswith("releasedPersons/")


def transition(new: pb.SupervisedPerson, old: pb.SupervisedPerson | None) -> str:
    """Name the end that an import or a correction tells of, or else the seal; empty: it tells of none."""
    if new.state not in OVER or (old is not None and old.state == new.state):
        return sealing(new, old)
    return "ended" if new.state == ENDED else "terminated"
