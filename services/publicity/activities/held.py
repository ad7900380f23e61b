"""What holding an activity brings beside it: materials handed out at it, and facilities that somebody was at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geju.publicity.v1 import activity_pb2, material_handout_pb2

from services.chassis.changes import create
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import NotFound, UnknownReference
from services.chassis.work import Work
from services.publicity.activities.kinds import ACTIVITY, MATERIAL_HANDOUT
from services.publicity.domain.activities import handout
from services.publicity.domain.places import facility
from services.publicity.places.kinds import FACILITY

Activity = activity_pb2.Activity


async def loaded(work: Work, request: Any) -> tuple[Activity, Activity]:
    """Return the activity of a step, to be changed, and as it is. Raises NotFound, StaleEtag."""
    old = await work.load(ACTIVITY, request.name, request.etag)
    new = Activity()
    new.CopyFrom(old)
    return new, old


async def settle(
    work: Work, activity: Activity, counts: Sequence[handout.Count], *, renewed: bool
) -> list[material_handout_pb2.MaterialHandout]:
    """Write what was handed out at a held activity and that its facilities were seen to; return the handouts.

    Raises GroupTwice, UnknownReference.
    """
    made = [await create(work, MATERIAL_HANDOUT, one) for one in handout.of_activity(activity, counts)]
    await see_to_facilities(work, activity, renewed=renewed)
    return made


async def see_to_facilities(work: Work, activity: Activity, *, renewed: bool) -> None:
    """Record that somebody was at the facilities of a held activity. Raises UnknownReference.

    One of another office is inspected by that office; to renew it is not this caller's to record.
    """
    on = to_date(activity.held_date) or work.rules.today
    for index, name in enumerate(activity.facilities):
        seen = facility.Facility()
        try:
            seen.CopyFrom(await work.load(FACILITY, name))
        except NotFound:
            if renewed:
                raise UnknownReference(f"facilities[{index}]", name=name) from None
            continue
        if facility.touch(seen, on, renewed=renewed):
            work.save(FACILITY, seen, "renewed" if renewed else "inspected", on)
