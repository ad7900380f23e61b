"""Keeping a person's duties at what the plan wants, in the store."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from geju.correction.v1 import duty_pb2, facts_pb2, leave_pb2
from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.district import rows_of
from services.chassis.domain.dates import to_date
from services.chassis.domain.references import uuid_of
from services.chassis.guards import ALL, kind_in, known
from services.chassis.work import Work
from services.correction import persons
from services.correction.domain.supervision import leave, planning, reconciling

#: Where an import notes whom it has to plan for once its rows are done: name -> first day, kinds.
WAITING = "to be planned"


async def replan(
    work: Work,
    person: pb.SupervisedPerson,
    since: date,
    leaves: Iterable[Any] | None = None,
    kinds: Collection[int] = planning.KINDS,
) -> None:
    """Bring a person's duties of some kinds, due from a day on, to what the plan wants; `leaves`: all that count."""
    await work.lock(f"duties|{person.name}")  # two plans at once would both make what is missing
    if leaves is None:
        leaves = await _leaves(work, person.name)
    wanted = planning.plan(person, work.rules, leaves)
    elsewhere = await _elsewhere(work, person)
    changes = reconciling.reconcile(
        [duty for duty in await _duties(work, person, since) if duty.kind in kinds],
        [one for one in wanted if one.kind in kinds and one.key not in elsewhere],
        since,
        reconciling.ENDED if person.HasField("ended_date") else reconciling.REPLANNED,
    )
    kind = kind_in(work, "duties")
    for made in changes.made:
        made.person, made.office, made.sealed = person.name, person.office, person.sealed
        work.create(kind, made)
    for duty in changes.changed:
        work.save(kind, duty, "excused" if duty.excuse else "replanned")


async def _duties(work: Work, person: pb.SupervisedPerson, since: date) -> list[duty_pb2.Duty]:
    columns: dict[str, Any] = {"person": uuid_of(person.name), "met_due_from": since}
    return await work.query(kind_in(work, "duties"), limit=ALL, **columns)


async def _leaves(work: Work, name: str) -> list[leave_pb2.Leave]:
    found: list[leave_pb2.Leave] = await persons.all_of(work, kind_in(work, "leaves"), name)
    return [one for one in found if leave.counts(one)]


async def _elsewhere(work: Work, person: pb.SupervisedPerson) -> set[tuple[int, date]]:
    """Return what an office that the person has left keeps duties for: of those a plan makes no second one."""
    if not person.HasField("transferred_date"):
        return set()
    rows = await rows_of(work, kind_in(work, "duties"), "person", uuid_of(person.name), "office", "facts")
    facts = (facts_pb2.DutyFacts.FromString(row["facts"]) for row in rows if row["office"] != person.office)
    return {
        (fact.kind, day) for fact in facts if (day := to_date(fact.month_date) or to_date(fact.met_due)) is not None
    }


async def follow_leave(work: Work, new: leave_pb2.Leave | None, old: leave_pb2.Leave | None) -> None:
    """Move the reports that are due while a person is away, when a leave is approved, changed or taken back."""
    days = [
        day for one in (new, old) if one is not None and leave.counts(one) for day in [to_date(one.from_date)] if day
    ]
    away = [(one.from_date, one.to_date) if one is not None and leave.counts(one) else None for one in (new, old)]
    named = new or old
    if not days or away[0] == away[1] or named is None:
        return
    person = await known(work, named.person)
    if person is not None:
        others = [one for one in await _leaves(work, named.person) if one.name != named.name]
        now = [new] if new is not None and leave.counts(new) else []
        await replan(work, person, min(days), [*others, *now], {planning.REPORT})


def put_off(work: Work, name: str, since: date, kinds: Collection[int]) -> None:
    """Note a person to plan for once an import's rows are done."""
    waiting = _waiting(work)
    earlier, others = waiting.get(name, (since, ()))
    waiting[name] = min(since, earlier), {*kinds, *others}


async def plan_imported(work: Work, made: Iterable[str]) -> None:
    """Plan for the persons that an import has made, and for those of whom it changed what plans depend on."""
    kind = kind_in(work, "supervisedPersons")
    for name in made:
        put_off(work, name, date.min, planning.KINDS)
    for name, (since, kinds) in _waiting(work).items():
        person = await work.load(kind, name)
        if person.HasField("taken_over_date"):
            await replan(work, person, since, kinds=kinds)


def _waiting(work: Work) -> dict[str, tuple[date, Collection[int]]]:
    found: dict[str, tuple[date, Collection[int]]] = work.memo.setdefault(WAITING, {})
    return found
