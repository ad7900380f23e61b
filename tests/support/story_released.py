"""What happens to released persons: those announced, those whom an ended correction brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from geju.correction.v1 import (
    base_stay_pb2,
    helping_agreement_pb2,
    lost_contact_pb2,
    placement_pb2,
    released_visit_pb2,
    transition_grant_pb2,
)
from geju.correction.v1 import released_person_pb2 as pb
from geju.correction.v1.supervised_person_pb2 import KeyGround, Sex

from services.chassis.domain.dates import from_date, to_date
from tests.support.story import Teller
from tests.support.story_correction_records import helped, offence

R = pb.ReleasedPerson
#: Early enough for the five years to be over.
FIRST_RELEASE = date(2006, 6, 1)
EARMARK = "resettlement"


async def announce(t: Teller) -> None:
    """Take a prison's notice in, or somebody who comes without one."""
    released = _released(t)
    office, key = t.office(), t.likely(0.3)
    others = [other.code for other in t.profile.offices if other.code != office]
    separated = t.likely(0.4)
    person = R(
        office=office,
        full_name="测试甲",
        id_number="测试证件号",
        phone="测试电话",
        address="测试地址",
        sex=t.value(Sex),
        birth_year=t.chance.randrange(1950, 1990),
        minor=t.likely(0.1),
        source=t.value(pb.ReleaseSource),
        released_from="测试监狱",
        released_date=released,
        household=t.value(pb.HouseholdKind),
        separated=separated,
        residence_office=t.some(others) if separated and others and t.likely(0.7) else "",
        three_none=t.likely(0.3),
        placeable=t.likely(0.7),
    )
    if t.likely(0.6):
        person.announced_date.CopyFrom(t.day((to_date(released) or t.today) - timedelta(days=40), most=40))
    if key:
        person.key_ground = t.value(KeyGround)
        person.key_from_date.CopyFrom(t.day(released, most=60))
    await t.make(person)


def _released(t: Teller) -> Any:
    """Choose a day of release: long ago, of late, or announced for the months to come."""
    if t.likely(0.3):
        return from_date(FIRST_RELEASE + timedelta(days=t.chance.randrange(900)))
    return t.until(t.today, 1, 60) if t.likely(0.05) else t.day()


async def go_on(t: Teller) -> None:
    """Take the next step of some released person, as the state permits."""
    people = t.of("releasedPersons")
    if people:
        person = t.some(people[-6:] if t.likely(0.4) else people)
        await t.some(STEPS[person.state])(t, person)


async def _step(t: Teller, r: R, verb: str, **fields: Any) -> None:
    await t.tell(f"ReleasedPersonService/{verb}", name=r.name, **fields)


async def _link(t: Teller, r: R) -> None:
    on = t.day(r.released_date, r.not_linked_date, most=11 if t.likely(0.7) else 60)
    await _step(t, r, "LinkPerson", linked_date=on)


async def _not_linked(t: Teller, r: R) -> None:
    on = t.day((to_date(r.released_date) or t.today) + timedelta(days=11), most=20)
    await _step(t, r, "RecordNotLinked", not_linked_date=on)


async def _register(t: Teller, r: R) -> None:
    await _step(t, r, "RegisterPerson", registered_date=t.day(r.linked_date, most=20))


async def _list(t: Teller, r: R) -> None:
    if r.separated:
        await _step(t, r, "AcceptListing", listed_date=t.day(r.announced_date, r.registered_date, most=90))


async def _close(t: Teller, r: R) -> None:
    over = to_date(r.five_years_due_date)
    if over is not None and over < t.today:
        fields = {"close_ground": pb.CLOSE_GROUND_FIVE_YEARS, "closed_date": t.day(over, most=20)}
        await _step(t, r, "CloseReleasedPerson", **fields)
    elif t.likely(0.3):
        ground = t.some([pb.CLOSE_GROUND_DIED, pb.CLOSE_GROUND_MOVED_AWAY, pb.CLOSE_GROUND_CUSTODY])
        on = t.day(r.announced_date, r.linked_date, r.registered_date, most=400)
        await _step(t, r, "CloseReleasedPerson", close_ground=ground, closed_date=on)


async def _update(t: Teller, r: R) -> None:
    if r.key_ground and t.likely(0.5):
        await t.change(r, key_ground=None, key_from_date=None, key_to_date=None)
        return
    key = {"key_ground": t.value(KeyGround), "key_from_date": t.day(r.released_date, most=300), "key_to_date": None}
    changes = [key, {"minor": not r.minor}, {"three_none": not r.three_none}, {"placeable": not r.placeable}]
    changes.append({"separated": not r.separated, "residence_office": None})
    await t.change(r, **t.some(changes))


async def _correct(t: Teller, r: R) -> None:
    changes = [
        {"released_date": t.day((to_date(r.released_date) or t.today) - timedelta(days=9), most=10)},
        {"linked_date": t.day(r.released_date, most=25)},
        {"household": t.value(pb.HouseholdKind)},
        {"birth_year": t.chance.randrange(1950, 1990)},
    ]
    await t.change(r, corrected=True, **t.some(changes))


async def _correct_end(t: Teller, r: R) -> None:
    """Correct when a file was closed, or that it was."""
    closed = {"closed_date": t.day(r.announced_date, r.linked_date, r.registered_date, most=500)}
    await t.change(r, corrected=True, **t.some([closed, {"closed_date": None, "close_ground": None}]))


async def _delete(t: Teller, r: R) -> None:
    """Delete a file; the person under correction whom it was opened for has none then."""
    if t.likely(0.6):
        await t.drop(r)


async def _make(t: Teller, r: R, record: Any) -> Any:
    record.office = t.some([r.office, r.residence_office]) if r.residence_office else r.office
    record.person = r.name
    return await t.make(record)


async def _agree(t: Teller, r: R) -> None:
    first = t.day(r.linked_date, most=60)
    helpers = [helping_agreement_pb2.Helper(full_name="测试乙", kind=1, phone="测试")] * t.chance.randrange(3)
    made = helping_agreement_pb2.HelpingAgreement(from_date=first, content="测试内容", helpers=helpers)
    if t.likely(0.5):
        made.to_date.CopyFrom(t.until(first, 0, 500))
    await _make(t, r, made)


async def _visit(t: Teller, r: R) -> None:
    enums = {"kind": t.value(released_visit_pb2.VisitKind), "situation": t.value(released_visit_pb2.LifeSituation)}
    on = t.day(r.linked_date, most=400)
    made = released_visit_pb2.ReleasedVisit(visit_date=on, confirmed=t.likely(0.6), note="测试备注", **enums)
    await _make(t, r, made)


async def _place(t: Teller, r: R) -> None:
    kind, first = t.value(placement_pb2.PlacementKind), t.day(r.linked_date, most=200)
    bases = t.of("resettlementBases")
    made = placement_pb2.Placement(kind=kind, from_date=first, organisation="测试单位")
    if kind == placement_pb2.PLACEMENT_KIND_BASE and bases:
        made.base = t.some(bases).name
    await _make(t, r, made)


async def _grant(t: Teller, r: R) -> None:
    made = transition_grant_pb2.TransitionGrant(amount_fen=t.chance.randrange(1, 10**5), ground="测试事由")
    made.granted_date.CopyFrom(t.day(r.linked_date, most=100))
    await _make(t, r, made)


async def _grant_on(t: Teller, one: Any) -> None:
    """Pay what was granted, or correct what was paid."""
    if one.state == transition_grant_pb2.TransitionGrant.STATE_GRANTED:
        paid = {"paid_date": t.day(one.granted_date, most=30), "earmark": EARMARK}
        await t.tell("TransitionGrantService/PayGrant", name=one.name, **paid)
    else:
        changes = [{"amount_fen": t.chance.randrange(1, 10**5)}, {"paid_date": t.day(one.granted_date, most=60)}]
        await t.change(one, corrected=True, **t.some([*changes, {"paid_date": None}]))


async def _lose(t: Teller, r: R) -> None:
    made = lost_contact_pb2.LostContact(from_date=t.day(r.linked_date, most=300), circumstances="测试经过")
    await _make(t, r, made)


async def _lost_on(t: Teller, one: Any) -> None:
    if one.HasField("to_date"):
        await _finish(t, one)
    else:
        on = t.day(one.from_date, most=90)
        await t.tell("LostContactService/RecordRegained", name=one.name, to_date=on)


async def _stay(t: Teller, r: R) -> None:
    bases = t.of("resettlementBases")
    if bases:
        base = t.some(bases)
        first = t.day(r.linked_date, base.from_date, most=60)
        made = base_stay_pb2.BaseStay(base=base.name, from_date=first)
        if t.likely(0.6):
            made.to_date.CopyFrom(t.day(first, most=90))
        await _make(t, r, made)


async def _finish(t: Teller, one: Any) -> None:
    """End or delete something recorded about a person."""
    if t.likely(0.2):
        await t.drop(one)
    else:
        await t.change(one, to_date=t.day(one.from_date, most=300))


async def _visit_on(t: Teller, one: Any) -> None:
    if t.likely(0.2):
        await t.drop(one)
    else:
        changes = [{"visit_date": t.day(one.visit_date, most=60)}, {"confirmed": not one.confirmed}]
        await t.change(one, corrected=True, **t.some(changes))


async def follow(t: Teller) -> None:
    """Take the next step of something recorded about a person."""
    collection, go_on = t.some(list(FOLLOWED.items()))
    found = t.of(collection)
    if found:
        await go_on(t, t.some(found))


FOLLOWED: Mapping[str, Any] = {
    "transitionGrants": _grant_on,
    "lostContacts": _lost_on,
    "releasedVisits": _visit_on,
    "helpingAgreements": _finish,
    "placements": _finish,
    "baseStays": _finish,
}
ON_BOOKS: Sequence[Any] = [_agree, _agree, *[_visit] * 4, _place, _place, _grant, _grant, _lose, _stay, helped,
                           offence]  # fmt: skip
STEPS: Mapping[int, Sequence[Any]] = {
    R.STATE_ANNOUNCED: [*[_link] * 8, _not_linked, _update, _list, _close],
    R.STATE_NOT_LINKED: [_link, _link, _close, _correct],
    R.STATE_LINKED: [*[_register] * 7, _visit, _agree, _update, _correct, _close],
    R.STATE_REGISTERED: [*ON_BOOKS, _list, _list, _update, _update, _correct, _close, _close, _delete],
    R.STATE_CLOSED: [_correct, _correct_end, _correct_end, _delete, offence],
}
