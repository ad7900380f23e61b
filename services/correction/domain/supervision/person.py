"""A person under correction (社区矫正对象): what must hold on every change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder, InvalidField
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span
from services.chassis.domain.step_errors import StateMismatch, StepFact
from services.chassis.domain.steps import put
from services.correction.domain.supervision import clocks, history, lifecycle
from services.correction.domain.supervision.errors import OutsideTerm

Person = pb.SupervisedPerson
#: Set by a step, an import or a correction, never by registering or a plain update.
STEP_FIELDS = (
    "taken_over_date",
    "declared_date",
    "never_reported_date",
    "level",
    "level_date",
    "key_ground",
    "key_from_date",
    "key_to_date",
    "ended_date",
    "end_ground",
)
#: Days that cannot precede each other, in order.
_ORDER = (("judgment_date", "taken_over_date"), ("taken_over_date", "declared_date"), ("declared_date", "ended_date"))
_LEVELS = {
    "strict": pb.SUPERVISION_LEVEL_STRICT,
    "ordinary": pb.SUPERVISION_LEVEL_ORDINARY,
    "lenient": pb.SUPERVISION_LEVEL_LENIENT,
}


def check(new: Person, old: Person | None, rules: Rules) -> None:
    """Guard a person on every change; state, level and limits follow. Raises DateOrder, StateMismatch, …."""
    check_reference("officer", new.officer, "correctionOfficers")
    _check_days(new)
    _check_level(new, old, rules)
    _check_key(new)
    if old is not None:
        history.keep(new, old)
    new.sealed = new.minor
    new.state = lifecycle.state_of(new)
    if new.state in lifecycle.OVER:
        close_transfer(new)
    clocks.sync(new, rules)


def check_kept(new: Person, old: Person) -> None:
    """Refuse an import that changes what a step has recorded; it may add to it. Raises StepFact."""
    for name in STEP_FIELDS:
        before = getattr(old, name)
        if _is_set(before) and getattr(new, name) != before:
            raise StepFact(name)


def check_office(new: Person, old: Person) -> None:
    """Refuse a change of office that is no transfer: a person is never without one that agreed. Raises InvalidField."""
    if new.office != old.office:
        raise InvalidField("office", expected="迁居须由现司法所申请、迁入司法所接收")


def _is_set(value: object) -> bool:
    return bool(value.ByteSize()) if hasattr(value, "ByteSize") else bool(value)


def _check_days(person: Person) -> None:
    check_span(person, "term_from_date", "term_to_date")
    for first, second in _pairs(person):
        earliest, day = to_date(getattr(person, first)), to_date(getattr(person, second))
        if earliest is not None and day is not None and day < earliest:
            raise DateOrder(second, date=day, earliest=earliest)
    ended, last = to_date(person.ended_date), to_date(person.term_to_date)
    if ended is not None and last is not None and ended > last:
        raise OutsideTerm("ended_date", date=ended, last=last)
    if person.HasField("declared_date") and not person.HasField("taken_over_date"):
        raise StateMismatch("declared_date", expected="宣告前须先报到接收")
    if person.HasField("ended_date") != bool(person.end_ground):
        raise StateMismatch("end_ground", expected="解除终止日期与事由须同时填写")
    if person.end_ground in lifecycle.SERVED and not person.HasField("taken_over_date"):
        raise StateMismatch("end_ground", expected="未经报到接收的,不能按期满或特赦解除")


def _pairs(person: Person) -> Iterable[tuple[str, str]]:
    yield from _ORDER
    if not person.HasField("declared_date"):
        yield "taken_over_date", "ended_date"
    if not person.HasField("taken_over_date"):
        yield "judgment_date", "ended_date"
    yield "judgment_date", "never_reported_date"
    yield "judgment_date", "report_due_date"


def _check_level(person: Person, old: Person | None, rules: Rules) -> None:
    """Let supervision begin with a level; its first day follows the day of taking over. Raises StateMismatch."""
    taken_over = to_date(person.taken_over_date)
    if taken_over is None:
        if person.level or person.HasField("level_date"):
            raise StateMismatch("level", expected="报到接收后方有管理等级")
        return
    if not person.level:
        first = rules.profile.supervision.first_level(taken_over)
        person.level = _LEVELS[first] if first else pb.SUPERVISION_LEVEL_ORDINARY
    since, before = to_date(person.level_date), None if old is None else to_date(old.taken_over_date)
    if since is None or since < taken_over or since == before:
        put(person, "level_date", taken_over)


def _check_key(person: Person) -> None:
    if person.HasField("key_from_date") != bool(person.key_ground):
        raise StateMismatch("key_ground", expected="重点对象须同时填写事由和起始日期")
    check_span(person, "key_from_date", "key_to_date")


def close_transfer(person: Person) -> None:
    """Forget a transfer that was asked for."""
    person.transfer_to_office = ""
    person.ClearField("transfer_asked_date")


def happened(person: Person) -> date | None:
    """Return the day a new record speaks of: of the last step that an imported one has taken."""
    if person.revision:
        return None
    names = ("notified_date", "taken_over_date", "declared_date", "ended_date")
    return max((day for name in names if (day := to_date(getattr(person, name))) is not None), default=None)
