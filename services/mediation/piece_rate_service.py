"""Piece-rate statements over gRPC: drafted, approved, paid."""

from __future__ import annotations

from geju.mediation.v1 import piece_rate_statement_service_pb2 as rpc
from geju.mediation.v1 import piece_rate_statement_service_pb2_grpc

from services.chassis.changes import create
from services.chassis.crud import records
from services.chassis.domain.dates import EXPECTED
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.steps import day
from services.chassis.guards import kind_in
from services.chassis.importing import taking_over
from services.chassis.work import Work, mutation
from services.mediation import piece_rates
from services.mediation.domain import piece_rate
from services.mediation.registers import MEDIATOR, PIECE_RATE_STATEMENT


@records(PIECE_RATE_STATEMENT)
class PieceRateStatementServicer(piece_rate_statement_service_pb2_grpc.PieceRateStatementServiceServicer):
    """Keeps the piece-rate statements."""

    @mutation
    async def DraftStatements(self, work: Work, request: rpc.DraftStatementsRequest) -> rpc.DraftStatementsResponse:
        """Draft the statements of an office for a month."""
        work.rules.check_office(request.office)
        work.require_office(request.office)
        month = work.rules.past("month_date", request.month_date)
        if month is None:
            raise InvalidField("month_date", expected=EXPECTED)
        statements = await piece_rates.draft(work, request.office, month)
        return rpc.DraftStatementsResponse(piece_rate_statements=statements)

    @mutation
    async def ApproveStatement(self, work: Work, request: rpc.ApproveStatementRequest) -> piece_rate.Statement:
        """Approve a draft that is still what its disputes give."""
        statement = await work.load(PIECE_RATE_STATEMENT, request.name, request.etag)
        on = day(work.rules, "approved_date", request.approved_date, piece_rate.payable_from(statement))
        await piece_rates.approve(work, statement, on)
        return work.save(PIECE_RATE_STATEMENT, statement, "approved", on)

    @mutation
    async def PayStatement(self, work: Work, request: rpc.PayStatementRequest) -> piece_rate.Statement:
        """Pay an approved statement: its payment and the spending, both or neither."""
        statement = await work.load(PIECE_RATE_STATEMENT, request.name, request.etag)
        on = day(work.rules, "paid_date", request.paid_date, statement.approved_date)
        spending = piece_rate.pay(statement, on, request.earmark)
        statement.fund_entry = (await create(work, kind_in(work, "fundEntries"), spending)).name
        return work.save(PIECE_RATE_STATEMENT, statement, "paid", on)

    ImportPieceRateStatements = taking_over(PIECE_RATE_STATEMENT, "mediator", MEDIATOR)
