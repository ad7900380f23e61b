"""A small invented district and a released person in it, for the tests of resettlement."""

from __future__ import annotations

from datetime import date
from typing import Any

from geju.correction.v1 import released_person_pb2 as pb

from services.chassis.domain.profile import Earmark, LimitRule, Office, Place, Profile
from services.chassis.domain.rules import Rules
from services.chassis.domain.supervision import Supervision, Tracking
from tests.support.records import UUID, changed, on, ref, rules_of

__all__ = ["PROFILE", "TODAY", "UUID", "changed", "on", "ref", "rules"]

BEGAN = date(2000, 1, 1)
TODAY = date(2012, 6, 1)
PROFILE = Profile(
    code="district",
    zh="示范区",
    demonstration=True,
    valid_from=BEGAN,
    offices=tuple(Office(code, f"{code}所", f"{code}街", "street", BEGAN) for code in ("north", "south", "west")),
    places=(Place("north-1", "北一村", "north", "village", BEGAN),),
    limits=(LimitRule("resettlement.link", "衔接", "released", 10, "days", "测试依据", BEGAN),),
    targets=(),
    earmarks=(
        Earmark("resettlement", "帮教安置经费", "correction", {"transition_grant": "过渡性安置补助"}, 2008),
        Earmark("correction_work", "社区矫正经费", "correction", {"education": "教育"}, 2008),
    ),
    rates=(),
    patterns=(),
    disclosure_threshold=3,
    supervision=Supervision(
        trackings=(
            Tracking(5, 3, 1, 90, "测试依据一", BEGAN, date(2014, 12, 31)),
            Tracking(3, 6, 2, 60, "测试依据二", date(2015, 1, 1)),
        )
    ),
)


def rules(today: date = TODAY) -> Rules:
    """Return the rules at 10 o'clock in the morning of a day in Shanghai."""
    return rules_of(PROFILE, today)


def released(**fields: Any) -> pb.ReleasedPerson:
    """Return a person as a prison announces one; the person is invented."""
    given: dict[str, Any] = {
        "office": "north",
        "full_name": "张某某",
        "sex": 1,
        "birth_year": 1980,
        "source": pb.RELEASE_SOURCE_PRISON,
        "released_from": "测试监狱",
        "announced_date": on(2012, 1, 10),
        "released_date": on(2012, 2, 10),
        "household": pb.HOUSEHOLD_KIND_LOCAL,
        "placeable": True,
    }
    return pb.ReleasedPerson(**given | fields)


LINKED = {"linked_date": on(2012, 2, 15)}
REGISTERED = LINKED | {"registered_date": on(2012, 2, 20)}
KEY = {"key_ground": 1, "key_from_date": on(2012, 3, 1), "key_to_date": on(2012, 4, 30)}
APART = {"separated": True, "residence_office": "south"}
