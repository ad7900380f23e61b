"""Rows of the monthly register that are wrong in a cell."""

from __future__ import annotations

from uuid import uuid4

from geju.correction.v1 import duty_service_pb2

from services.chassis import validation
from tests.integration.correction.supervision.conftest import CLERK, Bench
from tests.support.correction import OFFICE, on


async def test_a_cell_out_of_range_is_the_verdict_of_its_row(bench: Bench) -> None:
    """The row is named with the cell, the request is in order and the other rows are taken over."""
    await bench.under_correction()
    row = {"row": 2, "office": OFFICE, "person": "J-1", "month_date": on("2012-04-01"), "education_hours": 8}
    wrong = row | {"row": 3, "education_hours": 999}
    request = duty_service_pb2.ImportDutiesRequest(request_id=str(uuid4()))
    for fields in (row, wrong):
        request.rows.add(**fields)
    validation.check(request)
    answer = await bench.call("DutyService/ImportDuties", CLERK, rows=list(request.rows))
    assert [(2, []), (3, ["education_hours"])] == [
        (verdict.row, [error.field for error in verdict.errors]) for verdict in answer.verdicts
    ]
