"""A small invented district, its firms and its practitioners, for the tests of legal services."""

from __future__ import annotations

from datetime import date
from typing import Any

from geju.legalservices.v1 import complaint_pb2, firm_pb2, practitioner_pb2

from services.chassis.domain.profile import Office, Place, Profile
from services.chassis.domain.rules import Rules
from tests.support.records import on, ref, rules_of

BEGAN = date(2000, 1, 1)
TODAY = date(2012, 6, 1)
DISTRICT = "district"
PROFILE = Profile(
    code=DISTRICT,
    zh="示范区",
    demonstration=True,
    valid_from=BEGAN,
    offices=tuple(Office(code, f"{code}所", f"{code}街", "street", BEGAN) for code in ("north", "south", "west")),
    places=(
        Place("north-1", "北一村", "north", "village", BEGAN),
        Place("north-2", "北二社区", "north", "community", BEGAN),
        Place("north-3", "北三村", "north", "village", date(2012, 3, 1)),
        Place("south-1", "南一村", "south", "village", BEGAN),
    ),
    limits=(),
    targets=(),
    earmarks=(),
    rates=(),
    patterns=(),
    disclosure_threshold=3,
)


def rules(today: date = TODAY) -> Rules:
    """Return the rules at 10 o'clock in the morning of a day in Shanghai."""
    return rules_of(PROFILE, today)


def a_firm(**fields: Any) -> firm_pb2.Firm:
    """Return a law firm of the north, licensed from 2005 on; it is invented."""
    given: dict[str, Any] = {
        "office": "north",
        "name_zh": "示例律师事务所",
        "kind": firm_pb2.FIRM_KIND_PARTNERSHIP,
        "licence_number": "示例许可1",
        "licensed_from_date": on(2005, 1, 1),
    }
    return firm_pb2.Firm(**given | fields)


def a_practitioner(**fields: Any) -> practitioner_pb2.Practitioner:
    """Return a lawyer of the north, licensed from 2008 on; the person is invented."""
    given: dict[str, Any] = {
        "office": "north",
        "person_name": "示例甲",
        "kind": practitioner_pb2.PRACTITIONER_KIND_LAWYER,
        "licence_number": "示例证1",
        "firm": ref("firms"),
        "licensed_from_date": on(2008, 1, 1),
    }
    return practitioner_pb2.Practitioner(**given | fields)


def a_complaint(**fields: Any) -> complaint_pb2.Complaint:
    """Return a complaint about a lawyer in no register, received on Monday, 7 May 2012; all of it is invented."""
    given: dict[str, Any] = {
        "office": "wuma",
        "received_date": on(2012, 5, 7),
        "channel": complaint_pb2.COMPLAINT_CHANNEL_WINDOW,
        "complainant_name": "示例投诉人",
        "complainant_phone": "示例电话13900001111",
        "respondent_kind": complaint_pb2.RESPONDENT_KIND_LAWYER,
        "respondent_name": "示例律师",
        "grounds": [complaint_pb2.COMPLAINT_GROUND_NEGLIGENCE],
        "narrative": "示例投诉内容",
    }
    return complaint_pb2.Complaint(**given | fields)
