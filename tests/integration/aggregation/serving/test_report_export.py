"""Closed months, quarters and years stay as they were known, in answers and in files."""

from __future__ import annotations

import io
from datetime import date
from typing import Any
from uuid import uuid4

from geju.aggregation.v1 import report_service_pb2 as pb
from geju.common.v1.document_pb2 import Document
from openpyxl import load_workbook

from tests.integration.aggregation.serving.conftest import Board, dispute

DAY, RATE, INCIDENTS = date(2011, 5, 10), "mediation.success_rate", "mediation.mass_incidents"
PERIODS = ("2011-05", "2011-Q2", "2011")


async def exported(board: Board, role: str, name: str, format_: int = pb.REPORT_FORMAT_XLSX) -> Document:
    """Return a report as a file."""
    request = pb.ExportReportRequest(name=name, format=format_)  # type: ignore[arg-type]
    answer: pb.ExportReportResponse = await board.reports(role).ExportReport(request)
    return answer.document


def sheets(document: Document) -> Any:
    """Return a workbook, read again."""
    return load_workbook(io.BytesIO(document.content))


async def test_what_was_published_stays_whatever_the_period_and_is_exported_as_such(board: Board) -> None:
    """A correction and a late entry restate month, quarter and year; reports and their documents are as they were."""
    await board.start()
    await board.ready()
    failed = dispute("wuma", DAY, DAY, agreed=False)
    record = await board.publish(failed)
    await board.publish(dispute("guanghua", DAY, DAY))
    await board.becomes(RATE, 1, 2, "2011")
    stub, before = board.reports("department"), {}
    for period in PERIODS:
        report = (await stub.ClosePeriod(pb.ClosePeriodRequest(period=period, request_id=str(uuid4())))).report
        request = pb.GetReportRequest(name=report.name, all_units=True)
        before[period] = (await stub.GetReport(request), await exported(board, "clerk", report.name))
    assert "目前没有与公布不同的数字。" == sheets(await exported(board, "auditor", "reports/2011"))["更正"]["A1"].value
    await board.publish(dispute("wuma", DAY, DAY), record, actor="更正员")
    await board.publish(dispute("wuma", DAY, DAY), actor="补录员")
    await board.becomes(RATE, 3, 3, "2011")
    for period, (answer, document) in before.items():
        name = answer.report.name
        assert answer == await stub.GetReport(pb.GetReportRequest(name=name, all_units=True))
        assert document == await exported(board, "clerk", name)
        paper = await exported(board, "clerk", name, pb.REPORT_FORMAT_DOCX)
        assert paper == await exported(board, "auditor", name, pb.REPORT_FORMAT_DOCX)
        # What nothing came under is a statement too, and judged: no mass incident is what was wanted.
        whole = {(f.unit, f.indicator): f for f in answer.figures if not f.breakdown}
        assert (0, 1.0) == (whole["", INCIDENTS].n, whole["", INCIDENTS].attainment)
        units = [p.unit for p in answer.patterns if p.pattern == "mediation"]
        assert {"", "wuma", "guanghua", "nanmen"} == {*units}
        restated = sheets(await exported(board, "bureau_leader", name))
        actors = {row[4].value for row in restated["更正记录"].iter_rows(min_row=2)}
        assert {"更正员", "补录员"} == actors, period
    assert "无权查看" in sheets(before["2011"][1])["更正"]["A1"].value
