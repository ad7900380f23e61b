"""One record of every kind of resettlement, not yet made."""

from __future__ import annotations

from typing import Any

from geju.correction.v1 import (
    base_stay_pb2,
    correction_officer_pb2,
    correction_volunteer_pb2,
    emergency_drill_pb2,
    emergency_plan_pb2,
    helping_agreement_pb2,
    lost_contact_pb2,
    member_unit_meeting_pb2,
    placement_pb2,
    released_visit_pb2,
    situation_survey_pb2,
    transition_grant_pb2,
)

from tests.integration.correction.resettlement.conftest import Bench
from tests.unit.correction.resettlement.people import changed, on

MAY = on(2012, 5, 1)
OF_A_PERSON: dict[str, Any] = {
    "agreement": helping_agreement_pb2.HelpingAgreement(
        from_date=MAY, helpers=[helping_agreement_pb2.Helper(full_name="测试乙", kind=2)]
    ),
    "visit": released_visit_pb2.ReleasedVisit(kind=1, visit_date=MAY, confirmed=True, situation=1),
    "placement": placement_pb2.Placement(kind=placement_pb2.PLACEMENT_KIND_JOB, from_date=MAY),
    "grant": transition_grant_pb2.TransitionGrant(amount_fen=50000, granted_date=MAY),
    "episode": lost_contact_pb2.LostContact(from_date=MAY),
    "stay": base_stay_pb2.BaseStay(from_date=MAY),
}
OTHERS: dict[str, Any] = {
    "survey": situation_survey_pb2.SituationSurvey(title="测试调查", opened_date=MAY, sample=10),
    "volunteer": correction_volunteer_pb2.CorrectionVolunteer(full_name="测试丙", background=1, from_date=MAY),
    "officer": correction_officer_pb2.CorrectionOfficer(full_name="测试丁", kind=1, from_date=MAY),
    "meeting": member_unit_meeting_pb2.MemberUnitMeeting(held_date=MAY, units=9),
    "plan": emergency_plan_pb2.EmergencyPlan(title="测试预案", from_date=MAY),
    "drill": emergency_drill_pb2.EmergencyDrill(held_date=MAY, participants=5),
}
DAYS = {"agreement": "from_date", "visit": "visit_date", "placement": "from_date"}
DAYS |= {"grant": "granted_date", "episode": "from_date", "stay": "from_date"}


def table_of(bench: Bench, record: Any) -> str:
    """Return the table of a record."""
    return next(kind.name for kind in bench.store.kinds if kind.message is type(record))


async def a(bench: Bench, what: str, person: Any, **fields: Any) -> Any:
    """Return a record of a kind about a person, not yet made; a stay has a base of its own."""
    record = changed(OF_A_PERSON[what], office="north", person=person.name, **fields)
    if what == "stay" and not record.base:
        record.base = (await bench.base()).name
    return record
