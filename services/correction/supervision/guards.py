"""Guards of supervision: the rules that need other records. Each is a kind's `guard`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from geju.correction.v1 import (
    absconding_pb2,
    duty_pb2,
    help_act_pb2,
    leave_pb2,
    measure_pb2,
    new_offence_pb2,
    positioning_pb2,
    supervised_person_pb2,
)

from services.chassis.district import everywhere, rows_of
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import ImpossibleTransition, UnknownReference
from services.chassis.domain.references import uuid_of
from services.chassis.domain.steps import check_steps, state_label
from services.chassis.guards import calls, kind_in, may_correct, referenced
from services.chassis.work import Work
from services.correction import persons
from services.correction.domain.supervision import (
    absconding,
    duty,
    leave,
    lifecycle,
    measure,
    person,
    planning,
    positioning,
)
from services.correction.resettlement.opened import check_end
from services.correction.resettlement.person_guards import follow_offence
from services.correction.supervision import endings, planned


def _check_import(work: Work, old: Any, closed: Callable[[Any], bool]) -> None:
    """Refuse a clerk's line that changes a record which is closed. Raises ImpossibleTransition."""
    if old is not None and calls(work, "Import") and closed(old) and not may_correct(work):
        action = "导入修改(已办结的记录请由所长更正)"
        raise ImpossibleTransition("state", state=state_label(old), action=action)


async def guard_person(
    work: Work, new: supervised_person_pb2.SupervisedPerson | None, old: supervised_person_pb2.SupervisedPerson | None
) -> None:
    """Keep steps to their RPCs, duties to the plan of a changed record, and close with it what is open.

    Raises StepFact, UnknownReference, DateOrder, FileInUse, ….
    """
    if old is not None:
        await check_end(work, new, old)
    if new is None:
        return
    if calls(work, "Create", "Update"):
        check_steps(new, old, person.STEP_FIELDS)
    _check_import(work, old, lifecycle.is_over)
    if old is not None and calls(work, "Import") and not may_correct(work):
        person.check_kept(new, old)
    if new.officer and (old is None or new.officer != old.officer):
        await referenced(work, "officer", new.officer)
    if old is not None:
        person.check_office(new, old)
        await _replan(work, new, old)
        last = to_date(new.ended_date)
        if last is not None and new.ended_date != old.ended_date:
            await endings.close_open(work, new, last)


async def _replan(work: Work, new: supervised_person_pb2.SupervisedPerson, old: Any) -> None:
    """Plan the duties anew when what they depend on has changed; an import does it once, after its rows."""
    anew = work.rules.today if calls(work, "Update") else date.min
    since = planning.changed_from(new, old, anew)
    if since is None:
        return
    kinds = planning.kinds_changed(new, old)
    if calls(work, "Import"):
        planned.put_off(work, new.name, since, kinds)
    else:
        await planned.replan(work, new, since, kinds=kinds)


async def guard_duty(work: Work, new: duty_pb2.Duty | None, old: duty_pb2.Duty | None) -> None:
    """Keep steps to their RPCs, and a duty with its person. Raises StepFact, UnknownReference, InvalidField."""
    if new is not None:
        if calls(work, "Create", "Update"):
            check_steps(new, old, duty.STEP_FIELDS)
        await persons.subject(work, new, old)


async def guard_leave(work: Work, new: leave_pb2.Leave | None, old: leave_pb2.Leave | None) -> None:
    """Keep a leave within its person's term and apart from others. Raises StepFact, AwayAlready, ApproverLevel, …."""
    if new is not None:
        _check_import(work, old, leave.is_closed)
        if calls(work, "Create", "Update") or not may_correct(work):
            check_steps(new, old, leave.STEP_FIELDS)
        else:
            leave.check_decision(new, old, work.caller.roles)
        await _beside(work, new, old, leave.check_person_and_others)
    await planned.follow_leave(work, new, old)


async def guard_absconding(
    work: Work, new: absconding_pb2.Absconding | None, old: absconding_pb2.Absconding | None
) -> None:
    """Keep an episode within supervision and apart from others. Raises NotUnderCorrection, DaysTaken, …."""
    await _beside(work, new, old, absconding.check_person_and_others)


async def guard_positioning(
    work: Work, new: positioning_pb2.Positioning | None, old: positioning_pb2.Positioning | None
) -> None:
    """Keep a period within the term and apart from others. Raises NotUnderCorrection, OutsideTerm, DaysTaken, …."""
    await _beside(work, new, old, positioning.check_person_and_others)


async def guard_measure(work: Work, new: measure_pb2.Measure | None, old: measure_pb2.Measure | None) -> None:
    """Keep steps to their RPCs; who proposes is the caller. Raises StepFact, DecidedByStep, UnknownReference, …."""
    if new is None:
        return
    _check_import(work, old, measure.is_closed)
    if calls(work, "Create", "Update") or not may_correct(work):
        check_steps(new, old, measure.STEP_FIELDS)
    else:
        measure.check_decision(new, old, work.caller.roles)
    if old is None:
        new.proposer = work.caller.subject
    await persons.subject(work, new, old)
    if set(new.counted) - set(() if old is None else old.counted):
        await _check_counted(work, new)


async def _check_counted(work: Work, new: measure_pb2.Measure) -> None:
    """Refuse a measure that counts what is not on the person's record, wherever. Raises UnknownReference."""
    on_record = set[str]()
    for kind in (kind_in(work, "abscondings"), kind_in(work, "measures")):
        rows = await rows_of(work, kind, "person", uuid_of(new.person), "office")
        on_record |= {kind.record_name(row["id"]) for row in rows}
    if missing := sorted(set(new.counted) - on_record):
        raise UnknownReference("counted", name=missing[0])


async def guard_new_offence(
    work: Work, new: new_offence_pb2.NewOffence | None, old: new_offence_pb2.NewOffence | None
) -> None:
    """Keep an offence with its person; a released person's file follows. Raises NotUnderCorrection, DateOrder, …."""
    if new is not None and (found := await persons.subject(work, new, old)) is not None:
        lifecycle.check_on_books(new.person, found, "committed_date", new.committed_date)
    await follow_offence(work, new, old)


async def guard_help_act(work: Work, new: help_act_pb2.HelpAct | None, old: help_act_pb2.HelpAct | None) -> None:
    """Keep an act of help with its person. Raises UnknownReference, NotUnderCorrection, DateOrder, …."""
    if new is not None and (found := await persons.subject(work, new, old)) is not None:
        lifecycle.check_on_books(new.person, found, "given_date", new.given_date)


Check = Callable[[Any, Any, Iterable[Any]], None]


async def _beside(work: Work, new: Any, old: Any, check: Check) -> None:
    """Run a check of a record against its person and the person's others of the kind, whichever office has them.

    What stayed with an office that the person has left still belongs to the person. Raises as the check.
    """
    if new is None:
        return
    found = await persons.subject(work, new, old)
    if found is None:
        found = await everywhere(work, kind_in(work, "supervisedPersons"), "person", new.person)
    await persons.beside(work, new, lambda others: check(new, found, others))
