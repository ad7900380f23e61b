"""A small invented district and records of law publicity in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from geju.publicity.v1 import (
    activity_pb2,
    enterprise_pb2,
    exam_pb2,
    facility_pb2,
    market_pb2,
    school_pb2,
    study_session_pb2,
    year_plan_pb2,
)

from services.chassis.domain.profile import Earmark, Office, Place, Profile
from services.chassis.domain.rules import Rules
from tests.support.records import on, rules_of

BEGAN = date(2000, 1, 1)
TODAY = date(2012, 6, 1)
SPRING = on(2012, 3, 5)
PROFILE = Profile(
    code="district",
    zh="示范区",
    demonstration=True,
    valid_from=BEGAN,
    offices=tuple(Office(code, f"{code}所", f"{code}街", "street", BEGAN) for code in ("north", "south")),
    places=(
        Place("north-1", "示例一村", "north", "village", BEGAN),
        Place("north-2", "示例二社区", "north", "community", BEGAN),
        Place("north-3", "示例三村", "north", "village", BEGAN, date(2011, 12, 31)),
    ),
    limits=(),
    targets=(),
    earmarks=(Earmark("publicity_work", "普法工作经费", "publicity", {"activities": "普法活动"}, 2008),),
    rates=(),
    patterns=(),
    disclosure_threshold=3,
)
GROUPS = activity_pb2.AudienceGroup
MATERIALS_AT = {"materials": [{"kind": 2, "copies": 300}, {"kind": 3, "copies": 50}]}


def rules(today: date = TODAY) -> Rules:
    """Return the rules at 10 o'clock in the morning of a day in Shanghai."""
    return rules_of(PROFILE, today)


def audience(**people: int) -> list[activity_pb2.Audience]:
    """Return an audience by the names of its groups: pupils=30, migrants=5."""
    return [
        activity_pb2.Audience(group=GROUPS.Value(f"AUDIENCE_GROUP_{name.upper()}"), people=number)
        for name, number in people.items()
    ]


_ACTIVITY: dict[str, Any] = {
    "office": "north",
    "title": "示例宣讲",
    "form": activity_pb2.ACTIVITY_FORM_LECTURE,
    "topics": [activity_pb2.ACTIVITY_TOPIC_LABOUR, activity_pb2.ACTIVITY_TOPIC_WORK_SAFETY],
    "venue": activity_pb2.ACTIVITY_VENUE_SQUARE,
    "channel": activity_pb2.ACTIVITY_CHANNEL_ON_SITE,
}


def planned(**fields: Any) -> activity_pb2.Activity:
    """Return an activity planned for 20 June 2012."""
    return activity_pb2.Activity(**_ACTIVITY | {"planned_date": on(2012, 6, 20)} | fields)


def held(**fields: Any) -> activity_pb2.Activity:
    """Return an activity held on 5 March 2012 before 40 people: 30 residents and 20 elderly."""
    given = {"held_date": SPRING, "audience": audience(residents=30, elderly=20), "people": 40}
    return activity_pb2.Activity(**_ACTIVITY | given | fields)


def facility(**fields: Any) -> facility_pb2.Facility:
    """Return a counselling station, open since 2011."""
    given: dict[str, Any] = {
        "office": "north",
        "title": "示例辅导站",
        "kind": facility_pb2.FACILITY_KIND_COUNSELLING_STATION,
        "from_date": on(2011, 1, 1),
    }
    return facility_pb2.Facility(**given | fields)


def market(**fields: Any) -> market_pb2.Market:
    """Return a large market, open since 2010."""
    given = {"office": "north", "title": "示例市场", "from_date": on(2010, 1, 1), "large": True}
    return market_pb2.Market(**given | fields)


def guide_board(market_name: str, **fields: Any) -> facility_pb2.Facility:
    """Return the guide board of a market."""
    return facility(**{"kind": facility_pb2.FACILITY_KIND_GUIDE_BOARD, "market": market_name} | fields)


def enterprise(**fields: Any) -> enterprise_pb2.Enterprise:
    """Return an enterprise, registered since 2010, above designated size since 2011."""
    given = {"office": "north", "title": "示例企业", "from_date": on(2010, 1, 1), "sized_from_date": on(2011, 1, 1)}
    return enterprise_pb2.Enterprise(**given | fields)


def school(**fields: Any) -> school_pb2.School:
    """Return a school, open since 2010."""
    return school_pb2.School(**{"office": "north", "title": "示例学校", "from_date": on(2010, 1, 1)} | fields)


def study(**fields: Any) -> study_session_pb2.StudySession:
    """Return a collective study of a village committee."""
    given: dict[str, Any] = {
        "office": "north",
        "place": "north-1",
        "organisation": study_session_pb2.STUDY_ORGANISATION_VILLAGE,
        "held_date": SPRING,
        "attendance": 12,
    }
    return study_session_pb2.StudySession(**given | fields)


def exam(**fields: Any) -> exam_pb2.Exam:
    """Return an exam that 40 had to sit, 38 sat and 35 passed."""
    given: dict[str, Any] = {"office": "north", "grade": exam_pb2.EXAM_GRADE_OFFICIALS, "held_date": SPRING}
    return exam_pb2.Exam(**given | {"had_to_sit": 40, "sat": 38, "passed": 35} | fields)


def plan(**fields: Any) -> year_plan_pb2.YearPlan:
    """Return a plan of 24 activities for 2012."""
    given = {"office": "north", "year": 2012, "activities": 24, "adopted_date": on(2012, 1, 10)}
    return year_plan_pb2.YearPlan(**given | fields)
