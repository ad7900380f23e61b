"""A small invented district, and one record of every kind of the stations' side in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from geju.legalaid.v1 import (
    aid_survey_answer_pb2,
    aid_volunteer_pb2,
    consultation_pb2,
    fee_relief_pb2,
    station_pb2,
    travel_time_pb2,
    volunteer_shift_pb2,
)

from services.chassis.domain.profile import Office, Place, Profile
from services.chassis.domain.rules import Rules
from tests.support.records import on, ref, rules_of

BEGAN = date(2000, 1, 1)
TODAY = date(2012, 6, 1)
PROFILE = Profile(
    code="district",
    zh="示范区",
    demonstration=True,
    valid_from=BEGAN,
    offices=tuple(Office(code, f"{code}所", f"{code}街", "street", BEGAN) for code in ("north", "south", "west")),
    places=(
        Place("north-1", "北一村", "north", "village", BEGAN),
        Place("north-2", "北二村", "north", "village", BEGAN),
        Place("north-9", "北九村", "north", "village", BEGAN, date(2011, 12, 31)),
        Place("south-1", "南一社区", "south", "community", BEGAN),
    ),
    limits=(),
    targets=(),
    earmarks=(),
    rates=(),
    patterns=(),
    disclosure_threshold=3,
)
MAY = on(2012, 5, 1)
#: By kind; the references lead nowhere.
EXAMPLES: dict[str, Any] = {
    "consultation": consultation_pb2.Consultation(
        office="north", channel=1, topic=1, held_date=MAY, groups=[4, 6], waited_seconds=20, minutes=6
    ),
    "station": station_pb2.Station(office="north", title="测试工作站", kind=2, accessible=True, from_date=MAY),
    "travel_time": travel_time_pb2.TravelTime(
        office="north", place="north-1", station=ref("stations"), minutes=40, from_date=MAY
    ),
    "aid_volunteer": aid_volunteer_pb2.AidVolunteer(
        office="north", person_name="示例志愿者", phone="测试电话", from_date=MAY
    ),
    "volunteer_shift": volunteer_shift_pb2.VolunteerShift(
        office="north", volunteer=ref("aidVolunteers"), station=ref("stations"), served_date=MAY, hours=4
    ),
    "fee_relief": fee_relief_pb2.FeeRelief(
        office="north", firm=ref("firms"), kind=1, granted_date=MAY, amount_fen=50_000, groups=[3]
    ),
    "aid_survey_answer": aid_survey_answer_pb2.AidSurveyAnswer(
        office="north", answered_date=MAY, satisfaction=1, kind=1
    ),
}


def rules(today: date = TODAY) -> Rules:
    """Return the rules at 10 o'clock in the morning of a day in Shanghai."""
    return rules_of(PROFILE, today)
