"""What happens in the demonstration beside its spreadsheets: reports, payments, reopened disputes, and more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from geju.aggregation.v1 import report_service_pb2, report_service_pb2_grpc
from geju.mediation.v1 import (
    dispute_pb2,
    dispute_service_pb2,
    dispute_service_pb2_grpc,
    piece_rate_statement_service_pb2,
    piece_rate_statement_service_pb2_grpc,
    rate_scheme_service_pb2,
    rate_scheme_service_pb2_grpc,
)

from services.chassis.domain.dates import from_date
from services.cli.commands import demo_correction, demo_legalaid, demo_legalservices, demo_publicity
from services.cli.output import console
from services.cli.waiting import until_measured, until_proven
from services.client import Geju

CLOSED = "reports closed"
PAID = "statements paid"
REOPENED = "disputes reopened"
PERIODS = ("2011", "2012-Q3")
PAID_MONTHS = tuple(dt.date(2012, month, 1) for month in (9, 10, 11))
PAY_DAY = dt.date(2012, 12, 20)
REOPENINGS = 3


def close_reports(geju: Geju, other: Geju | None) -> None:
    """Pay what the periods owe, then close them before late entries and corrections come in: something to restate."""
    demo_correction.pay_grants(geju, other)
    until_measured(geju)
    until_proven(geju)
    stub = geju.stub(report_service_pb2_grpc.ReportServiceStub)
    for period in PERIODS:
        request = report_service_pb2.ClosePeriodRequest(period=period, note="演示:补录和更正之前的公布数")
        stub.ClosePeriod(request, timeout=300)
        console.print(f"  已封账 {period}", markup=False)


def pay_statements(geju: Geju, _other: Geju | None) -> None:
    """Draft, approve and pay the piece-rate statements of the last months in every office that has the scheme."""
    stub = geju.stub(piece_rate_statement_service_pb2_grpc.PieceRateStatementServiceStub)
    paid = 0
    for office, month in _paying(geju):
        draft = piece_rate_statement_service_pb2.DraftStatementsRequest(office=office, month_date=from_date(month))
        for statement in stub.DraftStatements(draft).piece_rate_statements:
            if statement.state != statement.STATE_DRAFT:
                continue  # paid before the load was interrupted
            approve = piece_rate_statement_service_pb2.ApproveStatementRequest(name=statement.name)
            approve.approved_date.CopyFrom(from_date(PAY_DAY))
            stub.ApproveStatement(approve)
            pay = piece_rate_statement_service_pb2.PayStatementRequest(name=statement.name, earmark="piece_rate")
            pay.paid_date.CopyFrom(from_date(PAY_DAY))
            stub.PayStatement(pay)
            paid += 1
    console.print(f"  已发放计件补贴 {paid} 份", markup=False)


def _paying(geju: Geju) -> Iterator[tuple[str, dt.date]]:
    stub = geju.stub(rate_scheme_service_pb2_grpc.RateSchemeServiceStub)
    schemes = geju.records(stub.ListRateSchemes, rate_scheme_service_pb2.ListRateSchemesRequest())
    for office in sorted({scheme.office for scheme in schemes}):
        for month in PAID_MONTHS:
            yield office, month


def reopen_disputes(geju: Geju, _other: Geju | None) -> None:
    """Reopen a few disputes that had failed: the figures of the months in which they closed follow."""
    stub = geju.stub(dispute_service_pb2_grpc.DisputeServiceStub)
    wanted = dispute_service_pb2.ListDisputesRequest(page_size=REOPENINGS)
    wanted.filter.state = dispute_pb2.Dispute.STATE_FAILED
    wanted.filter.closed_date_to.CopyFrom(from_date(PAY_DAY))
    for dispute in stub.ListDisputes(wanted).disputes:
        request = dispute_service_pb2.ReopenDisputeRequest(name=dispute.name, reason="演示:当事人愿意继续调解")
        stub.ReopenDispute(request)
    console.print(f"  已重新受理 {REOPENINGS} 件调解不成的纠纷", markup=False)


#: Done by a caller, or by two of them where one alone must not: the second is None when there is no key to sign for it.
Happening = Callable[[Geju, Geju | None], None]
#: What happens before the sheets that wait for it.
BEFORE: Mapping[str, Happening] = {
    "practitioners moved": demo_legalservices.move_practitioners,
    "files opened": demo_correction.await_files,
    CLOSED: close_reports,
}
#: What happens when every sheet is in.
AFTER: Mapping[str, Happening] = {
    PAID: pay_statements,
    REOPENED: reopen_disputes,
    "measures decided": demo_correction.decide_measures,
    "persons transferred": demo_correction.transfer_persons,
    "levels changed": demo_correction.change_levels,
    "subsidies paid": demo_legalaid.pay_subsidies,
    "handler blamed": demo_legalaid.blame_handler,
    "cases referred": demo_legalaid.refer_cases,
    "disputes referred": demo_legalaid.refer_disputes,
    "activities settled": demo_publicity.settle_activities,
}
