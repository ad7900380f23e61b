"""Applications for legal aid for the tests of a whole installation; everybody in them is invented."""

from __future__ import annotations

from typing import Any

from geju.legalaid.v1 import aid_case_pb2 as pb

from tests.support.records import changed, on

_APPLICATION = pb.AidCase(
    office="wuma",
    person_name="示例甲",
    received_date=on(2012, 3, 1),
    path=pb.AID_PATH_APPLICATION,
    groups=[pb.AID_GROUP_WOMAN],
    kind=pb.AID_KIND_CIVIL,
    matter=pb.AID_MATTER_SUPPORT,
    hardship=pb.HARDSHIP_BASIS_EVIDENCE,
    monthly_income_fen=40_000,
)


def an_application(**fields: Any) -> pb.AidCase:
    """Return an application of somebody in hardship, received on 1 March 2012."""
    made: pb.AidCase = changed(_APPLICATION, **fields)
    return made
