"""Guards of resettlement: the rules that need other records. Each is a kind's `guard`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from geju.correction.v1 import (
    base_stay_pb2,
    emergency_drill_pb2,
    lost_contact_pb2,
    placement_pb2,
    released_visit_pb2,
    resettlement_base_pb2,
    transition_grant_pb2,
)
from google.type.date_pb2 import Date

from services.chassis.district import everywhere, rows_of
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import NotInForce
from services.chassis.domain.references import uuid_of
from services.chassis.domain.spans import check_in_force, in_force
from services.chassis.funds.service import follow_correction
from services.chassis.guards import kind_in
from services.chassis.work import Work
from services.correction import persons
from services.correction.domain.errors import NotUnderCorrection
from services.correction.domain.resettlement import base, grant, lost_contact, tracking, visit
from services.correction.domain.subjects import RELEASED
from services.correction.domain.supervision import lifecycle

Guard = Callable[[Work, Any, Any], Awaitable[None]]


async def of_person(work: Work, new: Any, old: Any, day: str) -> Any:
    """Return the released person of a record, on the books on its day; None as `persons.subject`.

    Raises UnknownReference, InvalidField, NotRegistered.
    """
    person = await persons.subject(work, new, old)
    on: Date = getattr(new, day)
    if person is not None and (old is None or on != getattr(old, day)):
        tracking.check_on_books(person, day, to_date(on))
    return person


def guard_by(day: str) -> Guard:
    """Return the guard of a record that needs no more than its person, on the books on a day."""

    async def guard(work: Work, new: Any, old: Any) -> None:
        if new is not None:
            await of_person(work, new, old, day)

    return guard


async def guard_visit(
    work: Work, new: released_visit_pb2.ReleasedVisit | None, old: released_visit_pb2.ReleasedVisit | None
) -> None:
    """Set what follows from a visit by the class of its person. Raises as `of_person`."""
    if new is not None:
        person = await of_person(work, new, old, "visit_date")
        if person is not None:
            visit.follow(new, person, work.rules)


async def guard_placement(work: Work, new: placement_pb2.Placement | None, old: placement_pb2.Placement | None) -> None:
    """Refuse a base that is not there or was not in use. Raises as `of_person`; NotInForce."""
    if new is None:
        return
    await of_person(work, new, old, "from_date")
    if new.base and (old is None or (new.base, new.from_date) != (old.base, old.from_date)):
        house = await everywhere(work, kind_in(work, "resettlementBases"), "base", new.base)
        check_in_force(house, "base", to_date(new.from_date) or work.rules.today)


async def guard_grant(
    work: Work, new: transition_grant_pb2.TransitionGrant | None, old: transition_grant_pb2.TransitionGrant | None
) -> None:
    """Keep a paid grant and its spending in step; a payment is made by paying. Raises as `of_person`; PaidGrant, …."""
    if new is None:
        assert old is not None, "a deletion has what it deletes"
        grant.check_deletion(old)
        return
    await of_person(work, new, old, "granted_date")
    grant.check_payment(new, old)
    if old is None or not old.fund_entry or grant.payment(new) == grant.payment(old):
        return
    await follow_correction(work, new, old, grant.follow if grant.is_paid(new) else None, "补助更正为未发放")


async def guard_lost_contact(
    work: Work, new: lost_contact_pb2.LostContact | None, old: lost_contact_pb2.LostContact | None
) -> None:
    """Refuse two episodes of a person at once. Raises as `of_person`; EpisodeTaken."""
    if new is None:
        return
    await of_person(work, new, old, "from_date")
    await persons.beside(work, new, lambda others: lost_contact.check_alone(new, map(base.span_of, others)))


async def guard_base(
    work: Work, new: resettlement_base_pb2.ResettlementBase | None, old: resettlement_base_pb2.ResettlementBase | None
) -> None:
    """Refuse fewer places than are taken, an end before the last stay's, and another kind or deletion of one in use.

    Raises BaseFull, StaysAfterEnd, BaseUsed.
    """
    if old is None:
        return
    await work.lock(f"base|{uuid_of(old.name)}")
    found = await rows_of(work, kind_in(work, "baseStays"), "base", uuid_of(old.name), "from_date", "to_date")
    stays = [(row["from_date"], row["to_date"]) for row in found]
    if new is None:
        base.check_unused("name", stays)
        return
    if new.kind != old.kind:
        base.check_unused("kind", stays)
    base.check_room(new, stays)
    base.check_end(new, stays)


async def guard_stay(work: Work, new: base_stay_pb2.BaseStay | None, old: base_stay_pb2.BaseStay | None) -> None:
    """Refuse a stay in a base that is full or not in use. Raises as `of_person`; UnknownReference, BaseFull, …."""
    if new is None:
        return
    await _on_books(work, new, old)
    house = await everywhere(work, kind_in(work, "resettlementBases"), "base", new.base)
    new.kind = house.kind
    first, last = base.span_of(new)
    for field, on in (("from_date", first), ("to_date", last)):
        if on is not None:
            check_in_force(house, field, on)
    others = await _other_stays(work, new, old)
    base.check_room(house, [*base.during(others, (first, last)), (first, last)])


async def _on_books(work: Work, stay: base_stay_pb2.BaseStay, old: base_stay_pb2.BaseStay | None) -> None:
    """Refuse somebody who was not looked after on the first day. Raises NotRegistered, NotUnderCorrection, …."""
    if stay.person.startswith(RELEASED):
        await of_person(work, stay, old, "from_date")
        return
    person = await persons.subject(work, stay, old)
    first, _ = base.span_of(stay)
    if person is not None and not lifecycle.supervised_on(person, first):
        raise NotUnderCorrection("from_date", date=first)


async def _other_stays(work: Work, new: base_stay_pb2.BaseStay, old: Any) -> list[tuple[Any, Any]]:
    """Return the spans of the other stays in a base, of every office and of this work; a base has too many to read.

    Whoever adds one waits for the lock, so that two of them cannot both be the last that fits.
    """
    kind, uuid = kind_in(work, "baseStays"), uuid_of(new.base)
    await work.lock(f"base|{uuid}")
    spans = {
        row["id"]: (row["from_date"], row["to_date"])
        for row in await rows_of(work, kind, "base", uuid, "from_date", "to_date")
    }
    made: list[Any] = work.memo.setdefault((kind.name, uuid), [])
    spans |= {uuid_of(other.name): base.span_of(other) for other in made if other.name}
    made.append(new)
    own = "" if old is None else uuid_of(old.name)
    return [span for record_id, span in spans.items() if record_id != own]


async def guard_drill(
    work: Work, new: emergency_drill_pb2.EmergencyDrill | None, old: emergency_drill_pb2.EmergencyDrill | None
) -> None:
    """Refuse a plan that is not there or was not in force. Raises UnknownReference, NotInForce."""
    if new is None or not new.plan or (old is not None and (new.plan, new.held_date) == (old.plan, old.held_date)):
        return
    plan = await everywhere(work, kind_in(work, "emergencyPlans"), "plan", new.plan)
    held = to_date(new.held_date) or work.rules.today
    if not in_force(plan, held):
        raise NotInForce("plan", date=held)
