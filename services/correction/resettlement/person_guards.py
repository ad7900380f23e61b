"""Guards of a released person's file, and what its convictions and its other records follow."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from geju.correction.v1 import facts_pb2, new_offence_pb2, released_person_pb2

from services.chassis.district import rows_of
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import ImpossibleTransition
from services.chassis.domain.references import uuid_of
from services.chassis.domain.step_errors import StepFact
from services.chassis.domain.steps import state_label
from services.chassis.guards import calls, kind_in, may_correct, referenced
from services.chassis.work import Work
from services.correction.domain.resettlement import conviction, grant, household
from services.correction.domain.resettlement.errors import PaidGrant
from services.correction.domain.resettlement.lifecycle import is_closed
from services.correction.domain.resettlement.released_person import changed_steps

Person = released_person_pb2.ReleasedPerson


async def guard_person(work: Work, new: Person | None, old: Person | None) -> None:
    """Guard a file: steps are changed by correcting, a file with a paid grant stays, convictions follow the release.

    Raises StepFact, ImpossibleTransition, PaidGrant, HouseholdOffice, HouseholdMoves.
    """
    if new is None:
        assert old is not None, "a deletion has what it deletes"
        household.check_household(old, work.offices)
        grants = await rows_of(work, kind_in(work, "transitionGrants"), "person", uuid_of(old.name), "state")
        if any(row["state"] == grant.PAID for row in grants):
            raise PaidGrant("name")
    elif old is not None:
        _check_steps(work, new, old)
        household.check_kept(new, old, work.offices, corrected=calls(work, "Correct"))
        if new.released_date != old.released_date:
            conviction.follow(new, await offences_of(work, new.name))


def _check_steps(work: Work, new: Person, old: Person) -> None:
    """Refuse a plain update of what a step recorded, and an import that changes it or a closed file."""
    if calls(work, "Update"):
        for field in changed_steps(new, old):
            raise StepFact(field)
    if calls(work, "Import") and not may_correct(work):
        if is_closed(old):
            raise ImpossibleTransition("state", state=state_label(old), action="导入修改(已撤管的档案请由所长更正)")
        recorded = {field.name for field, _ in old.ListFields()}
        for field in changed_steps(new, old):
            if field in recorded:
                raise StepFact(field)


async def offences_of(work: Work, name: str, without: Collection[str] = ()) -> list[new_offence_pb2.NewOffence]:
    """Return the offences of a person as far as convictions go, whichever office recorded them.

    `without` are the names of those that this work changes or deletes.
    """
    kind = kind_in(work, "newOffences")
    rows = await rows_of(work, kind, "person", uuid_of(name), "facts")
    return [_offence(row["facts"]) for row in rows if kind.record_name(row["id"]) not in without]


def _offence(facts: bytes) -> new_offence_pb2.NewOffence:
    found = facts_pb2.NewOffenceFacts.FromString(facts)
    offence = new_offence_pb2.NewOffence()
    if found.HasField("convicted_date"):
        offence.convicted_date.CopyFrom(found.convicted_date)
    return offence


async def follow_offence(
    work: Work, new: new_offence_pb2.NewOffence | None, old: new_offence_pb2.NewOffence | None
) -> None:
    """Put a released person's first conviction on the file, when an offence is made, changed or deleted.

    Whoever records another offence of the person waits. Raises UnknownReference.
    """
    offence = new or old
    assert offence is not None, "nothing is made of nothing"
    if not offence.person.startswith("releasedPersons/"):
        return
    await work.lock(f"offences|{uuid_of(offence.person)}")
    person: Person = await referenced(work, "person", offence.person)
    made: list[Any] = work.memo.setdefault(("offences", person.name), [])
    gone = {other.name for other in (*made, *([old] if old is not None else []))}
    others = await offences_of(work, person.name, without=gone)
    others += [other for other in made if other.name and (old is None or other.name != old.name)]
    if conviction.follow(person, [*others, *([new] if new is not None else [])]):
        work.save(kind_in(work, "releasedPersons"), person, "convicted", to_date(person.convicted_date))
    if new is not None:
        made.append(new)
