"""What happens between the demonstration's waves: periods are reported before late entries and corrections come in."""

from __future__ import annotations

from geju.aggregation.v1 import report_service_pb2, report_service_pb2_grpc

from services.cli.output import console
from services.cli.waiting import until_measured, until_proven
from services.client import Geju

CLOSED = "reports closed"
PERIODS = ("2011", "2012-Q3")


def close_reports(geju: Geju) -> None:
    """Close the demonstration's periods, so that there is something to restate."""
    until_measured(geju)
    until_proven(geju)
    stub = geju.stub(report_service_pb2_grpc.ReportServiceStub)
    for period in PERIODS:
        request = report_service_pb2.ClosePeriodRequest(period=period, note="演示:补录和更正之前的公布数")
        stub.ClosePeriod(request, timeout=300)
        console.print(f"  已封账 {period}", markup=False)
