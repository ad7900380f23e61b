"""Applications for legal aid for the tests of a whole installation; everybody in them is invented."""

from __future__ import annotations

from typing import Any

from geju.legalaid.v1 import aid_case_pb2 as pb

from tests.support.records import changed, on
from tests.unit.legalaid.cases.cases import APPLICATION

_IN_2012 = {"received_date": on(2012, 3, 1), "monthly_income_fen": 40_000}


def an_application(**fields: Any) -> pb.AidCase:
    """Return an application of somebody in hardship, received on 1 March 2012."""
    made: pb.AidCase = changed(APPLICATION, **_IN_2012 | fields)
    return made
