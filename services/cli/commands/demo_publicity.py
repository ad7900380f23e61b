"""What happens in law publicity beside the demonstration's spreadsheets: planned activities are cancelled or held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from geju.publicity.v1 import activity_pb2, activity_service_pb2, activity_service_pb2_grpc, material_handout_pb2

from services.chassis.domain.dates import to_date
from services.cli.output import console
from services.client import Geju

TODAY = dt.date(2012, 12, 28)
#: As the demonstration's numbers say it: not held.
CANCELLED = "-Q"
#: Of the activities whose day has passed, so many are recorded now; the others wait.
HELD = 4


def settle_activities(geju: Geju, _other: Geju | None) -> None:
    """Cancel the planned activities whose numbers say so, and record that a few of the others were held."""
    stub = geju.stub(activity_service_pb2_grpc.ActivityServiceStub)
    planned = list(_planned(geju))
    dropped = [activity for activity in planned if activity.key.endswith(CANCELLED)]
    for activity in dropped:
        request = activity_service_pb2.CancelActivityRequest(name=activity.name, reason="演示:因故未举办")
        request.cancelled_date.CopyFrom(activity.planned_date)
        stub.CancelActivity(request)
    past = [activity for activity in planned if activity not in dropped and _day(activity) < TODAY]
    for activity in past[:HELD]:
        stub.HoldActivity(_holding(activity))
    console.print(f"  已取消普法活动 {len(dropped)} 场,补登举办 {len(past[:HELD])} 场", markup=False)


def _planned(geju: Geju) -> Iterator[activity_pb2.Activity]:
    """Yield the planned activities by office and number."""
    stub = geju.stub(activity_service_pb2_grpc.ActivityServiceStub)
    wanted = activity_service_pb2.ListActivitiesRequest()
    wanted.filter.state = activity_pb2.Activity.STATE_PLANNED
    yield from sorted(geju.records(stub.ListActivities, wanted), key=lambda activity: (activity.office, activity.key))


def _day(activity: activity_pb2.Activity) -> dt.date:
    day = to_date(activity.planned_date)
    assert day is not None, "an activity that was not held is planned for a day"
    return day


def _holding(activity: activity_pb2.Activity) -> activity_service_pb2.HoldActivityRequest:
    """Return what an office enters in a minute: when, who came, what was handed out."""
    request = activity_service_pb2.HoldActivityRequest(name=activity.name, held_date=activity.planned_date)
    request.audience.add(group=activity_pb2.AUDIENCE_GROUP_RESIDENTS, people=60)
    request.audience.add(group=activity_pb2.AUDIENCE_GROUP_ELDERLY, people=25)
    request.people = 70
    request.materials.add(kind=material_handout_pb2.MATERIAL_KIND_BOOKLET, copies=50)
    return request
