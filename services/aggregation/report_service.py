"""Serves published periods."""

from __future__ import annotations

import asyncio
from collections.abc import Container
from datetime import datetime
from typing import Any
from uuid import UUID

from geju.aggregation.v1 import report_pb2
from geju.aggregation.v1 import report_service_pb2 as pb
from geju.aggregation.v1.report_service_pb2_grpc import ReportServiceServicer

from services.aggregation.disclosure import hides_causes, needed
from services.aggregation.errors import NotMeasured
from services.aggregation.figures import Figures
from services.aggregation.periods import parse
from services.aggregation.provenance import Origin, is_hidden, kind_name
from services.aggregation.publication import Publication, figures_then, publication
from services.aggregation.reader import Reader
from services.aggregation.report_book import Restated, workbook
from services.aggregation.report_paper import paper
from services.aggregation.reports import Closing, Report, Reports
from services.aggregation.requests import check_begun, unit_of
from services.aggregation.restatements import MOST_CAUSES, Cause, CauseKind, Restatement, Restatements
from services.chassis.clock import Clock
from services.chassis.context import Caller, current
from services.chassis.crypto import RecordKeys
from services.chassis.documents import render
from services.chassis.domain.dates import from_date
from services.chassis.paging import make_token, page_size, query_of, read_token
from services.chassis.permissions import allowed_roles

# Who may list restatements, as the contract says.
_RESTATED_FOR = allowed_roles(pb.DESCRIPTOR.services_by_name["ReportService"])["ListRestatements"] or frozenset()
_CAUSES = {kind: report_pb2.CauseKind.Value(f"CAUSE_KIND_{kind.name}") for kind in CauseKind}


class ReportServicer(ReportServiceServicer):
    """Closes periods and reads them."""

    def __init__(
        self, reader: Reader, reports: Reports, restatements: Restatements, clock: Clock, crypto: RecordKeys
    ) -> None:
        self._reader, self._reports, self._restatements = reader, reports, restatements
        self._clock, self._crypto = clock, crypto

    async def ClosePeriod(self, request: pb.ClosePeriodRequest, context: Any = None) -> pb.ClosePeriodResponse:
        """Freeze a period."""
        del context
        by, at, id_ = current().caller.subject, self._clock.now(), UUID(request.request_id)
        period = parse(request.period)
        check_begun(period, self._reader.profile)
        closing = Closing(period, by, at, request.note, id_, request.validate_only)
        return pb.ClosePeriodResponse(report=report_message(await self._reports.close(closing)))

    async def GetReport(self, request: pb.GetReportRequest, context: Any = None) -> pb.GetReportResponse:
        """Return a report with its figures."""
        del context
        found = await self._publication(request)
        return pb.GetReportResponse(report=report_message(found.report), figures=found.figures, patterns=found.patterns)

    async def _publication(self, request: pb.GetReportRequest | pb.ExportReportRequest) -> Publication:
        report = await self._reports.get(request.name)
        caller, unit = current().caller, self._unit(request)
        every = await self._reports.figures(report, needed(caller, unit))
        return publication(report, every, unit, caller, self._reader.profile)

    async def ExportReport(self, request: pb.ExportReportRequest, context: Any = None) -> pb.ExportReportResponse:
        """Return a report as a file."""
        del context
        found = await self._publication(request)
        if request.format == pb.REPORT_FORMAT_DOCX:
            return pb.ExportReportResponse(document=await asyncio.to_thread(render, paper(found)))
        restated = await self._restated_for(found)
        return pb.ExportReportResponse(document=await asyncio.to_thread(workbook, found, restated))

    async def _restated_for(self, found: Publication) -> Restated:
        """Return what has changed since, for whoever may list it."""
        if _RESTATED_FOR.isdisjoint(current().caller.roles):
            return Restated(None, "公布后的变化,您的角色无权查看。")
        try:
            return Restated(await self._restated(found.report, found.unit))
        except NotMeasured:
            return Restated(None, "指标正在重新计算,暂时不能与公布的数字比对。")

    async def ListReports(self, request: pb.ListReportsRequest, context: Any = None) -> pb.ListReportsResponse:
        """List reports."""
        del context
        query, size = query_of(request, ""), page_size(request)
        place = read_token(self._crypto, query, request.page_token)
        after = None if place is None else (datetime.fromisoformat(place[0]), str(place[1]))
        found = await self._reports.page(after, size + 1)
        page = found[:size]
        more = [page[-1].sealed.isoformat(), page[-1].period] if len(found) > size else None
        return pb.ListReportsResponse(
            reports=[report_message(report) for report in page],
            next_page_token=make_token(self._crypto, query, more) if more else "",
        )

    async def ListRestatements(
        self, request: pb.ListRestatementsRequest, context: Any = None
    ) -> pb.ListRestatementsResponse:
        """List what would differ today."""
        del context
        return await self._restated(await self._reports.get(request.name), self._unit(request))

    async def _restated(self, report: Report, unit: str | None) -> pb.ListRestatementsResponse:
        caller, profile = current().caller, self._reader.profile
        found, shown = await self._restatements.of(report, unit, caller)
        then = figures_then(report, profile, shown)
        now = Figures(profile, self._reader.live.current.as_of, shown)
        return pb.ListRestatementsResponse(
            report=report_message(report),
            restatements=[restatement_message(r, then, now, caller) for r in found],
            redefined=self._restatements.redefined(report),
            withheld=not shown.everything,
        )

    def _unit(self, request: pb.GetReportRequest | pb.ExportReportRequest | pb.ListRestatementsRequest) -> str | None:
        return None if request.all_units else unit_of(self._reader.profile, request.unit)


def report_message(report: Report) -> report_pb2.Report:
    """Return a report without its figures."""
    message = report_pb2.Report(
        name=report.name,
        period=report.period,
        edition=report.edition,
        as_of_date=from_date(report.as_of),
        closed_by=report.closed_by,
        catalogue=report.catalogue,
        digest=report.digest.hex(),
        figures=report.figures,
        members=report.members,
        note=report.note,
    )
    message.closed_time.FromDatetime(report.closed)
    return message


def restatement_message(
    restatement: Restatement, then: Figures, now: Figures, caller: Caller
) -> report_pb2.Restatement:
    """Return a figure as published and as known, with what makes the difference; hidden records come last."""
    withheld = hides_causes(caller, restatement.published, then.disclosure)
    listed = [] if withheld else restatement.causes
    hidden = [is_hidden(c.record, c.origin, caller.roles) for c in listed]
    # Newest first: among the others its place would tell when a sealed one was entered.
    causes = sorted(zip(hidden, listed, strict=True), key=lambda pair: pair[0])
    return report_pb2.Restatement(
        published=then.figure(restatement.published),
        current=now.figure(restatement.current),
        n_change=restatement.current.n - restatement.published.n,
        denominator_change=restatement.current.total - restatement.published.total,
        causes=[cause_message(cause, caller.roles, hidden=hides) for hides, cause in causes[:MOST_CAUSES]],
        cause_count=len(restatement.causes),
        causes_withheld=withheld,
    )


def cause_message(cause: Cause, roles: Container[str], *, hidden: bool) -> report_pb2.Cause:
    """Return a record that makes a figure differ; of a hidden one, only how much and why."""
    message = report_pb2.Cause(
        record=cause.record,
        kind=kind_name(cause.record),
        cause=_CAUSES[cause.kind],
        n_change=cause.now.n - cause.then.n,
        denominator_change=cause.now.total - cause.then.total,
        revision_then=cause.then.revision,
        reason_label=cause.now.zh,
    )
    if cause.origin is not None:
        message.revision_now, message.change = cause.origin.revision, cause.origin.change
        message.actor = cause.origin.actor
        message.recorded_time.FromDatetime(cause.origin.recorded)
    if hidden:
        message.sealed = True
        for name in ("record", "revision_then", "revision_now", "change", "actor", "recorded_time"):
            message.ClearField(name)
        return message
    # That there is a sealed one about the record is as secret as which it is.
    told = ((record, origin) for record, origin in cause.evidence if not is_hidden(record, origin, roles))
    message.evidence.extend(_evidence(record, origin) for record, origin in told)
    return message


def _evidence(record: str, origin: Origin) -> report_pb2.Evidence:
    message = report_pb2.Evidence(record=record, kind=kind_name(record), change=origin.change, actor=origin.actor)
    message.recorded_time.FromDatetime(origin.recorded)
    return message
