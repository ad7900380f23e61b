"""Disputes and sessions over gRPC: load, one domain call, save."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from geju.common.v1 import import_pb2
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import dispute_service_pb2 as rpc
from geju.mediation.v1.dispute_service_pb2_grpc import DisputeServiceServicer
from geju.mediation.v1.session_service_pb2_grpc import SessionServiceServicer

from services.chassis.checks import check_record
from services.chassis.context import current
from services.chassis.crud import records
from services.chassis.documents import rendered
from services.chassis.importing import import_rows
from services.chassis.masks import without_service_fields
from services.chassis.reads import read_page, read_record
from services.chassis.storage.codec import present
from services.chassis.storage.store import Store
from services.chassis.work import Work, mutation
from services.mediation import documents
from services.mediation.domain.dispute import agreements, attendance, clocks, closing, escalation, intake, papers
from services.mediation.imported_sessions import sessions_of, write_sessions
from services.mediation.kinds import DISPUTE, SESSION, hold
from services.mediation.row_cells import row_of
from services.mediation.staff import check_staff

Step = Callable[[pb.Dispute], date | None]


async def _step(work: Work, request: Any, change: str, step: Step) -> pb.Dispute:
    """Take one step of a dispute."""
    dispute = await work.load(DISPUTE, request.name, request.etag)
    on = step(dispute)
    return work.save(DISPUTE, dispute, change, on)


@records(DISPUTE)
class DisputeServicer(DisputeServiceServicer):
    """Moves disputes through mediation."""

    store: Store

    @mutation
    async def AcceptDispute(self, work: Work, request: rpc.AcceptDisputeRequest) -> pb.Dispute:
        """Accept a registered dispute."""
        dispute = await work.load(DISPUTE, request.name, request.etag)
        before = _copy(dispute)
        intake.place(dispute, mediator=request.mediator, others=request.co_mediators, **_where(request))
        on = intake.accept(dispute, request.accepted_date, work.rules)
        await check_staff(work, dispute, before)
        return work.save(DISPUTE, dispute, "accepted", on)

    @mutation
    async def RefuseDispute(self, work: Work, request: rpc.RefuseDisputeRequest) -> pb.Dispute:
        """Refuse a registered dispute."""
        on, why = request.refused_date, (request.ground, request.note)
        return await _step(work, request, "refused", lambda d: intake.refuse(d, on, *why, work.rules))

    @mutation
    async def WithdrawDispute(self, work: Work, request: rpc.WithdrawDisputeRequest) -> pb.Dispute:
        """Record a withdrawal."""
        on = request.withdrawn_date
        return await _step(work, request, "withdrawn", lambda d: intake.withdraw(d, on, work.rules))

    @mutation
    async def AssignMediators(self, work: Work, request: rpc.AssignMediatorsRequest) -> pb.Dispute:
        """Put other mediators on a dispute."""
        dispute = await work.load(DISPUTE, request.name, request.etag)
        before = _copy(dispute)
        intake.assign(dispute, request.mediator, request.co_mediators, **_where(request))
        await check_staff(work, dispute, before)
        return work.save(DISPUTE, dispute, "assigned")

    @mutation
    async def RecordSession(self, work: Work, request: rpc.RecordSessionRequest) -> rpc.RecordSessionResponse:
        """Record a session: its own record and its dispute's step, both or neither."""
        dispute = await work.load(DISPUTE, request.name, request.etag)
        session = without_service_fields(request.session)
        session.dispute, session.office = dispute.name, dispute.office
        session.place = session.place or dispute.place
        check_record(session, None, work.rules)
        attendance.check_session(session, None, work.rules)
        await hold(work, session, dispute)
        made = work.create(SESSION, session, occurred=SESSION.occurred and SESSION.occurred(session))
        return rpc.RecordSessionResponse(dispute=present(DISPUTE, dispute, work.rules), session=made)

    @mutation
    async def DiscussMajorDispute(self, work: Work, request: rpc.DiscussMajorDisputeRequest) -> pb.Dispute:
        """Record the discussion of a major dispute."""
        on, text = request.discussed_date, request.discussion
        return await _step(work, request, "discussed", lambda d: closing.discuss(d, on, text, work.rules))

    @mutation
    async def CloseDispute(self, work: Work, request: rpc.CloseDisputeRequest) -> pb.Dispute:
        """Close a dispute in mediation."""
        agreement = request.agreement if request.HasField("agreement") else None
        ending = closing.Ending(request.outcome, agreement, request.failure_ground)
        on = request.closed_date
        return await _step(work, request, "closed", lambda d: closing.close(d, on, ending, work.rules))

    @mutation
    async def ReferDispute(self, work: Work, request: rpc.ReferDisputeRequest) -> pb.Dispute:
        """Hand a dispute on."""
        on, where = request.referred_date, request.referral
        return await _step(work, request, "referred", lambda d: closing.refer(d, on, where, work.rules))

    @mutation
    async def ReportFeedback(self, work: Work, request: rpc.ReportFeedbackRequest) -> pb.Dispute:
        """Record the report to the referrer."""
        on, text = request.feedback_date, request.reference
        return await _step(work, request, "reported", lambda d: agreements.report_feedback(d, on, text, work.rules))

    @mutation
    async def ApplyConfirmation(self, work: Work, request: rpc.ApplyConfirmationRequest) -> pb.Dispute:
        """Record the application to the court."""

        def apply(dispute: pb.Dispute) -> date:
            return agreements.apply_confirmation(dispute, request.applied_date, request.court, work.rules)

        return await _step(work, request, "confirmation_applied", apply)

    @mutation
    async def RecordConfirmation(self, work: Work, request: rpc.RecordConfirmationRequest) -> pb.Dispute:
        """Record the court's answer."""

        def answer(dispute: pb.Dispute) -> date:
            on, result = request.result_date, request.result
            return agreements.record_confirmation(dispute, on, result, request.reference, work.rules)

        return await _step(work, request, "confirmation_answered", answer)

    @mutation
    async def RecordFulfilment(self, work: Work, request: rpc.RecordFulfilmentRequest) -> pb.Dispute:
        """Record fulfilment or default."""
        change = "defaulted" if request.defaulted else "fulfilled"

        def fulfil(dispute: pb.Dispute) -> date:
            return agreements.record_fulfilment(dispute, request.date, work.rules, defaulted=request.defaulted)

        return await _step(work, request, change, fulfil)

    @mutation
    async def RecordReturnVisit(self, work: Work, request: rpc.RecordReturnVisitRequest) -> pb.Dispute:
        """Record a return visit."""
        visit = request.return_visit
        return await _step(work, request, "visited", lambda d: agreements.record_visit(d, visit, work.rules))

    @mutation
    async def RecordEscalation(self, work: Work, request: rpc.RecordEscalationRequest) -> pb.Dispute:
        """Record what a dispute turned into."""
        what = request.escalation
        return await _step(work, request, "escalated", lambda d: escalation.escalate(d, what, work.rules))

    @mutation
    async def RecordPreventedEscalation(self, work: Work, request: rpc.RecordPreventedEscalationRequest) -> pb.Dispute:
        """Record what mediation prevented."""
        what = request.prevention
        return await _step(work, request, "escalation_prevented", lambda d: escalation.prevent(d, what, work.rules))

    @mutation
    async def SuspendLimit(self, work: Work, request: rpc.SuspendLimitRequest) -> pb.Dispute:
        """Stop the clock for closing."""
        on, why = request.from_date, request.ground
        return await _step(work, request, "limit_suspended", lambda d: clocks.suspend(d, on, why, work.rules))

    @mutation
    async def ResumeLimit(self, work: Work, request: rpc.ResumeLimitRequest) -> pb.Dispute:
        """Let the clock for closing run on."""
        on = request.to_date
        return await _step(work, request, "limit_resumed", lambda d: clocks.resume(d, on, work.rules))

    @mutation
    async def ExtendLimit(self, work: Work, request: rpc.ExtendLimitRequest) -> pb.Dispute:
        """Move the end of the limit for closing."""
        days = (request.agreed_date, request.extended_due_date)
        return await _step(work, request, "limit_extended", lambda d: clocks.extend(d, *days, work.rules))

    @mutation
    async def ReopenDispute(self, work: Work, request: rpc.ReopenDisputeRequest) -> pb.Dispute:
        """Open a closed dispute again."""
        on, why = request.reopened_date, request.reason
        return await _step(work, request, "reopened", lambda d: closing.reopen(d, on, why, work.rules))

    @mutation
    async def ImportDisputes(self, work: Work, request: rpc.ImportDisputesRequest) -> rpc.ImportDisputesResponse:
        """Take over rows, each with its sessions."""
        answer: Any = await import_rows(DISPUTE, rpc.ImportDisputesResponse.DESCRIPTOR, work, request)
        verdicts: list[import_pb2.RowVerdict] = list(answer.verdicts)
        await write_sessions(work, request.rows, verdicts)
        return answer  # type: ignore[no-any-return]

    async def ExportDisputes(self, request: rpc.ExportDisputesRequest, _context: Any = None) -> Any:
        """List disputes as rows to import again."""
        page, token = await read_page(self.store, DISPUTE, request)
        async with Work(self.store, current()) as work:
            sessions = await sessions_of(work, [dispute.name for dispute in page])
        rows = [row_of(dispute, sessions.get(dispute.name, ())) for dispute in page]
        return rpc.ExportDisputesResponse(rows=rows, next_page_token=token)

    async def RenderDocument(self, request: rpc.RenderDocumentRequest, _context: Any = None) -> Any:
        """Render a standard document."""
        dispute = await read_record(self.store, DISPUTE, request.name, request.purpose)
        document = await rendered(self.store, lambda work: documents.gather(work, dispute, request.document))
        return rpc.RenderDocumentResponse(document=document)

    async def GetFile(self, request: rpc.GetFileRequest, _context: Any = None) -> rpc.GetFileResponse:
        """List the papers of a dispute's file."""
        items = papers.file_items(await read_record(self.store, DISPUTE, request.name))
        return rpc.GetFileResponse(items=items, complete=papers.is_complete(items))


def _copy(dispute: pb.Dispute) -> pb.Dispute:
    before = pb.Dispute()
    before.CopyFrom(dispute)
    return before


def _where(request: Any) -> dict[str, str]:
    return {"committee": request.committee, "centre": request.centre}


@records(SESSION)
class SessionServicer(SessionServiceServicer):
    """Keeps sessions; its writes keep their disputes in step."""

    store: Store
