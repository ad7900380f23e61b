"""Guards of activities and studies: the rules that need other records. Each is a kind's `guard`."""

from __future__ import annotations

from geju.publicity.v1 import activity_pb2, material_handout_pb2, year_plan_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.references import uuid_of
from services.chassis.guards import ALL, alone, calls, kind_in, referenced
from services.chassis.work import Work
from services.publicity.domain.activities import activity, handout, study
from services.publicity.domain.activities.lifecycle import HELD
from services.publicity.domain.places import facility
from services.publicity.uses import lock, locked

Activity = activity_pb2.Activity


async def guard_activity(work: Work, new: Activity | None, old: Activity | None) -> None:
    """Keep steps to their RPCs, facilities to those in use, and handouts to the day of their activity.

    Raises StepFact, CancelledActivity, UnknownReference, NotInUse, HandoutsLeft.
    """
    if new is not None:
        if old is not None and calls(work, "Update"):
            activity.check_update(new, old)
        if old is not None and calls(work, "Import"):
            activity.check_import(new, old)
        await _check_facilities(work, new, old)
    if old is not None and old.state == HELD:
        await _follow(work, new, old)


async def _check_facilities(work: Work, new: Activity, old: Activity | None) -> None:
    on = activity.needed_on(new)
    same_day = old is not None and on == activity.needed_on(old)
    known = set(old.facilities) if old is not None and same_day else set()
    for index, name in enumerate(new.facilities):
        if name not in known:
            field = f"facilities[{index}]"
            place = await locked(work, "facilities", field, name)
            if on is not None:
                facility.check_in_use(place, field, on)


async def _follow(work: Work, new: Activity | None, old: Activity) -> None:
    """Let what was handed out follow its activity to another day, office or number; without it, it cannot stay."""
    told = (old.office, old.place, old.held_date, old.key)
    if new is not None and (new.office, new.place, new.held_date, new.key) == told:
        return
    await lock(work, old.name)
    kind = kind_in(work, "materialHandouts")
    found = await work.query(kind, limit=ALL, activity=uuid_of(old.name))
    if new is None or new.state != HELD:
        handout.check_none_left("name" if new is None else "held_date", len(found))
        return
    for known, key in zip(found, handout.renumbered(found, old.key, new.key), strict=True):
        moved = handout.at(new, known.kind, known.copies)
        moved.name, moved.key, moved.revision = known.name, key, known.revision
        work.save(kind, moved, "corrected", to_date(new.held_date))


async def guard_handout(
    work: Work, new: material_handout_pb2.MaterialHandout | None, old: material_handout_pb2.MaterialHandout | None
) -> None:
    """Refuse an activity that is not the office's or was not held on the day. Raises UnknownReference, NotHeldThen."""
    if new is None or not new.activity:
        return
    told = (new.activity, new.office, new.handed_out_date)
    if old is None or told != (old.activity, old.office, old.handed_out_date):
        await lock(work, new.activity)
        handout.check_activity(new, await referenced(work, "activity", new.activity))


async def guard_plan(work: Work, new: year_plan_pb2.YearPlan | None, _old: year_plan_pb2.YearPlan | None) -> None:
    """Refuse a second plan of an office for a year. Raises YearTaken."""
    if new is not None:
        await alone(work, new, study.check_only_plan, year=new.year)
