"""Steps of a person through correction: guard, then change. What follows from the days is `person.check`'s."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from geju.correction.v1 import supervised_person_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import AlreadyRecorded, InvalidField, UnknownOffice
from services.chassis.domain.rules import Rules
from services.chassis.domain.step_errors import StateMismatch
from services.chassis.domain.steps import day, permit, put
from services.correction.domain.supervision import clocks, lifecycle
from services.correction.domain.supervision.errors import NoTransfer, SameOffice, TimeNotOver, TransferPending
from services.correction.domain.supervision.lifecycle import TRANSITIONS
from services.correction.domain.supervision.person import close_transfer

Person = pb.SupervisedPerson


class Handover(NamedTuple):
    """What taking a person over brings: the day, the day of the papers, a level, an officer; empty ones stay."""

    taken_over_date: Date
    papers_date: Date
    level: pb.SupervisionLevel.ValueType
    officer: str


def take_over(person: Person, given: Handover, rules: Rules) -> date:
    """Take a notified person over: the person reported; return the day. Raises ImpossibleTransition, DateOrder."""
    permit(person, TRANSITIONS, "take_over")
    on = day(rules, "taken_over_date", given.taken_over_date, person.judgment_date)
    put(person, "taken_over_date", on)
    if to_date(given.papers_date) is not None:
        person.papers_date.CopyFrom(given.papers_date)
    person.level = given.level
    person.officer = given.officer or person.officer
    return on


def record_never_reported(person: Person, given: Date, rules: Rules) -> date:
    """Establish that a person was never taken over; return the day. Raises ImpossibleTransition, TimeNotOver."""
    permit(person, TRANSITIONS, "never_reported")
    on = day(rules, "never_reported_date", given, person.judgment_date)
    due = clocks.never_reported_from(person, rules)
    if due is not None and on <= due:
        raise TimeNotOver("never_reported_date", due=due)
    put(person, "never_reported_date", on)
    return on


def declare(person: Person, given: Date, plan: str, rules: Rules) -> date:
    """Declare correction begun; return the day. Raises ImpossibleTransition, DateOrder."""
    permit(person, TRANSITIONS, "declare")
    on = day(rules, "declared_date", given, person.taken_over_date)
    put(person, "declared_date", on)
    person.plan = plan or person.plan
    return on


def change_level(person: Person, level: pb.SupervisionLevel.ValueType, given: Date, rules: Rules) -> date:
    """Put a person on another level; return its first day. Raises ImpossibleTransition, AlreadyRecorded, DateOrder."""
    permit(person, TRANSITIONS, "level")
    if not level:
        raise InvalidField("level", expected="请选择管理等级")
    if level == person.level:
        raise AlreadyRecorded("level")
    on = day(rules, "level_date", given, person.taken_over_date, person.level_date)
    person.level = level
    put(person, "level_date", on)
    return on


def change_key(person: Person, ground: pb.KeyGround.ValueType, given: Date, rules: Rules) -> date:
    """Make somebody a key person, or end that from a day on; return the day. Raises StateMismatch, DateOrder."""
    permit(person, TRANSITIONS, "key")
    on = day(rules, "changed_date", given, person.taken_over_date)
    first, last = to_date(person.key_from_date), to_date(person.key_to_date)
    current = first is not None and (last is None or on <= last)
    if ground:
        if not current:
            put(person, "key_from_date", on)
        person.ClearField("key_to_date")
        person.key_ground = ground
        return on
    if not current or first is None:
        raise StateMismatch("key_ground", expected="该人员当日不是重点对象")
    if on <= first:  # it never was one
        for name in ("key_ground", "key_from_date", "key_to_date"):
            person.ClearField(name)
    else:
        put(person, "key_to_date", on - timedelta(days=1))
    return on


def change_term(person: Person, until: Date, given: Date, rules: Rules) -> date:
    """Move the end of the term; return the day of the decision. Raises ImpossibleTransition, AlreadyRecorded, …."""
    permit(person, TRANSITIONS, "term")
    on = day(rules, "changed_date", given, person.judgment_date)
    if to_date(until) is None:
        raise InvalidField("term_to_date", expected="请填写新的矫正截止日期")
    if until == person.term_to_date:
        raise AlreadyRecorded("term_to_date")
    person.term_to_date.CopyFrom(until)
    return on


def ask_transfer(person: Person, to_office: str, given: Date, rules: Rules) -> date:
    """Ask another office to take a person over; return the day. Raises TransferPending, SameOffice, UnknownOffice."""
    permit(person, TRANSITIONS, "transfer")
    on = day(rules, "asked_date", given, person.notified_date)
    if person.transfer_to_office:
        raise TransferPending("to_office", office=rules.profile.office(person.transfer_to_office).zh)
    if to_office == rules.profile.code or not rules.profile.has_office(to_office):
        raise UnknownOffice("to_office", office=to_office)
    rules.profile.office(to_office, on)
    if to_office == person.office:
        raise SameOffice("to_office")
    person.transfer_to_office = to_office
    put(person, "transfer_asked_date", on)
    return on


def accept_transfer(person: Person, given: Date, rules: Rules) -> date:
    """Take a person over from another office; return the day. Raises NoTransfer, DateOrder.

    Village and officer were the other office's.
    """
    on = _answer(person, "accept", "accepted_date", given, rules)
    person.office = person.transfer_to_office
    person.place = person.officer = ""
    put(person, "transferred_date", on)
    close_transfer(person)
    return on


def refuse_transfer(person: Person, given: Date, rules: Rules) -> date:
    """Decline a transfer; return the day. Raises NoTransfer, DateOrder."""
    on = _answer(person, "refuse", "refused_date", given, rules)
    close_transfer(person)
    return on


def _answer(person: Person, step: str, field: str, given: Date, rules: Rules) -> date:
    if not person.transfer_to_office:
        raise NoTransfer("transfer_to_office")
    permit(person, TRANSITIONS, step)
    return day(rules, field, given, person.transfer_asked_date)


def end(person: Person, given: Date, ground: pb.EndGround.ValueType, rules: Rules) -> date:
    """End correction; return its last day. Raises ImpossibleTransition, TimeNotOver, OutsideTerm, InvalidField."""
    if not ground:
        raise InvalidField("end_ground", expected="请选择解除终止事由")
    permit(person, TRANSITIONS, "end" if ground in lifecycle.SERVED else "terminate")
    last = to_date(person.term_to_date) or rules.today
    if to_date(given) is None and last < rules.today:  # it ended by itself, whenever that is entered
        given = person.term_to_date
    so_far = (person.taken_over_date, person.declared_date, person.transferred_date)
    on = day(rules, "ended_date", given, person.judgment_date, *so_far)
    if ground == pb.END_GROUND_TERM_SERVED and on < last:
        raise TimeNotOver("ended_date", due=last)
    put(person, "ended_date", on)
    person.end_ground = ground
    return on
