"""The recount of complaints works last days and days taken out from what was recorded, as the service does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import facts_pb2, leader_visit_pb2, service_event_pb2

from services.chassis.profile_file import load
from services.legalservices.complaints import facts
from services.legalservices.domain.complaints import clocks
from tests.support.as_facts import as_facts
from tests.support.installation import PROFILE
from tests.support.legalservices import a_complaint
from tests.support.records import on, rules_of

RULES = rules_of(load(PROFILE), date(2012, 12, 31))
PAUSE = pb.ComplaintPause(from_date=on(2012, 5, 9), to_date=on(2012, 5, 16), supplement_due_date=on(2012, 5, 20))
OPEN = pb.ComplaintPause(from_date=on(2012, 5, 9), supplement_due_date=on(2012, 5, 20))
ACCEPTED: dict[str, Any] = {"accepted_date": on(2012, 5, 18)}
CONCLUDED: dict[str, Any] = ACCEPTED | {"concluded_date": on(2012, 7, 2), "outcome": 1, "answered_date": on(2012, 7, 5)}
COURSES: dict[str, dict[str, Any]] = {
    "received": {},
    "waiting": {"pauses": [OPEN]},
    "accepted after a supplement": ACCEPTED | {"pauses": [PAUSE]},
    "stopped from the first day on": CONCLUDED | {"received_date": on(2012, 5, 9), "pauses": [PAUSE]},
    "stopped while investigated": CONCLUDED | {"accepted_date": on(2012, 5, 8), "pauses": [PAUSE]},
    "concluded late": CONCLUDED | {"concluded_date": on(2012, 8, 20), "answered_date": on(2012, 8, 21)},
    "extended": ACCEPTED | {"extended_date": on(2012, 7, 10), "channel": 5},
    "withdrawn": {"concluded_date": on(2012, 5, 8), "outcome": 4},
    "sealed": {"respondent_kind": pb.RESPONDENT_KIND_BUREAU_STAFF, "sealed": True},
}


@pytest.mark.parametrize("course", COURSES)
def test_a_complaint_is_read_as_the_service_tells_of_it(course: str) -> None:
    """Whatever its course was: the limits in the record are not looked at."""
    record = a_complaint(**COURSES[course])
    clocks.sync(record, RULES)
    told = facts.complaint(record)
    told.office = record.office
    bare = pb.Complaint()
    bare.CopyFrom(record)
    bare.ClearField("limits")
    bare.ClearField("answer_due_date")
    assert told == as_facts({"complaint": {"c": bare}}, RULES.profile)["complaint"]["c"]


def test_people_are_counted() -> None:
    """Lawyers along on a visit, practitioners at an event."""
    names = ["practitioners/a", "practitioners/b"]
    found = as_facts(
        {
            "leader_visit": {"v": leader_visit_pb2.LeaderVisit(practitioners=names)},
            "service_event": {"e": service_event_pb2.ServiceEvent(practitioners=names)},
        },
        RULES.profile,
    )
    assert facts_pb2.LeaderVisitFacts(lawyers=2) == found["leader_visit"]["v"]
    assert facts_pb2.ServiceEventFacts(practitioners=2) == found["service_event"]["e"]
